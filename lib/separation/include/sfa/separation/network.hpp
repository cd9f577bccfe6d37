// A trained network, ready to run on stretches of sound: the Demucs family, built from a checkpoint's
// own arguments. What runs it, libtorch, is loaded at the first use (torch_runtime.hpp).
//   HTDemucs  Rouard, Massa and Défossez, "Hybrid Transformers for Music Source Separation", ICASSP 2023
//   HDemucs   Défossez, "Hybrid Spectrogram and Waveform Source Separation", MDX workshop 2021
//   Demucs    Défossez et al., "Music Source Separation in the Waveform Domain", 2019 (the version of 2021)
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace sfa::separation {

enum class Device { automatic, cpu, cuda };
enum class Precision {
  automatic,  // bfloat16 where the hardware multiplies it, else float32
  float32,
  bfloat16,   // matrix products and convolutions; sums, norms and spectra stay float32
};

struct NetworkSettings {
  Device device = Device::automatic;
  Precision precision = Precision::automatic;
  int threads = 0;  // 0: as many as there are cores
};

struct NetworkInfo {
  std::string architecture;          // "HTDemucs"
  std::vector<std::string> sources;  // the stems, in the order of run()'s
  SampleRate rate{};
  int channels = 0;
  Frames segment_frames = 0;   // what it was trained on, and for HTDemucs the most that it takes
  bool fixed_segment = false;  // HTDemucs: shorter stretches are padded to segment_frames, longer ones refused
  std::int64_t parameters = 0;
  Device device = Device::cpu;               // where it runs
  Precision precision = Precision::float32;  // and how
};

class Network {
 public:
  virtual ~Network() = default;
  [[nodiscard]] virtual const NetworkInfo& info() const = 0;

  /// How many frames a stretch of `frames` should have with what surrounds it, >= frames: the network
  /// then has no frames left over. Throws Error::invalid_argument for more than a fixed segment.
  [[nodiscard]] virtual Frames valid_length(Frames frames) const = 0;

  /// The stems of `mix`, which has info().channels and at least one frame, each of the shape of `mix`.
  /// `progress` is asked between layers. On the CPU, the same bits for the same samples.
  [[nodiscard]] virtual std::vector<AudioBuffer> run(const AudioView& mix, const Progress& progress) = 0;
};

/// Throws Error::unsupported for an architecture or arguments that this build does not know, where
/// libtorch is missing or has no such device; Error::invalid_data for tensors that are missing, of
/// the wrong shape, or not finite.
[[nodiscard]] std::unique_ptr<Network> make_network(const Checkpoint& checkpoint, const NetworkSettings& settings = {});

/// A network of this class and these arguments that was never trained, for tests and benchmarks: the
/// same seed gives the same weights. Throws as make_network() does.
[[nodiscard]] Checkpoint untrained_checkpoint(const std::string& architecture, const ValueMap& arguments, std::uint64_t seed);

}  // namespace sfa::separation
