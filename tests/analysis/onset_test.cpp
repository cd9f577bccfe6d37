#include "sfa/analysis/onset.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

TEST_CASE("onsets are found where notes set in, at any sample rate") {
  for (const int hz : {8000, 22050, 44100, 48000, 96000, 192000}) {
    CAPTURE(hz);
    const SampleRate rate{hz};
    const std::vector<double> times{0.1, 0.35, 0.613, 0.9, 1.5, 1.57, 2.0};
    auto samples = signals::silence(2.5, rate);
    for (const double time : times) signals::add_ping(samples, rate, time, 700.0, 0.4, 0.05);
    const auto found = onsets(AudioView(samples, rate));
    REQUIRE(found.size() == times.size());
    for (std::size_t i = 0; i < times.size(); ++i)
      CHECK(std::abs(found[i].time - times[i]) <= 0.011);
  }
}

TEST_CASE("a sound that is there from the first sample sets in at 0") {
  const SampleRate rate{44100};
  auto samples = signals::silence(1.0, rate);
  signals::add_ping(samples, rate, 0.0, 300.0, 0.5, 0.1);
  const auto found = onsets(AudioView(samples, rate));
  REQUIRE(found.size() == 1);
  CHECK(found[0].time <= 0.01);
}

TEST_CASE("silence, a single sample and a constant have no onsets but at their beginning") {
  const SampleRate rate{44100};
  CHECK(onsets(AudioView()).empty());
  CHECK(onsets(AudioView(signals::silence(2.0, rate), rate)).empty());
  CHECK(onsets(AudioView(std::vector<float>(1), rate)).empty());
  const std::vector<float> constant(44100, 0.5F);
  for (const auto& onset : onsets(AudioView(constant, rate))) CHECK(onset.time < 0.05);
}

TEST_CASE("higher sensitivity finds at least as many onsets") {
  const SampleRate rate{44100};
  auto samples = signals::noise(3.0, rate, 0.001);
  for (int i = 0; i < 12; ++i) signals::add_ping(samples, rate, 0.1 + 0.23 * i, 500.0, std::pow(0.6, i), 0.05);
  std::size_t before = 0;
  for (const double sensitivity : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const auto found = onsets(AudioView(samples, rate), {.sensitivity = sensitivity}).size();
    CHECK(found >= before);
    before = found;
  }
  CHECK(before >= 8);
}

TEST_CASE("onsets keep the minimum distance") {
  const SampleRate rate{44100};
  const auto samples = signals::clicks(4.0, rate, 600.0);
  const auto found = onsets(AudioView(samples, rate), {.minimum_distance = 0.25});
  for (std::size_t i = 1; i < found.size(); ++i) CHECK(found[i].time - found[i - 1].time >= 0.25);
  CHECK(found.size() >= 12);
}

TEST_CASE("every second frame of the detector is a frame of the band spectrogram, whatever the blocks") {
  const SampleRate rate{44100};
  const auto samples = signals::clicks(1.5, rate, 240.0);
  const auto whole = band_spectrogram(samples, rate);
  for (const std::size_t block : {1000UL, 70000UL}) {
    OnsetDetector detector(rate);
    std::vector<float> seen;
    const auto keep = [&](std::span<const float> row) { seen.insert(seen.end(), row.begin(), row.end()); };
    for (std::span<const float> rest(samples); !rest.empty(); rest = rest.subspan(std::min(block, rest.size())))
      detector.add(rest.first(std::min(block, rest.size())), keep);
    detector.finish(keep);
    CHECK(detector.bands() == whole.bands);
    CHECK(seen == whole.values);
    CHECK(detector.strength().size() == 300);
  }
}

TEST_CASE("options out of range are refused") {
  const std::vector<float> strength(10);
  CHECK_THROWS_AS((void)onsets(strength, {.sensitivity = 1.5}), Error);
  CHECK_THROWS_AS((void)onsets(strength, {.sensitivity = std::nan("")}), Error);
  CHECK_THROWS_AS((void)onsets(strength, {.minimum_distance = -1.0}), Error);
}
