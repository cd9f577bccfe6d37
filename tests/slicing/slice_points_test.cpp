#include "sfa/slicing/slice_points.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/slicing/attack.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

TEST_CASE("an attack begins at most half a millisecond before the sound") {
  for (const int hz : {8000, 44100, 48000, 96000, 192000}) {
    CAPTURE(hz);
    const SampleRate rate{hz};
    const Frames onset = to_frames({0.3127}, rate);
    const auto audio = bursts({onset}, hz, rate);
    for (const double error : {-0.015, -0.01, 0.0, 0.01, 0.02}) {
      const Frames near = onset + to_frames({error}, rate);
      const Frames start = attack_start(audio.view().channel(0), rate, near, audio.view().range());
      CHECK(start <= onset);
      CHECK(onset - start <= hz / 2000);
    }
  }
}

TEST_CASE("a new attack is found in the sound of the old one") {
  const SampleRate rate{44100};
  AudioBuffer audio(1, 44100, rate);
  mix_in(audio, 0, sine(50.0, 1.0, rate, 0.1));
  mix_in(audio, 22050, decaying(noise(0.2, rate, 0.8), 0.3, rate));
  const Frames start = attack_start(audio.view().channel(0), rate, 22400, audio.view().range());
  CHECK(std::abs(start - 22050) <= 44);
}

TEST_CASE("where nothing rises the onset stays where it was") {
  const SampleRate rate{44100};
  const std::vector<float> silence(1000);
  CHECK(attack_start(silence, rate, 500, {0, 1000}) == 500);
  CHECK(attack_start(silence, rate, 5000, {0, 1000}) == 999);
  CHECK(attack_start(silence, rate, -5, {0, 1000}) == 0);
}

TEST_CASE("N equal parts differ by one frame at most and cover everything") {
  for (const Frames frames : {Frames{8}, Frames{100}, Frames{44101}, Frames{6912000001}}) {
    for (const int parts : {1, 3, 7, 8}) {
      auto points = equal_points(frames, parts);
      REQUIRE(points.size() == static_cast<std::size_t>(parts));
      CHECK(points.front() == 0);
      points.push_back(frames);
      for (std::size_t i = 1; i < points.size(); ++i) {
        CHECK(points[i] - points[i - 1] >= frames / parts);
        CHECK(points[i] - points[i - 1] <= (frames + parts - 1) / parts);
      }
    }
  }
  CHECK_THROWS_AS((void)equal_points(3, 4), Error);
  CHECK_THROWS_AS((void)equal_points(3, 0), Error);
}

TEST_CASE("times outside the sound or too close to the one before are passed over") {
  const std::vector<double> times{-1.0, 0.0, 0.5, 0.52, 1.0, 9.0, 1e300};
  CHECK(time_points(times, 2000, SampleRate{1000}, 0.1) == std::vector<Frames>{0, 500, 1000});
  CHECK(time_points(times, 2000, SampleRate{1000}, 0.0) == std::vector<Frames>{0, 500, 520, 1000});
}

TEST_CASE("channels that cancel out are heard all the same") {
  const SampleRate rate{44100};
  AudioBuffer audio(2, 1000, rate);
  for (auto& sample : audio.channel(0)) sample = 0.5F;
  for (auto& sample : audio.channel(1)) sample = -0.5F;
  CHECK(prominent_channel(audio).at(10) == 0.5F);
  for (auto& sample : audio.channel(1)) sample = 0.25F;
  CHECK(prominent_channel(audio).at(10) == 0.375F);
}

TEST_CASE("samples beyond all sense are brought down by a power of two") {
  const SampleRate rate{44100};
  const std::vector<float> huge{std::ldexp(0.75F, 120), std::ldexp(-0.5F, 120), 0.0F};
  const auto samples = prominent_channel(AudioView(huge, rate));
  CHECK(samples == std::vector<float>{0.75F, -0.5F, 0.0F});
}

