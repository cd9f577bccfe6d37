#include "sfa/analysis/features.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

const SampleRate rate{22050};

std::vector<float> noise(std::size_t count, double level = 0.3) {
  Random random(1);
  std::vector<float> samples(count);
  for (auto& sample : samples) sample = static_cast<float>(random.uniform(-level, level));
  return samples;
}

std::vector<Feature> found(std::span<const float> mono, FeatureOptions options, std::size_t block = 100000) {
  FeatureAnalyzer analyzer(rate, options);
  for (; !mono.empty(); mono = mono.subspan(std::min(block, mono.size())))
    analyzer.add(mono.first(std::min(block, mono.size())));
  return analyzer.finish();
}

std::string error_of(const FeatureOptions& options) {
  try {
    FeatureAnalyzer(rate, options);
  } catch (const Error& error) {
    return error.kind == Error::Kind::invalid_argument ? error.what() : "";
  }
  return "";
}

}  // namespace

TEST_CASE("a list of names is taken apart, and a wrong one is told with those there are") {
  CHECK(feature_names("mfcc,rms,mfcc") == std::vector<std::string>{"mfcc", "rms"});
  CHECK(feature_names("all").size() == feature_table().size());
  CHECK(feature_names("rms,all").front() == "rms");
  CHECK(feature_names("rms,all").size() == feature_table().size());
  for (const auto* bad : {"", "rms,", "loudness", "RMS", "rms mfcc"}) {
    try {
      (void)feature_names(bad);
      FAIL("taken: " << bad);
    } catch (const Error& error) {
      CHECK(error.kind == Error::Kind::invalid_argument);
      CHECK(std::string(error.what()).find("spectral_centroid, spectral_bandwidth") != std::string::npos);
    }
  }
}

TEST_CASE("there is a frame for every hop that begins, and for the begin, of every feature") {
  for (const std::size_t length : {1UL, 511UL, 512UL, 2047UL, 5000UL, 40959UL, 40960UL})
    for (const auto& feature : found(noise(length), {.names = feature_names("all"), .keep_values = true})) {
      CAPTURE(feature.name);
      CAPTURE(length);
      CHECK(feature.values.size() == (1 + length / 512) * static_cast<std::size_t>(feature.rows));
      CHECK(feature.statistics.size() == static_cast<std::size_t>(feature.rows));
      CHECK(feature.hop == doctest::Approx(512.0 / 22050));
    }
}

TEST_CASE("nothing has features without frames") {
  for (const auto& feature : found({}, {.names = feature_names("all"), .keep_values = true})) {
    CHECK(feature.values.empty());
    CHECK(feature.statistics.size() == static_cast<std::size_t>(feature.rows));
    CHECK(feature.statistics[0].maximum == 0.0);
  }
}

TEST_CASE("features are the same however the sound is cut into blocks, and the statistics are those of the values") {
  const auto mono = noise(30000);
  const FeatureOptions options{.names = feature_names("all"), .keep_values = true};
  const auto whole = found(mono, options), pieces = found(mono, options, 777);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CAPTURE(whole[i].name);
    CHECK(whole[i].values == pieces[i].values);
    const auto width = static_cast<std::size_t>(whole[i].rows);
    for (std::size_t row = 0; row < width; row += 5) {
      std::vector<double> values;
      for (std::size_t at = row; at < whole[i].values.size(); at += width) values.push_back(double{whole[i].values[at]});
      double sum = 0.0, squares = 0.0;
      for (const double value : values) sum += value;
      const double mean = sum / static_cast<double>(values.size());
      for (const double value : values) squares += (value - mean) * (value - mean);
      std::ranges::sort(values);
      const auto& statistics = whole[i].statistics[row];
      CHECK(statistics.mean == doctest::Approx(mean).epsilon(1e-9));
      CHECK(statistics.deviation == doctest::Approx(std::sqrt(squares / static_cast<double>(values.size()))).epsilon(1e-6));
      CHECK(statistics.minimum == values.front());
      CHECK(statistics.maximum == values.back());
      CHECK(statistics.median == (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2.0);
    }
  }
}

