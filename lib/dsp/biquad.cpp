#include "sfa/dsp/biquad.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

// The cookbook's intermediate variables.
struct Terms {
  double cos_w0;
  double alpha;
};

Terms terms(double frequency_hz, double q, SampleRate rate) {
  if (!(frequency_hz > 0.0 && frequency_hz < rate.hz / 2.0)) {
    throw Error(Error::Kind::invalid_argument,
                "filter frequency " + std::to_string(frequency_hz) + " Hz is not within 0 to half the sample rate");
  }
  if (!(q > 0.0) || !std::isfinite(q)) {
    throw Error(Error::Kind::invalid_argument, "filter Q " + std::to_string(q) + " is not above 0");
  }
  const double w0 = 2.0 * std::numbers::pi * frequency_hz / rate.hz;
  return {std::cos(w0), std::sin(w0) / (2.0 * q)};
}

BiquadCoefficients normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

double shelf_amplitude(double gain_db) {
  if (!std::isfinite(gain_db)) throw Error(Error::Kind::invalid_argument, "filter gain is not finite");
  return std::pow(10.0, gain_db / 40.0);
}

}  // namespace

BiquadCoefficients low_pass(double cutoff_hz, double q, SampleRate rate) {
  const auto [c, alpha] = terms(cutoff_hz, q, rate);
  return normalised((1 - c) / 2, 1 - c, (1 - c) / 2, 1 + alpha, -2 * c, 1 - alpha);
}

BiquadCoefficients high_pass(double cutoff_hz, double q, SampleRate rate) {
  const auto [c, alpha] = terms(cutoff_hz, q, rate);
  return normalised((1 + c) / 2, -(1 + c), (1 + c) / 2, 1 + alpha, -2 * c, 1 - alpha);
}

BiquadCoefficients band_pass(double centre_hz, double q, SampleRate rate) {
  const auto [c, alpha] = terms(centre_hz, q, rate);
  return normalised(alpha, 0, -alpha, 1 + alpha, -2 * c, 1 - alpha);
}

BiquadCoefficients notch(double centre_hz, double q, SampleRate rate) {
  const auto [c, alpha] = terms(centre_hz, q, rate);
  return normalised(1, -2 * c, 1, 1 + alpha, -2 * c, 1 - alpha);
}

BiquadCoefficients peaking(double centre_hz, double q, double gain_db, SampleRate rate) {
  const auto [c, alpha] = terms(centre_hz, q, rate);
  const double a = shelf_amplitude(gain_db);
  return normalised(1 + alpha * a, -2 * c, 1 - alpha * a, 1 + alpha / a, -2 * c, 1 - alpha / a);
}

BiquadCoefficients low_shelf(double corner_hz, double q, double gain_db, SampleRate rate) {
  const auto [c, alpha] = terms(corner_hz, q, rate);
  const double a = shelf_amplitude(gain_db);
  const double slope = 2 * std::sqrt(a) * alpha;
  return normalised(a * ((a + 1) - (a - 1) * c + slope), 2 * a * ((a - 1) - (a + 1) * c),
                    a * ((a + 1) - (a - 1) * c - slope), (a + 1) + (a - 1) * c + slope,
                    -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - slope);
}

BiquadCoefficients high_shelf(double corner_hz, double q, double gain_db, SampleRate rate) {
  const auto [c, alpha] = terms(corner_hz, q, rate);
  const double a = shelf_amplitude(gain_db);
  const double slope = 2 * std::sqrt(a) * alpha;
  return normalised(a * ((a + 1) + (a - 1) * c + slope), -2 * a * ((a - 1) + (a + 1) * c),
                    a * ((a + 1) + (a - 1) * c - slope), (a + 1) - (a - 1) * c + slope,
                    2 * ((a - 1) - (a + 1) * c), (a + 1) - (a - 1) * c - slope);
}

double magnitude(const BiquadCoefficients& f, double frequency_hz, SampleRate rate) {
  const auto z = std::polar(1.0, -2.0 * std::numbers::pi * frequency_hz / rate.hz);  // z^-1
  return std::abs((f.b0 + z * (f.b1 + z * f.b2)) / (1.0 + z * (f.a1 + z * f.a2)));
}

}  // namespace sfa::dsp
