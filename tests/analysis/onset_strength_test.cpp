#include "sfa/analysis/onset_strength.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

TEST_CASE("flux is the rise over the lag, after the maximum of the neighbours then") {
  // Four bands; worked by hand from equations 3 to 5 of Böck and Widmer 2013.
  const BandSpectrogram bands{.bands = 4, .frames = 4, .values = {0, 0, 0, 0,  //
                                                                   1, 0, 0, 0,  //
                                                                   1, 3, 0, 0,  //
                                                                   0, 1, 5, 1}};
  CHECK(onset_strength(bands, {.lag_frames = 1, .max_filter_bins = 3}) == std::vector<float>{0, 1, 2, 3});
  CHECK(onset_strength(bands, {.lag_frames = 1, .max_filter_bins = 1}) == std::vector<float>{0, 1, 3, 6});
  CHECK(onset_strength(bands, {.lag_frames = 2, .max_filter_bins = 3}) == std::vector<float>{0, 1, 4, 6});
}

TEST_CASE("a steady tone has no strength after it has set in, and one with vibrato little") {
  const SampleRate rate{44100};
  const auto steady = onset_strength(band_spectrogram(signals::sine(1.0, rate, 440.0, 0.5), rate));
  for (std::size_t i = 10; i < 95; ++i) CHECK(steady[i] < 0.05F);

  auto vibrato = signals::silence(1.0, rate);
  double phase = 0.0;
  for (std::size_t i = 0; i < vibrato.size(); ++i) {
    const double t = static_cast<double>(i) / rate.hz;
    phase += 2.0 * std::numbers::pi * 880.0 * (1.0 + 0.01 * std::sin(2.0 * std::numbers::pi * 6.0 * t)) / rate.hz;
    vibrato[i] = static_cast<float>(0.5 * std::sin(phase));
  }
  const auto bands = band_spectrogram(vibrato, rate);
  const auto plain = onset_strength(bands, {.max_filter_bins = 1}), filtered = onset_strength(bands);
  float plain_sum = 0.0F, filtered_sum = 0.0F;
  for (std::size_t i = 10; i < 95; ++i) plain_sum += plain[i], filtered_sum += filtered[i];
  CHECK(filtered_sum < 0.5F * plain_sum);
}

TEST_CASE("a tone that is cut off at the end of the signal does not set in there") {
  const SampleRate rate{44100};
  auto strength = onset_strength(band_spectrogram(signals::sine(1.003, rate, 440.0, 0.5), rate));
  forget_end(strength);
  for (std::size_t i = 10; i < strength.size(); ++i) CHECK(strength[i] < 0.2F);
  std::vector<float> two{1.0F, 2.0F};
  forget_end(two);
  CHECK(two == std::vector<float>{1.0F, 2.0F});
}

TEST_CASE("options out of range are refused") {
  CHECK_THROWS_AS(BandFlux(4, {.lag_frames = 0}), Error);
  CHECK_THROWS_AS(BandFlux(4, {.max_filter_bins = 2}), Error);
  CHECK_THROWS_AS(BandFlux(0), Error);
  CHECK(onset_strength({}).empty());
}
