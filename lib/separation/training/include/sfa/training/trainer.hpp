// Trains the small separation network (separation/networks/band_unet.hpp) on batches of band sums.
//
// The loss is the error of each stem in decibels of the stem, as it is judged: log10 of the error's energy over an item,
// both of mid and side. Errors below `floor_db` of the mix are not worth more work, and keep silent stems from weighing
// without bound (after Heitkaemper et al., "Demystifying TasNet", ICASSP 2020, section 2.4, with the floor of Wisdom et
// al., "What's all the fuss about free universal sound separation data?", ICASSP 2021, equation 2). A share of the loss
// counts bands by the root of their level in the mix, since otherwise the bass would decide alone.
//
// AdamW (Loshchilov and Hutter, ICLR 2019), a warm-up and half a cosine, norms clipped, a running mean of the weights
// that is what is judged and kept.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sfa/separation/checkpoint.hpp"
#include "sfa/separation/network.hpp"
#include "sfa/training/examples.hpp"

namespace sfa::training {

struct TrainerOptions {
  std::int64_t steps = 10000;       // the length of the cosine
  std::int64_t warmup_steps = 100;
  double learning_rate = 2e-3;      // at its highest
  double weight_decay = 1e-2;
  double clip_norm = 1.0;
  double average = 0.999;           // how much of the running mean stays at each step
  double whitened = 0.3;            // share of the loss, 0 to 1
  double floor_db = -20.0;
  separation::Device device = separation::Device::automatic;
  separation::Precision precision = separation::Precision::automatic;  // of convolutions; weights stay float32
  int threads = 0;                  // 0: as many as there are cores
  std::uint64_t seed = 1;           // of the first weights
};

/// Energies over items and frames, of a stem each.
struct StemErrors {
  std::vector<double> error, power;
};

class Trainer {
 public:
  /// `arguments` are a BandUNet's, and say what is to be trained. Sets the threads that libtorch uses in this process.
  /// Throws as make_network() does.
  Trainer(const separation::ValueMap& arguments, const TrainerOptions& options);
  /// Tunes a trained network further. Throws Error::unsupported for one of another architecture.
  Trainer(const separation::Checkpoint& network, const TrainerOptions& options);
  Trainer(Trainer&&) noexcept;
  ~Trainer();

  [[nodiscard]] SampleRate rate() const;  // of the songs that it learns from
  [[nodiscard]] separation::BandTransformOptions transform() const;
  [[nodiscard]] const std::vector<std::string>& sources() const;
  [[nodiscard]] std::int64_t parameters() const;
  [[nodiscard]] std::int64_t step() const;  // how many have been made

  struct Report {
    double loss = 0.0;           // dB; 0 is what silence would score
    double gradient_norm = 0.0;  // before it is clipped
    double learning_rate = 0.0;
  };
  /// One step over all of `batches`, whose gradients are added up.
  Report learn(std::span<const Batch> batches);

  /// What the running mean of the weights misses.
  [[nodiscard]] StemErrors judge(const Batch& batch) const;

  /// The network as it is used: the running mean, half precision.
  [[nodiscard]] separation::Checkpoint network() const;

  /// All that learn() depends on, so that a trainer that takes it up again goes on as if it had never stopped.
  [[nodiscard]] separation::Checkpoint state() const;
  /// Throws Error::invalid_data for what is no state or a damaged one, Error::invalid_argument for that of a network
  /// with other arguments.
  void resume(const separation::Checkpoint& state);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::training
