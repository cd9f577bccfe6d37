#include "sfa/separation/band_transform.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

using Samples = std::vector<float>;

const BandTransformOptions small{.size_frames = 256, .hop_frames = 64, .bands = 32};
const std::vector<BandTransformOptions> shapes{
    {4096, 1024, 256, false}, {256, 64, 32, false}, {256, 32, 32, false}, {256, 128, 32, false},
    {2048, 512, 256, true},   {256, 64, 32, true},  {256, 32, 32, true},  {256, 128, 32, true}};

Samples noise(std::size_t size, std::uint64_t seed) {
  Random random(seed);
  Samples samples(size);
  for (auto& sample : samples) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return samples;
}

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// The spectrum as it is defined.
std::vector<std::complex<double>> transformed(const std::vector<double>& frame) {
  const auto size = frame.size();
  std::vector<std::complex<double>> bins(size / 2 + 1);
  for (std::size_t k = 0; k < bins.size(); ++k)
    for (std::size_t n = 0; n < size; ++n)
      bins[k] += frame[n] * std::polar(1.0, -2.0 * std::numbers::pi * static_cast<double>(k * n % size) / static_cast<double>(size));
  return bins;
}

std::vector<float> described(BandTransform& transform, const Samples& left, const Samples& right) {
  MidSide frame;
  BandSums sums;
  std::vector<float> features(index(transform.options().bands) * BandTransform::features);
  transform.analyze(left, right, frame);
  transform.sum_bands(frame, sums);
  transform.describe(sums, features);
  return features;
}

}  // namespace

TEST_CASE("the windows' products add up to 1, hop after hop") {
  for (const auto& options : shapes) {
    CAPTURE(options.size_frames);
    CAPTURE(options.hop_frames);
    CAPTURE(options.low_delay);
    const auto [analysis, synthesis] = window_pair(options);
    REQUIRE(analysis.size() == index(options.size_frames));
    for (int n = 0; n < options.hop_frames; ++n) {
      double sum = 0.0;
      for (int m = n; m < options.size_frames; m += options.hop_frames) sum += double{analysis[index(m)]} * synthesis[index(m)];
      CHECK(sum == doctest::Approx(1.0).epsilon(1e-6));
    }
  }
}

TEST_CASE("spectra without a mask give the sound back") {
  for (const auto& options : shapes) {
    CAPTURE(options.size_frames);
    CAPTURE(options.hop_frames);
    CAPTURE(options.low_delay);
    BandTransform transform(options);
    const auto size = index(options.size_frames), hop = index(options.hop_frames), length = 4 * size;
    const auto left = noise(length, 1), right = noise(length, 2);
    Samples left_again(length), right_again(length);
    MidSide frame;
    for (std::size_t at = 0; at + size <= length; at += hop) {
      transform.analyze({left.data() + at, size}, {right.data() + at, size}, frame);
      transform.synthesize(frame, {left_again.data() + at, size}, {right_again.data() + at, size});
    }
    double furthest = 0.0;  // where as many frames cover a sample as there should
    for (std::size_t n = size; n < length - size; ++n)
      furthest = std::max({furthest, std::abs(double{left[n]} - left_again[n]), std::abs(double{right[n]} - right_again[n])});
    CHECK(furthest < 1e-5);
  }
}

TEST_CASE("with low delay a frame sounds in its last two hops alone") {
  auto options = small;
  options.low_delay = true;
  BandTransform transform(options);
  const auto left = noise(256, 1), right = noise(256, 2);
  MidSide frame;
  transform.analyze(left, right, frame);
  Samples left_again(256), right_again(256);
  transform.synthesize(frame, left_again, right_again);
  for (std::size_t n = 0; n < 128; ++n) CHECK((left_again[n] == 0.0F && right_again[n] == 0.0F));
  CHECK(std::abs(left_again[200]) > 1e-3F);
}

TEST_CASE("mid and side hold the energy of left and right") {
  BandTransform transform(small);
  const auto left = noise(256, 1), right = noise(256, 2), silence = Samples(256);
  const auto energy = [&](const Samples& a, const Samples& b) {
    MidSide frame;
    BandSums sums;
    transform.analyze(a, b, frame);
    transform.sum_bands(frame, sums);
    double total = 0.0;
    for (std::size_t i = 0; i < sums.mid.size(); ++i) total += double{sums.mid[i]} + sums.side[i];
    return total;
  };
  CHECK(energy(left, right) == doctest::Approx(energy(left, silence) + energy(silence, right)).epsilon(1e-4));
}

