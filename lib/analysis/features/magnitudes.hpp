// The magnitude spectrum of one window.
#pragma once
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "sfa/dsp/precise_fft.hpp"

namespace sfa::analysis {

class Magnitudes {
 public:
  explicit Magnitudes(int size_frames)
      : fft_(size_frames), magnitudes_(static_cast<std::size_t>(fft_.bins())), power_(magnitudes_.size()) {
    for (int i = 0; i < size_frames; ++i)  // Hann, as dsp::make_window has it in single precision
      window_.push_back(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * i / size_frames));
  }

  /// Of `samples`, by a Hann window. magnitudes() and power() are of the last.
  void compute(std::span<const float> samples) {
    const auto time = fft_.time();
    for (std::size_t i = 0; i < time.size(); ++i) time[i] = double{samples[i]} * window_[i];
    const auto spectrum = fft_.transform();
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      // Rounded here and there as librosa's are, so that ties come out alike.
      const double re = static_cast<float>(spectrum[k].real()), im = static_cast<float>(spectrum[k].imag());
      magnitudes_[k] = static_cast<float>(std::sqrt(re * re + im * im));
      power_[k] = magnitudes_[k] * magnitudes_[k];
    }
  }

  [[nodiscard]] std::span<const float> magnitudes() const { return magnitudes_; }
  [[nodiscard]] std::span<const float> power() const { return power_; }

 private:
  dsp::PreciseFft fft_;
  std::vector<double> window_;
  std::vector<float> magnitudes_, power_;
};

}  // namespace sfa::analysis
