// A second-order filter whose cutoff may move at any speed: the trapezoidal state-variable filter.
// Zavalishin, "The art of VA filter design", 2012, chapter 4; in the form of Simper, "Solving the continuous SVF
// equations using trapezoidal integration and equivalent currents", Cytomic, 2013. Its state are the charges of two
// capacitors, which a change of the coefficients leaves alone, so that it neither clicks nor grows.
#pragma once
#include <cmath>
#include <numbers>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

enum class SvfKind { low_pass, high_pass, band_pass, notch };  // the band pass has 0 dB at its centre

/// As analogue filters have it, bent by the bilinear transform. With s = i tan(pi f / rate) / tan(pi cutoff / rate):
///
///   low 1 / (s^2 + s / q + 1)    high s^2 / (..)    band (s / q) / (..)    notch (s^2 + 1) / (..)
struct SvfCoefficients {
  float a1 = 1.0F, a2 = 0.0F, a3 = 0.0F;         // of the two integrators
  float m0 = 1.0F, m1 = 0.0F, m2 = 0.0F;         // of input, band and low in the output

  /// cutoff_hz is taken as at least 1 Hz and at most 0.49 of the rate, q as 0.1 to 100. Real-time safe.
  [[nodiscard]] static SvfCoefficients make(SvfKind kind, double cutoff_hz, double q, SampleRate rate) noexcept;
};

/// One channel. Real-time safe.
class StateVariableFilter {
 public:
  void reset() noexcept { ic1_ = ic2_ = 0.0F; }
  float process(float x, const SvfCoefficients& c) noexcept {
    const float v3 = x - ic2_;
    const float v1 = c.a1 * ic1_ + c.a2 * v3;
    const float v2 = ic2_ + c.a2 * ic1_ + c.a3 * v3;
    ic1_ = 2.0F * v1 - ic1_;
    ic2_ = 2.0F * v2 - ic2_;
    return c.m0 * x + c.m1 * v1 + c.m2 * v2;
  }
  void process(std::span<float> samples, const SvfCoefficients& c) noexcept {
    StateVariableFilter state = *this;  // in registers
    for (auto& sample : samples) sample = state.process(sample, c);
    *this = state;
  }
  /// Two channels of equal length at once, which takes little longer than one.
  static void process(StateVariableFilter& a, std::span<float> left, StateVariableFilter& b, std::span<float> right,
                      const SvfCoefficients& c) noexcept;

 private:
  float ic1_ = 0.0F, ic2_ = 0.0F;
};

}  // namespace sfa::dsp
