// Against librosa's numbers: see tests/fixtures/analysis/make_features.py.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <numbers>
#include <sstream>
#include <string>
#include <vector>

#include "sfa/analysis/features.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

/// make_features.py's sound().
std::vector<float> sound(int rate) {
  std::vector<float> samples(static_cast<std::size_t>(rate) * 5 / 2 + 137);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) / rate, turn = 2.0 * std::numbers::pi;
    state = 1664525U * state + 1013904223U;
    const double noise = static_cast<double>(state) / 2147483648.0 - 1.0;
    double y = 0.02 * noise;
    for (const int midi : {57, 60, 64, 69}) {
      const double hz = 440.0 * std::exp2((midi - 69 + 0.21) / 12.0);
      for (const int harmonic : {1, 2, 3}) y += 0.08 / harmonic * std::sin(turn * hz * harmonic * t);
    }
    y += 0.05 * std::sin(turn * (100.0 + 900.0 * t) * t);
    y += 0.5 * noise * std::exp(-60.0 * std::fmod(t, 0.37));
    samples[i] = static_cast<float>(t >= 1.6 && t < 2.0 ? 1e-5 * y : y);
  }
  return samples;
}

/// What 1e-3 is a thousandth of: the value itself, or 1 where values lie around that and may be near 0.
double scale(const std::string& name, double value) {
  for (const auto* around_one : {"mfcc", "spectral_contrast", "onset_strength", "tempogram", "chroma_stft",
                                 "chroma_cqt", "tonnetz"})
    if (name == around_one) return std::max(1.0, std::abs(value));
  return std::abs(value);
}

void check_against(const std::string& file, int rate, FeatureOptions options) {
  std::ifstream lines(SFA_SOURCE_DIR "/tests/fixtures/analysis/" + file);
  REQUIRE(lines);
  options.names = feature_names("all");
  options.mfcc = 40;
  options.keep_values = true;
  FeatureAnalyzer analyzer({rate}, options);
  analyzer.add(sound(rate));
  std::map<std::string, Feature> found;
  for (auto& feature : analyzer.finish()) found.emplace(feature.name, feature);

  std::vector<std::size_t> listed;
  std::size_t count = 0;
  std::map<std::string, int> rows_seen;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, colon;
    words >> name;
    if (name == "frames") {
      words >> count;
      for (std::size_t frame = 0; words >> frame;) listed.push_back(frame);
      continue;
    }
    std::size_t row = 0;
    Statistics wanted;
    words >> row >> wanted.mean >> wanted.deviation >> wanted.minimum >> wanted.maximum >> wanted.median >> colon;
    const auto& feature = found.at(name);
    const auto width = static_cast<std::size_t>(feature.rows);
    CAPTURE(name);
    CAPTURE(row);
    REQUIRE(row < width);
    REQUIRE(feature.values.size() == count * width);
    const auto close = [&](double value, double expected) {
      return std::abs(value - expected) <= 1e-3 * scale(name, expected);
    };
    const auto& statistics = feature.statistics[row];
    CHECK(close(statistics.mean, wanted.mean));
    CHECK(close(statistics.deviation, wanted.deviation));
    CHECK(close(statistics.minimum, wanted.minimum));
    CHECK(close(statistics.maximum, wanted.maximum));
    CHECK(close(statistics.median, wanted.median));
    for (const auto frame : listed) {
      double expected = 0.0;
      REQUIRE(static_cast<bool>(words >> expected));
      CAPTURE(frame);
      CHECK(close(double{feature.values[frame * width + row]}, expected));
    }
    ++rows_seen[name];
  }
  CHECK(rows_seen.size() == found.size());
}

}  // namespace

TEST_CASE("every feature has librosa's numbers for its default arguments") {
  check_against("features_slaney.txt", 44100, {});
}

TEST_CASE("and so on the HTK mel scale, at another rate, with the tuning given") {
  check_against("features_htk.txt", 32000, {.mel_scale = MelScale::htk, .tuning_cents = -30.0});
}
