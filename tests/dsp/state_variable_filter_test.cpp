#include "sfa/dsp/state_variable_filter.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "dsp/signals.hpp"
#include "sfa/dsp/biquad.hpp"

using namespace sfa;
using namespace sfa::dsp;

namespace {

constexpr SampleRate rate{48000};
constexpr double pi = std::numbers::pi;

/// The transfer function of the analogue filter at the place that the bilinear transform puts it to.
double analogue(SvfKind kind, double cutoff, double q, double hz) {
  const std::complex<double> s(0.0, std::tan(pi * hz / rate.hz) / std::tan(pi * cutoff / rate.hz));
  const auto below = s * s + s / q + 1.0;
  switch (kind) {
    case SvfKind::low_pass: return std::abs(1.0 / below);
    case SvfKind::high_pass: return std::abs(s * s / below);
    case SvfKind::band_pass: return std::abs((s / q) / below);
    case SvfKind::notch: break;
  }
  return std::abs((s * s + 1.0) / below);
}

/// The transform of what the filter makes of an impulse.
double measured(const SvfCoefficients& coefficients, double hz) {
  std::vector<float> impulse(60000);
  impulse[0] = 1.0F;
  StateVariableFilter filter;
  filter.process(impulse, coefficients);
  std::complex<double> sum;
  for (std::size_t i = 0; i < impulse.size(); ++i)
    sum += static_cast<double>(impulse[i]) * std::polar(1.0, -2.0 * pi * hz * static_cast<double>(i) / rate.hz);
  return std::abs(sum);
}

}  // namespace

TEST_CASE("the response is the analogue one, for every kind, cutoff and resonance") {
  for (const auto kind : {SvfKind::low_pass, SvfKind::high_pass, SvfKind::band_pass, SvfKind::notch}) {
    for (const double cutoff : {60.0, 1000.0, 12000.0}) {
      for (const double q : {0.5, std::numbers::sqrt2 / 2.0, 8.0}) {
        const auto coefficients = SvfCoefficients::make(kind, cutoff, q, rate);
        for (const double hz : {30.0, 59.0, 440.0, 1000.0, 5000.0, 11000.0, 20000.0}) {
          CAPTURE(static_cast<int>(kind));
          CAPTURE(cutoff);
          CAPTURE(q);
          CAPTURE(hz);
          const double wanted = analogue(kind, cutoff, q, hz);
          CHECK(std::abs(measured(coefficients, hz) - wanted) < 1e-4 + 1e-3 * wanted);
        }
      }
    }
  }
}

TEST_CASE("the cookbook's biquads are the same filters") {
  const auto noise = test::noise(5000);
  auto a = noise, b = noise;
  StateVariableFilter filter;
  filter.process(a, SvfCoefficients::make(SvfKind::low_pass, 700.0, 2.0, rate));
  Biquad(low_pass(700.0, 2.0, rate)).process(b);
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i] == doctest::Approx(b[i]).epsilon(1e-3).scale(0.1));
}

TEST_CASE("however wildly the cutoff moves, nothing grows: without input the output dies away") {
  Random random(9);
  StateVariableFilter filter;
  const auto noise = test::noise(20000);
  float highest = 0.0F;
  const auto any = [&] {
    return SvfCoefficients::make(SvfKind::low_pass, 20.0 * std::pow(1000.0, random.uniform()), random.uniform(0.5, 10.0), rate);
  };
  for (const float sample : noise) highest = std::max(highest, std::abs(filter.process(sample, any())));
  CHECK(highest < 10.0F);
  float late = 0.0F;
  for (int i = 0; i < 48000; ++i) {
    const float out = std::abs(filter.process(0.0F, any()));
    if (i > 40000) late = std::max(late, out);
  }
  CHECK(late < 1e-6F);
}

TEST_CASE("a jump of the cutoff in a steady tone below it makes no click") {
  // 50 Hz through a low pass that jumps between 5 and 10 kHz: a straight line of slope 2 pi 50 / 48000 and little more.
  StateVariableFilter filter;
  const auto low = SvfCoefficients::make(SvfKind::low_pass, 5000.0, 0.7, rate);
  const auto high = SvfCoefficients::make(SvfKind::low_pass, 10000.0, 0.7, rate);
  const auto tone = test::sine(50.0, rate.hz, 20000, 1.0);
  float before = 0.0F, largest = 0.0F;
  for (std::size_t i = 0; i < tone.size(); ++i) {
    const float now = filter.process(tone[i], i / 480 % 2 == 0 ? low : high);
    if (i > 100) largest = std::max(largest, std::abs(now - before));
    before = now;
  }
  CHECK(largest < 2.0F * 2.0F * static_cast<float>(pi) * 50.0F / 48000.0F);
}

TEST_CASE("two channels at once are what each is alone; a cutoff out of range is taken as the nearest in it") {
  const auto coefficients = SvfCoefficients::make(SvfKind::band_pass, 300.0, 3.0, rate);
  auto a = test::noise(777, 1), b = test::noise(777, 2), c = a, d = b;
  StateVariableFilter w, x, y, z;
  StateVariableFilter::process(w, a, x, b, coefficients);
  y.process(c, coefficients);
  z.process(d, coefficients);
  CHECK(a == c);
  CHECK(b == d);
  CHECK(SvfCoefficients::make(SvfKind::low_pass, 1e9, 1.0, rate).a1 == SvfCoefficients::make(SvfKind::low_pass, 0.49 * 48000, 1.0, rate).a1);
}
