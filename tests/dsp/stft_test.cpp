#include "sfa/dsp/stft.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa::dsp;

namespace {

double worst_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max<double>(worst, std::abs(a[i] - b[i]));
  return worst;
}

std::vector<float> round_trip(const std::vector<float>& signal, const StftOptions& options) {
  return istft(stft(signal, options), options, static_cast<sfa::Frames>(signal.size()));
}

}  // namespace

TEST_CASE("an unchanged spectrum gives back the signal for any window, size and hop up to half the size") {
  for (const auto window : {Window::rectangular, Window::hann, Window::hamming, Window::blackman}) {
    for (const int size : {2, 16, 100, 1024}) {
      for (const int hop : {1, 3, size / 8, size / 4, size / 3, size / 2}) {
        if (hop < 1 || hop > size / 2 || (hop < 3 && size > 100)) continue;
        for (const std::size_t length : {1U, 2U, 17U, 1000U, 2049U}) {
          const StftOptions options{size, hop, window};
          CAPTURE(size);
          CAPTURE(hop);
          CAPTURE(length);
          CHECK(worst_difference(round_trip(test::noise(length), options), test::noise(length)) < 1e-5);
        }
      }
    }
  }
}

TEST_CASE("hops up to the size give back the signal where a window reaches") {
  const auto signal = test::noise(5000);
  for (const int hop : {513, 700, 1001, 1023, 1024}) {
    CAPTURE(hop);
    CHECK(worst_difference(round_trip(signal, {1024, hop, Window::hamming}), signal) < 1e-5);
    CHECK(worst_difference(round_trip(signal, {1024, hop, Window::rectangular}), signal) < 1e-5);
    const auto hann = round_trip(signal, {1024, hop, Window::hann});
    for (std::size_t i = 0; i < signal.size(); ++i) {
      REQUIRE((std::abs(hann[i] - signal[i]) < 2e-3F || hann[i] == 0.0F));
    }
  }
}

TEST_CASE("the only samples lost are those between rows at hop == size, as documented") {
  const std::vector<float> ones(4096, 1.0F);
  const auto back = round_trip(ones, {1024, 1024, Window::hann});
  for (std::size_t i = 0; i < ones.size(); ++i) {
    const auto from_middle = static_cast<int>(i % 1024) - 512;
    if (std::abs(from_middle) > 3) REQUIRE(std::abs(back[i] - 1.0F) < 2e-3F);
  }
  CHECK(back[512] == 0.0F);
}

TEST_CASE("rows stand on every hop, and a sinusoid on a bin has its peak there") {
  const auto signal = test::sine(44100.0 * 64 / 1024, 44100, 10000, 1.0);
  const StftOptions options{1024, 256, Window::hann};
  const auto spectrum = stft(signal, options);
  CHECK(spectrum.frames == 41);  // ceil(10000 / 256) + 1
  CHECK(spectrum.bins == 513);
  for (sfa::Frames row = 2; row < 38; ++row) {
    // A hann window of 1024 sums to 512; a sinusoid of amplitude 1 shows half of that, 256.
    CHECK(std::abs(spectrum.row(row)[64]) == doctest::Approx(256.0).epsilon(1e-4));
    CHECK(std::abs(spectrum.row(row)[70]) < 1e-2);
  }
}

TEST_CASE("an impulse on a hop shows in its row with the window's maximum, flat over frequency") {
  std::vector<float> signal(2000);
  signal[768] = 1.0F;
  const auto spectrum = stft(signal, {512, 256, Window::hann});
  for (const auto& value : spectrum.row(3)) CHECK(std::abs(value) == doctest::Approx(1.0).epsilon(1e-5));
  for (const auto& value : spectrum.row(0)) CHECK(std::abs(value) == 0.0F);
}

TEST_CASE("the reader sees the magnitudes of the whole transform") {
  const auto signal = test::noise(3001);
  const StftOptions options{256, 77, Window::blackman};
  const auto spectrum = stft(signal, options);
  StftReader reader(signal, options);
  REQUIRE(reader.frames() == spectrum.frames);
  REQUIRE(reader.bins() == spectrum.bins);
  std::vector<float> row(static_cast<std::size_t>(reader.bins()));
  for (sfa::Frames frame = reader.frames() - 1; frame >= 0; --frame) {
    reader.magnitudes(frame, row);
    for (std::size_t k = 0; k < row.size(); ++k) {
      REQUIRE(row[k] == doctest::Approx(std::abs(spectrum.row(frame)[k])).epsilon(1e-5));
    }
  }
  CHECK_THROWS_AS(reader.magnitudes(reader.frames(), row), sfa::Error);
  CHECK_THROWS_AS(reader.magnitudes(-1, row), sfa::Error);
}

TEST_CASE("an empty signal has no frames") {
  CHECK(stft({}, {}).frames == 0);
  CHECK(istft(stft({}, {}), {}, 0).empty());
  CHECK(StftReader({}, {}).frames() == 0);
}

TEST_CASE("options out of range and spectra of another shape are refused") {
  const std::vector<float> signal(100);
  for (const StftOptions options : {StftOptions{0, 1}, {7, 1}, {8, 0}, {8, -1}, {8, 9}, {-8, 1}}) {
    CHECK_THROWS_AS((void)stft(signal, options), sfa::Error);
    CHECK_THROWS_AS(StftReader(signal, options), sfa::Error);
  }
  const auto spectrum = stft(signal, {8, 4});
  CHECK_THROWS_AS((void)istft(spectrum, {8, 4}, 200), sfa::Error);
  CHECK_THROWS_AS((void)istft(spectrum, {16, 4}, 100), sfa::Error);
  CHECK_THROWS_AS((void)istft(spectrum, {8, 4}, -1), sfa::Error);
}
