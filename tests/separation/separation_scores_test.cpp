#include "sfa/separation/separation_scores.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

constexpr SampleRate rate{1000};
constexpr double none = std::numeric_limits<double>::quiet_NaN();

AudioBuffer noise(std::uint64_t seed, Frames frames, double amplitude = 1.0) {
  Random random(seed);
  AudioBuffer audio(2, frames, rate);
  for (int c = 0; c < 2; ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(amplitude * random.uniform(-1.0, 1.0));
  return audio;
}

/// a times x and b times y, rounded once.
AudioBuffer sum(double a, const AudioBuffer& x, double b, const AudioBuffer& y) {
  AudioBuffer out(x.channels(), x.frames(), x.rate());
  for (int c = 0; c < x.channels(); ++c)
    for (std::size_t i = 0; i < out.channel(c).size(); ++i)
      out.channel(c)[i] = static_cast<float>(a * x.channel(c)[i] + b * y.channel(c)[i]);
  return out;
}

void silence(AudioBuffer& audio, Frames begin, Frames end) {
  for (int c = 0; c < audio.channels(); ++c)
    for (auto i = begin; i < end; ++i) audio.channel(c)[static_cast<std::size_t>(i)] = 0.0F;
}

SeparationScores measured(const std::vector<AudioBuffer>& stems, const std::vector<AudioBuffer>& estimates,
                          Frames block = 1 << 20) {
  SeparationScores scores(stems.size(), rate);
  for (Frames at = 0; at < stems.front().frames(); at += block) {
    std::vector<AudioView> truth, guess;
    for (const auto& stem : stems) truth.push_back(stem.view().slice({at, at + block}));
    for (const auto& estimate : estimates) guess.push_back(estimate.view().slice({at, at + block}));
    scores.add(truth, guess);
  }
  return scores;
}

Scores of_one(const AudioBuffer& stem, const AudioBuffer& estimate) { return measured({stem}, {estimate}).scores()[0]; }

void check_frames(const std::vector<double>& frames, const std::vector<double>& wanted) {
  REQUIRE(frames.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CAPTURE(i);
    if (std::isnan(wanted[i]))
      CHECK(std::isnan(frames[i]));
    else
      CHECK(frames[i] == doctest::Approx(wanted[i]).epsilon(1e-9));
  }
}

// The signal of the fixture, exact in floating point: ((a n^2 + b n + k) mod 127 - 63) / 128.
double wave(std::int64_t a, std::int64_t b, std::int64_t k, std::int64_t n) {
  return static_cast<double>((a * n * n + b * n + k) % 127 - 63) / 128.0;
}

AudioBuffer fixture(std::int64_t a, std::int64_t b, std::int64_t k, std::int64_t a2, std::int64_t b2, std::int64_t k2) {
  AudioBuffer audio(2, 4300, rate);
  for (Frames n = 0; n < audio.frames(); ++n) {
    audio.channel(0)[static_cast<std::size_t>(n)] = static_cast<float>(wave(a, b, k, n));
    audio.channel(1)[static_cast<std::size_t>(n)] = static_cast<float>(wave(a2, b2, k2, n));
  }
  return audio;
}

}  // namespace

TEST_CASE("half a stem scores 6.02 dB, silence and the stem turned twice as loud 0 dB") {
  const auto stem = noise(1, 3000);
  CHECK(*of_one(stem, sum(0.5, stem, 0.0, stem)).nsdr_db == doctest::Approx(20.0 * std::log10(2.0)).epsilon(1e-8));
  CHECK(*of_one(stem, sum(0.5, stem, 0.0, stem)).sdr_db == doctest::Approx(20.0 * std::log10(2.0)).epsilon(1e-8));
  CHECK(*of_one(stem, sum(2.0, stem, 0.0, stem)).nsdr_db == 0.0);
  CHECK(*of_one(stem, sum(2.0, stem, 0.0, stem)).sdr_db == 0.0);
  const auto nothing = of_one(stem, AudioBuffer(2, 3000, rate));
  CHECK(*nothing.nsdr_db == 0.0);
  CHECK_FALSE(nothing.sdr_db);  // as museval: no frame with a silent estimate counts
}

TEST_CASE("noise of a tenth of the amplitude scores 20 dB") {
  const auto stem = noise(1, 200000);
  const auto score = of_one(stem, sum(1.0, stem, 0.1, noise(2, 200000)));
  CHECK(*score.nsdr_db == doctest::Approx(20.0).epsilon(0.002));
  CHECK(*score.sdr_db == doctest::Approx(20.0).epsilon(0.01));
}

TEST_CASE("an error of 1e-7 in all is as much as nSDR's constant, and a perfect estimate ends at it") {
  AudioBuffer stem(1, 1000, rate);
  stem.channel(0)[0] = 1.0F;
  CHECK(*of_one(stem, stem).nsdr_db == doctest::Approx(10.0 * std::log10(1.0 / 1e-7 + 1.0)));
  CHECK_FALSE(of_one(stem, stem).sdr_db);  // infinite, which museval leaves out
  auto estimate = stem;
  estimate.channel(0)[1] = static_cast<float>(std::sqrt(1e-7));
  CHECK(*of_one(stem, estimate).nsdr_db == doctest::Approx(10.0 * std::log10((1.0 + 1e-7) / 2e-7)));
}

