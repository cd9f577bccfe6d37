#include "sfa/dsp/biquad.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa::dsp;
using sfa::SampleRate;

namespace {

constexpr SampleRate rate{48000};

double db(double gain) { return 20.0 * std::log10(gain); }

// The analogue prototypes of the cookbook at the frequency that the bilinear transform, warped to
// meet at w0, maps to `frequency_hz`: s = j tan(w / 2) / tan(w0 / 2).
double warped(double frequency_hz, double centre_hz) {
  return std::tan(std::numbers::pi * frequency_hz / rate.hz) / std::tan(std::numbers::pi * centre_hz / rate.hz);
}

}  // namespace

TEST_CASE("magnitudes are those of the cookbook's analogue prototypes") {
  for (const double f0 : {50.0, 1000.0, 9000.0}) {
    for (const double q : {0.5, 0.70710678, 4.0}) {
      for (const double f : {20.0, 49.0, 500.0, 1000.0, 3000.0, 9000.0, 20000.0}) {
        CAPTURE(f0);
        CAPTURE(q);
        CAPTURE(f);
        const double w = warped(f, f0);
        const double denominator = std::hypot(1.0 - w * w, w / q);  // |s^2 + s/Q + 1|
        CHECK(magnitude(low_pass(f0, q, rate), f, rate) == doctest::Approx(1.0 / denominator).epsilon(1e-6));
        CHECK(magnitude(high_pass(f0, q, rate), f, rate) == doctest::Approx(w * w / denominator).epsilon(1e-6));
        CHECK(magnitude(band_pass(f0, q, rate), f, rate) == doctest::Approx(w / q / denominator).epsilon(1e-6));
        CHECK(magnitude(notch(f0, q, rate), f, rate) ==
              doctest::Approx(std::abs(1.0 - w * w) / denominator).epsilon(1e-6));
        for (const double gain_db : {-12.0, 6.0}) {
          const double a = std::pow(10.0, gain_db / 40.0);
          const double peak = std::hypot(1.0 - w * w, w * a / q) / std::hypot(1.0 - w * w, w / (a * q));
          CHECK(magnitude(peaking(f0, q, gain_db, rate), f, rate) == doctest::Approx(peak).epsilon(1e-6));
          const double slope = std::sqrt(a) / q * w;  // |s^2 + sqrt(A)/Q s + A| and |A s^2 + sqrt(A)/Q s + 1|
          const double low = a * std::hypot(a - w * w, slope) / std::hypot(1.0 - a * w * w, slope);
          CHECK(magnitude(low_shelf(f0, q, gain_db, rate), f, rate) == doctest::Approx(low).epsilon(1e-6));
          const double high = a * std::hypot(1.0 - a * w * w, slope) / std::hypot(a - w * w, slope);
          CHECK(magnitude(high_shelf(f0, q, gain_db, rate), f, rate) == doctest::Approx(high).epsilon(1e-6));
        }
      }
    }
  }
}

TEST_CASE("the marks that each filter is known by") {
  CHECK(db(magnitude(low_pass(1000, std::sqrt(0.5), rate), 1000, rate)) == doctest::Approx(-3.0103));
  CHECK(db(magnitude(high_pass(1000, std::sqrt(0.5), rate), 1000, rate)) == doctest::Approx(-3.0103));
  CHECK(magnitude(band_pass(1000, 2, rate), 1000, rate) == doctest::Approx(1.0));
  CHECK(magnitude(notch(1000, 2, rate), 1000, rate) < 1e-9);
  CHECK(db(magnitude(peaking(1000, 2, 9, rate), 1000, rate)) == doctest::Approx(9.0));
  CHECK(db(magnitude(low_shelf(1000, 1, 9, rate), 0, rate)) == doctest::Approx(9.0));
  CHECK(db(magnitude(high_shelf(1000, 1, -9, rate), 24000, rate)) == doctest::Approx(-9.0));
}

TEST_CASE("a filtered sine has the level that magnitude() foretells") {
  const auto coefficients = low_pass(2000, 1.5, rate);
  for (const double f : {200.0, 2000.0, 6000.0}) {
    auto signal = test::sine(f, rate.hz, 48000, 1.0);
    Biquad(coefficients).process(signal);
    double sum = 0.0;
    for (std::size_t n = 24000; n < 48000; ++n) sum += static_cast<double>(signal[n]) * signal[n];
    CHECK(std::sqrt(2.0 * sum / 24000.0) == doctest::Approx(magnitude(coefficients, f, rate)).epsilon(1e-4));
  }
}

TEST_CASE("reset forgets, and a filter without coefficients passes everything") {
  Biquad filter(low_pass(100, 0.7, rate));
  auto first = test::noise(100);
  auto second = first;
  filter.process(first);
  filter.reset();
  filter.process(second);
  CHECK(first == second);
  auto untouched = test::noise(100);
  Biquad().process(untouched);
  CHECK(untouched == test::noise(100));
}

TEST_CASE("frequencies outside 0 to Nyquist, Q of 0 and infinite gains are refused") {
  for (const double f : {0.0, -1.0, 24000.0, 1e9, std::nan("")}) CHECK_THROWS_AS((void)low_pass(f, 1, rate), sfa::Error);
  for (const double q : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS((void)notch(100, q, rate), sfa::Error);
  }
  CHECK_THROWS_AS((void)peaking(100, 1, std::numeric_limits<double>::infinity(), rate), sfa::Error);
}
