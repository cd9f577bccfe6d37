// Second-order filter sections.
// Robert Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".
#pragma once
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

/// H(z) = (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2)
struct BiquadCoefficients {
  double b0 = 1.0, b1 = 0.0, b2 = 0.0, a1 = 0.0, a2 = 0.0;
};

/// cutoff_hz in (0, rate / 2), q > 0; throw Error::invalid_argument outside.
[[nodiscard]] BiquadCoefficients low_pass(double cutoff_hz, double q, SampleRate rate);
[[nodiscard]] BiquadCoefficients high_pass(double cutoff_hz, double q, SampleRate rate);
[[nodiscard]] BiquadCoefficients band_pass(double centre_hz, double q, SampleRate rate);  // 0 dB at the centre
[[nodiscard]] BiquadCoefficients notch(double centre_hz, double q, SampleRate rate);
[[nodiscard]] BiquadCoefficients peaking(double centre_hz, double q, double gain_db, SampleRate rate);
[[nodiscard]] BiquadCoefficients low_shelf(double corner_hz, double q, double gain_db, SampleRate rate);
[[nodiscard]] BiquadCoefficients high_shelf(double corner_hz, double q, double gain_db, SampleRate rate);

/// |H| at a frequency in [0, rate / 2].
[[nodiscard]] double magnitude(const BiquadCoefficients& filter, double frequency_hz, SampleRate rate);

/// One channel's filter, transposed direct form II with double state. Real-time safe.
class Biquad {
 public:
  explicit Biquad(const BiquadCoefficients& coefficients = {}) : c_(coefficients) {}
  void set(const BiquadCoefficients& coefficients) { c_ = coefficients; }
  void reset() { s1_ = s2_ = 0.0; }
  float process(float x) {
    const double y = c_.b0 * x + s1_;
    s1_ = c_.b1 * x - c_.a1 * y + s2_;
    s2_ = c_.b2 * x - c_.a2 * y;
    return static_cast<float>(y);
  }
  void process(std::span<float> samples) {
    for (auto& sample : samples) sample = process(sample);
  }

 private:
  BiquadCoefficients c_;
  double s1_ = 0.0, s2_ = 0.0;
};

}  // namespace sfa::dsp
