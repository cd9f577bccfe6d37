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

TEST_CASE("of two onsets too close to each other one stays") {
  const SampleRate rate{44100};
  const auto audio = bursts({10000, 12205, 30000}, 44100, rate);  // 50 ms apart
  const auto all = onset_points(audio.view().channel(0), rate, {.min_length = 0.04});
  const auto fewer = onset_points(audio.view().channel(0), rate, {.min_length = 0.1});
  CHECK(all.size() == 3);
  CHECK(fewer.size() == 2);
}

TEST_CASE("aubio finds the same bursts, or says that it is not installed") {
  const SampleRate rate{44100};
  const std::vector<Frames> onsets{11025, 22050, 33075};
  const auto audio = bursts(onsets, 44100, rate);
  try {
    const auto points = onset_points(audio.view().channel(0), rate, {.method = OnsetMethod::aubio});
    for (const Frames onset : onsets) {
      const auto near = [onset](Frames point) { return point <= onset && onset - point <= 22; };
      CHECK(std::ranges::count_if(points, near) == 1);
    }
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::unsupported);
    CHECK(std::string(error.what()).find("not installed") != std::string::npos);
  }
}
