#include "sfa/analysis/stem_quality.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

namespace analysis = sfa::analysis;
namespace signals = sfa::analysis::signals;
using analysis::StemQuality;
using sfa::AudioView;
using sfa::SampleRate;

namespace {

constexpr SampleRate rate{16000};
using Stems = std::vector<std::vector<float>>;

std::vector<StemQuality> judge(const Stems& stems, std::size_t block = 5000) {
  std::vector<std::string> names;
  for (std::size_t s = 0; s < stems.size(); ++s) names.push_back("stem " + std::to_string(s));
  analysis::StemQualityMeter meter(rate, 1, names);
  for (std::size_t i = 0; i < stems[0].size(); i += block) {
    std::vector<AudioView> views;
    for (const auto& stem : stems)
      views.emplace_back(std::span(stem).subspan(i, std::min(block, stem.size() - i)), rate);
    meter.add(views);
  }
  return meter.finish();
}

/// Noise of a mean power of 1 x amplitude^2 / 3 that swells and fades, as music does.
std::vector<float> swelling(double seconds, std::uint64_t seed, double period) {
  auto samples = signals::noise(seconds, rate, 0.5, seed);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] *= static_cast<float>(
        0.55 + 0.45 * std::sin(2.0 * std::numbers::pi * static_cast<double>(i) / rate.hz / period));
  return samples;
}

std::vector<float> mixed(std::vector<float> a, const std::vector<float>& b, double gain) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += static_cast<float>(gain) * b[i];
  return a;
}

}  // namespace

TEST_CASE("independent stems leak next to nothing") {
  for (const auto& stem : judge({swelling(30.0, 1, 3.1), swelling(30.0, 2, 4.7), swelling(30.0, 3, 2.3)})) {
    CHECK(stem.leakage_db < -32.0);
    CHECK(stem.quality == doctest::Approx(1.0));
    CHECK(stem.worth_looping);
  }
}

TEST_CASE("what of another stem was mixed in is found, and in which") {
  const auto a = swelling(30.0, 1, 3.1), b = swelling(30.0, 2, 4.7);
  for (const double leak_db : {-10.0, -20.0}) {
    const auto stems = judge({mixed(a, b, std::pow(10.0, leak_db / 20.0)), b});
    // Only moments in which the other is the louder count: up to half of it is not seen.
    CHECK(stems[0].leakage_db < leak_db + 1.0);
    CHECK(stems[0].leakage_db > leak_db - 4.0);
    CHECK(stems[1].leakage_db < stems[0].leakage_db - 4.0);
    CHECK(stems[0].quality < stems[1].quality);
  }
}

TEST_CASE("a stem that is another's copy is worth nothing") {
  const auto a = swelling(20.0, 1, 3.1);
  const auto stems = judge({mixed(std::vector<float>(a.size()), a, 0.5), a});
  CHECK(stems[0].leakage_db > -0.1);
  CHECK(stems[0].quality == 0.0);
  CHECK_FALSE(stems[0].worth_looping);
}

TEST_CASE("silence is told as the share of the time") {
  auto half = signals::noise(20.0, rate, 0.3);
  std::fill(half.begin() + 160000, half.end(), 0.0F);
  const auto stems = judge({half, signals::silence(20.0, rate), signals::noise(20.0, rate, 0.3, 9)});
  CHECK(stems[0].silence == doctest::Approx(0.5).epsilon(0.02));
  CHECK(stems[1].silence == 1.0);
  CHECK(stems[1].quality == 0.0);
  CHECK_FALSE(stems[1].worth_looping);
  CHECK(std::isinf(stems[1].leakage_db));
  CHECK(stems[2].silence == 0.0);
}

TEST_CASE("loudness is that of BS.1770: a sine of 1 kHz at -20 dBFS in one channel has -23 LUFS") {
  const auto stems = judge({signals::sine(10.0, rate, 1000.0, 0.1)});
  CHECK(stems[0].loudness_lufs == doctest::Approx(-23.0).epsilon(0.01));
  CHECK(std::isinf(stems[0].leakage_db));  // there is no other
}

TEST_CASE("the blocks' sizes change nothing") {
  const Stems stems{swelling(7.0, 1, 3.1), mixed(swelling(7.0, 2, 4.7), swelling(7.0, 1, 3.1), 0.2)};
  const auto a = judge(stems, 1000), b = judge(stems, 100000);
  for (std::size_t s = 0; s < 2; ++s) {
    CHECK(a[s].leakage_db == b[s].leakage_db);
    CHECK(a[s].silence == b[s].silence);
  }
}

TEST_CASE("stems that do not fit each other are refused") {
  analysis::StemQualityMeter meter(rate, 1, {"a", "b"});
  const auto one = signals::silence(1.0, rate), two = signals::silence(2.0, rate);
  const std::vector<AudioView> unlike{{one, rate}, {two, rate}}, few{{one, rate}};
  CHECK_THROWS_AS(meter.add(unlike), sfa::Error);
  CHECK_THROWS_AS(meter.add(few), sfa::Error);
  CHECK_THROWS_AS(analysis::StemQualityMeter(rate, 1, {}), sfa::Error);
}
