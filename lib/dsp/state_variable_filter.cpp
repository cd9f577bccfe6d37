#include "sfa/dsp/state_variable_filter.hpp"

#include <algorithm>

namespace sfa::dsp {

SvfCoefficients SvfCoefficients::make(SvfKind kind, double cutoff_hz, double q, SampleRate rate) noexcept {
  const double cutoff = std::clamp(cutoff_hz, 1.0, 0.49 * rate.hz);
  const double g = std::tan(std::numbers::pi * cutoff / rate.hz);
  const double k = 1.0 / std::clamp(q, 0.1, 100.0);
  const double a1 = 1.0 / (1.0 + g * (g + k));
  SvfCoefficients c;
  c.a1 = static_cast<float>(a1);
  c.a2 = static_cast<float>(g * a1);
  c.a3 = static_cast<float>(g * g * a1);
  const auto mix = [&](double input, double band, double low) {
    c.m0 = static_cast<float>(input);
    c.m1 = static_cast<float>(band);
    c.m2 = static_cast<float>(low);
  };
  switch (kind) {
    case SvfKind::low_pass: mix(0.0, 0.0, 1.0); break;
    case SvfKind::high_pass: mix(1.0, -k, -1.0); break;
    case SvfKind::band_pass: mix(0.0, k, 0.0); break;
    case SvfKind::notch: mix(1.0, -k, 0.0); break;
  }
  return c;
}

void StateVariableFilter::process(StateVariableFilter& a, std::span<float> left, StateVariableFilter& b,
                                  std::span<float> right, const SvfCoefficients& c) noexcept {
  StateVariableFilter first = a, second = b;
  for (std::size_t i = 0; i < left.size(); ++i) {
    left[i] = first.process(left[i], c);
    right[i] = second.process(right[i], c);
  }
  a = first;
  b = second;
}

}  // namespace sfa::dsp