TEST_CASE("a sink gets every row in order, and values are kept only where they are asked for") {
  const auto mono = noise(20000);
  std::map<std::size_t, std::vector<float>> rows;
  FeatureAnalyzer analyzer(rate, {.names = {"mfcc", "rms", "tonnetz"}}, [&](std::size_t feature, auto row) {
    rows[feature].insert(rows[feature].end(), row.begin(), row.end());
  });
  const auto ahead = analyzer.features();
  REQUIRE(ahead.size() == 3);
  CHECK(ahead[0].name == "mfcc");
  CHECK(ahead[0].rows == 13);
  CHECK(ahead[2].rows == 6);
  analyzer.add(mono);
  const auto streamed = analyzer.finish();
  const auto kept = found(mono, {.names = {"mfcc", "rms", "tonnetz"}, .keep_values = true});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(streamed[i].values.empty());
    CHECK(rows[i] == kept[i].values);
  }
}

TEST_CASE("silence has no colour, pitch or pulse") {
  std::map<std::string, Feature> features;
  for (auto& feature : found(std::vector<float>(30000), {.names = feature_names("all")})) features[feature.name] = feature;
  for (const auto& [name, feature] : features)
    for (const auto& row : feature.statistics) {
      CAPTURE(name);
      const double value = name == "spectral_flatness" ? 1.0 : 0.0;
      if (name == "mfcc") continue;
      CHECK(row.minimum == value);
      CHECK(row.maximum == value);
    }
  // 128 bands at -100 dB, by an orthonormal transform.
  CHECK(features["mfcc"].statistics[0].mean == doctest::Approx(-100.0 * std::sqrt(128.0)));
  CHECK(std::abs(features["mfcc"].statistics[1].mean) < 1e-3);
}

TEST_CASE("levels count from the loudest of the whole, of long sounds from the loudest so far") {
  // Faint noise, then a click. Nothing before it lies more than 80 dB below it, if it comes in the first 65536 frames.
  const auto levels = [](std::size_t seconds) {
    auto mono = noise(22050 * seconds, 1e-6);
    mono.insert(mono.end(), {1.0F, -1.0F});
    mono.resize(mono.size() + 4096);
    return found(mono, {.names = {"mfcc"}, .hop_frames = 64, .mfcc = 1}).front().statistics.front();
  };
  const auto shortly = levels(2), late = levels(195);
  CHECK(shortly.minimum > -100.0 * std::sqrt(128.0) + 100.0);
  CHECK(late.minimum == doctest::Approx(-100.0 * std::sqrt(128.0)).epsilon(1e-3));
  CHECK(late.maximum == doctest::Approx(shortly.maximum).epsilon(0.02));  // the click lies elsewhere in its frame
}

TEST_CASE("the hop and the number of MFCC are as asked for") {
  const auto features = found(noise(20480), {.names = {"mfcc", "chroma_cqt"}, .hop_frames = 128, .mfcc = 40, .keep_values = true});
  CHECK(features[0].rows == 40);
  CHECK(features[0].hop == doctest::Approx(128.0 / 22050));
  for (const auto& feature : features)
    CHECK(feature.values.size() == 161 * static_cast<std::size_t>(feature.rows));
}

TEST_CASE("at low and high rates what fits is found") {
  for (const int hz : {8000, 11025, 192000}) {
    FeatureAnalyzer analyzer({hz}, {.names = feature_names("all")});
    analyzer.add(noise(static_cast<std::size_t>(hz)));
    for (const auto& feature : analyzer.finish()) {
      const bool is_narrow = feature.name == "spectral_contrast" && hz < 12800;
      if (feature.name == "spectral_contrast") CHECK(feature.rows == (is_narrow ? 6 : 7));
      for (const auto& row : feature.statistics) CHECK(std::isfinite(row.mean + row.deviation + row.median));
    }
  }
}

TEST_CASE("options outside their ranges are refused") {
  CHECK(error_of({.names = {"none"}}).find("none") != std::string::npos);
  CHECK(!error_of({.names = {"all"}}).empty());
  CHECK(!error_of({.names = {"rms", "rms"}}).empty());
  for (const int hop : {0, -1, 2049}) CHECK(!error_of({.names = {"rms"}, .hop_frames = hop}).empty());
  CHECK(!error_of({.names = {"tonnetz"}, .hop_frames = 100}).empty());
  CHECK(error_of({.names = {"rms"}, .hop_frames = 100}).empty());
  for (const int mfcc : {0, 129}) CHECK(!error_of({.names = {"mfcc"}, .mfcc = mfcc}).empty());
  for (const double cents : {-51.0, 51.0, std::nan("")}) CHECK(!error_of({.names = {"rms"}, .tuning_cents = cents}).empty());
}