TEST_CASE("the whole song decides nSDR, the frame in the middle SDR") {
  // Errors of a half, a tenth, a hundredth, and again a hundredth of the stem.
  const auto stem = noise(1, 4000);
  auto estimate = stem;
  for (int c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < 4000; ++i) {
      constexpr double part[] = {0.5, 0.9, 0.99, 0.99};
      estimate.channel(c)[i] = static_cast<float>(part[i / 1000] * stem.channel(c)[i]);
    }
  const auto scores = measured({stem}, {estimate});
  const auto frames = scores.frame_sdr_db(0);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0] == doctest::Approx(6.0206).epsilon(1e-4));
  CHECK(frames[1] == doctest::Approx(20.0).epsilon(1e-4));
  CHECK(frames[2] == doctest::Approx(40.0).epsilon(1e-4));
  CHECK(*scores.scores()[0].sdr_db == doctest::Approx(30.0).epsilon(1e-4));
}

TEST_CASE("a median is the value in the middle, of an even count the mean of two, without what is no number") {
  CHECK(median({3.0, 1.0, 2.0}) == 2.0);
  CHECK(median({4.0, 1.0, 3.0, 2.0}) == 2.5);
  CHECK(median({none, 7.0, none}) == 7.0);
  CHECK(median({1.0, none, 2.0}) == 1.5);
  CHECK_FALSE(median({}));
  CHECK_FALSE(median({none}));
}

TEST_CASE("the frames and the scores are museval's") {
  // museval 0.4.1, metrics.bss_eval(..., window=1000, hop=1000), 512 taps, in numpy 1.24.2.
  auto a = fixture(3, 11, 5, 5, 2, 9), b = fixture(7, 13, 1, 2, 29, 3);
  silence(b, 1000, 2000);
  AudioBuffer shifted(2, a.frames(), rate);  // a, three frames later, its end at the beginning
  for (int c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < 4300; ++i) shifted.channel(c)[i] = a.channel(c)[(i + 4300 - 3) % 4300];
  const std::vector<AudioBuffer> stems{a, b}, estimates{sum(0.75, a, 0.25, b), sum(0.5, b, 0.125, shifted)};
  for (const Frames block : {4300, 1000, 77}) {
    CAPTURE(block);
    const auto scores = measured(stems, estimates, block);
    check_frames(scores.frame_sdr_db(0), {8.84413136876561, none, 8.846729884125313, 8.839408844576504});
    check_frames(scores.frame_sdr_db(1), {5.954287022601341, none, 5.942210885561423, 5.944375897755001});
    CHECK(*scores.scores()[0].sdr_db == doctest::Approx(8.84413136876561).epsilon(1e-9));
    CHECK(*scores.scores()[1].sdr_db == doctest::Approx(5.944375897755001).epsilon(1e-9));
    // numpy's, by the formula.
    CHECK(*scores.scores()[0].nsdr_db == doctest::Approx(9.408759200394329).epsilon(1e-9));
    CHECK(*scores.scores()[1].nsdr_db == doctest::Approx(5.869208355311585).epsilon(1e-9));
  }
}

TEST_CASE("a frame in which any stem is silent, true or estimated, counts for none") {
  auto a = noise(1, 4000), b = noise(2, 4000);
  auto guess_a = sum(0.5, a, 0.0, a), guess_b = sum(0.5, b, 0.0, b);
  silence(a, 0, 1000);
  silence(guess_b, 2000, 3000);
  const auto scores = measured({a, b}, {guess_a, guess_b});
  check_frames(scores.frame_sdr_db(0), {none, 6.020599913, none, 6.020599913});
  check_frames(scores.frame_sdr_db(1), {none, 6.020599913, none, 6.020599913});
}

TEST_CASE("opposite phases are silence to a frame, as to museval, but not to nSDR") {
  auto a = noise(1, 2000);
  for (std::size_t i = 0; i < 1000; ++i) a.channel(1)[i] = -a.channel(0)[i];
  const auto half = sum(0.5, a, 0.0, a);
  check_frames(measured({a}, {half}).frame_sdr_db(0), {none, 6.020599913});
  CHECK(*of_one(a, half).nsdr_db == doctest::Approx(6.0206).epsilon(1e-5));
}

TEST_CASE("a stem that is silent throughout has no score, and spoils none") {
  const auto a = noise(1, 2000), b = noise(2, 2000), nothing = AudioBuffer(2, 2000, rate);
  const auto half = sum(0.5, a, 0.0, a);
  const auto missing = measured({a, nothing}, {half, b}).scores();
  CHECK(*missing[0].sdr_db == doctest::Approx(6.0206).epsilon(1e-5));
  CHECK(missing[1] == Scores{});
  const auto not_found = measured({a, b}, {half, nothing}).scores();
  CHECK(*not_found[0].sdr_db == doctest::Approx(6.0206).epsilon(1e-5));
  CHECK(*not_found[1].nsdr_db == 0.0);
  CHECK_FALSE(not_found[1].sdr_db);
}

TEST_CASE("what is left behind the last whole second counts only if there is no whole one") {
  const auto a = noise(1, 2999);
  const auto half = sum(0.5, a, 0.0, a);
  CHECK(measured({a}, {half}).frame_sdr_db(0).size() == 2);
  const auto brief = noise(1, 300);
  check_frames(measured({brief}, {sum(0.5, brief, 0.0, brief)}).frame_sdr_db(0), {6.020599913});
}

TEST_CASE("of nothing there are no scores") {
  const SeparationScores empty(2, rate);
  CHECK(empty.scores() == std::vector<Scores>(2));
  CHECK(empty.frame_sdr_db(0).empty());
  CHECK(SeparationScores(0, rate).scores().empty());
}