TEST_CASE("features are those of the definition") {
  BandTransform transform(small);
  const auto left = noise(256, 3), right = noise(256, 4);
  const auto features = described(transform, left, right);

  std::vector<double> mid(256), side(256);
  for (std::size_t n = 0; n < 256; ++n) {
    const double hann = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / 256.0);
    mid[n] = hann * (double{left[n]} + right[n]) / std::numbers::sqrt2;
    side[n] = hann * (double{left[n]} - right[n]) / std::numbers::sqrt2;
  }
  const auto m = transformed(mid), s = transformed(side);
  const auto& layout = transform.layout();
  for (int b = 0; b < layout.bands(); ++b) {
    double mid_power = 0.0, side_power = 0.0;
    std::complex<double> cross;
    for (auto k = index(layout.begin(b)); k < index(layout.end(b)); ++k) {
      mid_power += std::norm(m[k]);
      side_power += std::norm(s[k]);
      cross += m[k] * std::conj(s[k]);
    }
    const double bins = layout.end(b) - layout.begin(b), full_scale = 256.0 / 4.0;
    const auto level = [&](double power) { return 10.0 * std::log10(power / (bins * full_scale * full_scale)) / 20.0 + 3.0; };
    const auto* own = features.data() + index(b) * BandTransform::features;
    CHECK(own[0] == doctest::Approx(level(mid_power)).epsilon(1e-4));
    CHECK(own[1] == doctest::Approx(level(side_power)).epsilon(1e-4));
    const auto coherence = 2.0 * cross / (mid_power + side_power);
    CHECK(std::abs(std::complex<double>(own[2], own[3]) - coherence) < 1e-4);
  }
}

TEST_CASE("a sine at full scale in both channels is at 0 dBFS, and 3 dB more in mid") {
  BandTransform transform(small);
  Samples sine(256);
  for (std::size_t n = 0; n < 256; ++n) sine[n] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 5.0 * static_cast<double>(n) / 256.0));
  const auto features = described(transform, sine, sine);
  REQUIRE(transform.layout().begin(5) == 5);  // a band of one bin
  CHECK(features[5 * BandTransform::features] == doctest::Approx(3.0 + std::log10(2.0) / 2.0).epsilon(1e-3));
  CHECK(features[5 * BandTransform::features + 1] == doctest::Approx(3.0 - 5.0));  // -100 dBFS for silence
}

TEST_CASE("exchanging the channels turns the coherence's sign and leaves the levels") {
  BandTransform transform(small);
  const auto left = noise(256, 5), right = noise(256, 6);
  const auto as_it_is = described(transform, left, right), exchanged = described(transform, right, left);
  for (std::size_t i = 0; i < as_it_is.size(); ++i) {
    const float sign = i % BandTransform::features < 2 ? 1.0F : -1.0F;
    CHECK(exchanged[i] == doctest::Approx(sign * as_it_is[i]));
  }
}

TEST_CASE("silence has finite features") {
  BandTransform transform(small);
  for (const float feature : described(transform, Samples(256), Samples(256))) CHECK(std::isfinite(feature));
}

TEST_CASE("each bin is multiplied by its band's mask") {
  BandTransform transform(small);
  MidSide frame, masked;
  transform.analyze(noise(256, 7), noise(256, 8), frame);
  Random random(9);
  Bins masks(64);
  for (auto& mask : masks) mask = {static_cast<float>(random.uniform()), static_cast<float>(random.uniform(-1.0, 1.0))};
  transform.mask(frame, masks, masked);
  for (int b = 0; b < 32; ++b)
    for (auto k = index(transform.layout().begin(b)); k < index(transform.layout().end(b)); ++k) {
      CHECK(std::abs(masked.mid[k] - frame.mid[k] * masks[index(2 * b)]) < 1e-5F);
      CHECK(std::abs(masked.side[k] - frame.side[k] * masks[index(2 * b + 1)]) < 1e-5F);
    }
}

TEST_CASE("transforms that do not fit together are refused") {
  for (const auto& options : std::vector<BandTransformOptions>{
           {256, 0, 32, false}, {256, 100, 32, false}, {256, 256, 32, false}, {255, 51, 32, false}, {256, 64, 1, false}, {256, 64, 130, false}})
    CHECK_THROWS_AS(BandTransform{options}, Error);
}
