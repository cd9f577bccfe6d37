// Short-time Fourier transform and its inverse by weighted overlap-add.
// Griffin and Lim, "Signal estimation from modified short-time Fourier transform", IEEE Trans.
// ASSP 32(2), 1984, equation 6: the inverse divides by the sum of the squared windows, so that
// an unchanged spectrum gives back the signal for any window and any hop up to its length.
#pragma once
#include <complex>
#include <memory>
#include <span>
#include <vector>

#include "sfa/audio/units.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::dsp {

struct StftOptions {
  int size_frames = 2048;       // window and transform, even, >= 2
  int hop_frames = 512;         // 1 .. size_frames
  Window window = Window::hann;
};

/// Frame-major: `frames` rows of `bins` values. Row i is centred on sample i * hop; the signal is
/// taken as zero outside itself. frames = ceil(length / hop) + 1, so that every sample is covered.
struct Spectrum {
  int bins = 0;
  Frames frames = 0;
  std::vector<std::complex<float>> values;

  [[nodiscard]] std::span<std::complex<float>> row(Frames frame) {
    return {values.data() + frame * bins, static_cast<std::size_t>(bins)};
  }
  [[nodiscard]] std::span<const std::complex<float>> row(Frames frame) const {
    return {values.data() + frame * bins, static_cast<std::size_t>(bins)};
  }
};

/// Throws Error::invalid_argument outside the ranges of `options`. An empty signal gives no frames.
[[nodiscard]] Spectrum stft(std::span<const float> signal, const StftOptions& options);

/// `length` samples, the least-squares signal for `spectrum`, which must have been shaped by
/// stft() with the same options for that length. Throws Error::invalid_argument if it was not.
/// A sample that every window weighs with less than 1e-4 comes out as 0: of the documented windows
/// only hann and blackman have such samples, half-way between rows at hops near the window's size.
[[nodiscard]] std::vector<float> istft(const Spectrum& spectrum, const StftOptions& options, Frames length);

/// Reads single rows of the transform of `signal`, which must outlive it. One thread at a time.
class StftReader {
 public:
  StftReader(std::span<const float> signal, const StftOptions& options);
  ~StftReader();
  [[nodiscard]] Frames frames() const;
  [[nodiscard]] int bins() const;
  /// |X| of row `frame`, 0 <= frame < frames(), into bins() values.
  void magnitudes(Frames frame, std::span<float> out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::dsp