namespace {

std::vector<Attack> attacks_of(const AudioView& audio, const SurveyOptions& options = {}) {
  const Sound sound = sound_of(audio);
  return attacks(sound, survey(sound, audio.range(), options));
}

}  // namespace

TEST_CASE("of two attacks too close to each other the stronger stays") {
  const SampleRate rate{44100};
  const auto audio = bursts({10000, 12205, 30000}, 44100, rate);  // 50 ms apart
  const auto all = attacks_of(audio);
  CHECK(far_enough_apart(all, 1764, {0, 44100}).size() == 3);
  CHECK(far_enough_apart(all, 4410, {0, 44100}).size() == 2);
  const std::vector<Attack> made{{100, 101, 1.0F}, {150, 151, 3.0F}, {190, 192, 2.0F}, {390, 391, 1.0F}};
  const auto kept = far_enough_apart(made, 60, {0, 400});
  REQUIRE(kept.size() == 1);  // the last is too close to the end
  CHECK(kept[0].start == 150);
}

TEST_CASE("an attack is heard where the energy of its first 5 ms has its centre") {
  const SampleRate rate{48000};
  std::vector<float> samples(4800);
  for (std::size_t i = 1000; i < 1240; ++i) samples[i] = i % 2 == 0 ? 0.5F : -0.5F;  // 5 ms of even energy
  CHECK(std::abs(attack_centre(samples, rate, 1000) - 1108) <= 24);
  CHECK(attack_centre(samples, rate, 3000) == 3000);  // silence
  for (const Attack& attack : attacks_of(bursts({9600, 24000}, 48000, rate))) {
    CHECK(attack.centre >= attack.start);
    CHECK(attack.centre - attack.start <= 240);
  }
}

TEST_CASE("silence is cut at where it begins and where it ends") {
  const SampleRate rate{48000};
  AudioBuffer audio(2, 96000, rate);
  mix_in(audio, 24000, noise(0.5, rate, 0.3));          // 0.5 to 1 s
  mix_in(audio, 50400, noise(0.2, rate, 0.3));          // 50 ms later: no gap that counts
  const auto seen = survey(sound_of(audio), audio.view().range(), {.grid = false});
  const auto points = silence_points(seen, 1e-3, 4800);
  REQUIRE(points.size() == 3);
  CHECK(points[0] == 0);
  CHECK(points[1] == 24000);
  CHECK(std::abs(points[2] - 60000) <= 240);
  CHECK(silence_points(seen, 1e-3, 96000).empty());
  CHECK(seen.range == FrameRange{0, 96000});
}

TEST_CASE("a survey is the same however the sound comes") {
  const SampleRate rate{44100};
  const auto audio = bursts({10000, 30000, 150000}, 200000, rate, 2);
  const auto whole = survey(sound_of(audio), {0, 1LL << 40}, {});
  const auto part = survey(sound_of(audio), {5000, 200000}, {});
  CHECK(whole.range == FrameRange{0, 200000});
  CHECK(whole.onsets.size() == 3);
  REQUIRE(part.onsets.size() == 3);
  CHECK(part.onsets[0].time == doctest::Approx(whole.onsets[0].time - 5000.0 / 44100.0).epsilon(0.06));
  CHECK_THROWS_AS((void)survey(sound_of(audio), {0, 100}, {.sensitivity = 2.0}), Error);
}

TEST_CASE("aubio finds the same bursts, or says that it is not installed") {
  const SampleRate rate{44100};
  const std::vector<Frames> onsets{11025, 22050, 33075};
  const auto audio = bursts(onsets, 44100, rate);
  try {
    const auto found = attacks_of(audio, {.method = OnsetMethod::aubio});
    for (const Frames onset : onsets) {
      const auto near = [onset](const Attack& attack) { return attack.start <= onset && onset - attack.start <= 22; };
      CHECK(std::ranges::count_if(found, near) == 1);
    }
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::unsupported);
    CHECK(std::string(error.what()).find("not installed") != std::string::npos);
  }
}
