#include "sfa/mix/mixdown.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/dsp/resample.hpp"
#include "sounds_in_memory.hpp"

using namespace sfa;
using namespace sfa::mix;
using sfa::test::constant;
using sfa::test::noise;
using sfa::test::SoundsInMemory;

namespace {

Track track(const std::string& name, const std::string& path) {
  Track made;
  made.name = name;
  made.clips.push_back({.path = path});
  return made;
}

struct Rendered {
  AudioBuffer mix;
  std::vector<AudioBuffer> tracks;
};

void append(AudioBuffer& whole, const AudioView& block, Frames at) {
  for (int c = 0; c < whole.channels(); ++c) std::ranges::copy(block.channel(c), whole.channel(c).begin() + at);
}

Rendered render(const Session& session, SoundsInMemory& sounds, Frames block = 1000) {
  Mixdown mixdown(session, sounds);
  Rendered out{AudioBuffer(mixdown.channels(), mixdown.frames(), mixdown.rate()), {}};
  for (std::size_t i = 0; i < session.tracks.size(); ++i) out.tracks.push_back(out.mix);
  for (Frames at = 0; mixdown.render(block); at = mixdown.position()) {
    append(out.mix, mixdown.mix(), at);
    for (std::size_t i = 0; i < session.tracks.size(); ++i) append(out.tracks[i], mixdown.track(i), at);
  }
  return out;
}

bool equal(const AudioView& a, const AudioView& b) {
  if (a.channels() != b.channels() || a.frames() != b.frames()) return false;
  for (int c = 0; c < a.channels(); ++c)
    if (!std::ranges::equal(a.channel(c), b.channel(c))) return false;
  return true;
}

/// Three tracks with everything that a session can ask for.
Session busy_session(SoundsInMemory& sounds) {
  sounds.sounds["a"] = noise(2, 5000, 1);
  sounds.sounds["b"] = noise(1, 7000, 2);
  sounds.sounds["c"] = noise(2, 6000, 3, {48000});
  Session session;
  session.tracks = {track("a", "a"), track("b", "b"), track("c", "c")};
  session.tracks[0].gain_db = -3.3;
  session.tracks[0].pan = 0.3;
  session.tracks[1].pan_law = PanLaw::equal_power;
  session.tracks[1].pan = -0.6;
  session.tracks[1].clips.push_back(
      {.path = "a", .position = 0.05, .start = 0.01, .duration = 0.04, .gain_db = 2, .fade_in = 0.01,
       .fade_out = 0.02});
  session.tracks[2].clips[0].position = 0.02;
  session.master.gain_db = -1.5;
  return session;
}

}  // namespace

TEST_CASE("the tracks add up to the mix, to the last bit") {
  SoundsInMemory sounds;
  const auto out = render(busy_session(sounds), sounds);
  AudioBuffer sum(out.mix.channels(), out.mix.frames(), out.mix.rate());
  for (const auto& stem : out.tracks)
    for (int c = 0; c < sum.channels(); ++c)
      for (std::size_t n = 0; n < sum.channel(c).size(); ++n) sum.channel(c)[n] += stem.channel(c)[n];
  CHECK(equal(sum, out.mix));
  CHECK(peak(out.mix) > 0.1F);
}

TEST_CASE("the mix is the same at any block size, and however the sounds are served") {
  SoundsInMemory sounds;
  const auto session = busy_session(sounds);
  const auto reference = render(session, sounds, 1 << 20).mix;
  CHECK(equal(render(session, sounds, 1).mix, reference));
  CHECK(equal(render(session, sounds, 777).mix, reference));
  sounds.at_most = 100;
  CHECK(equal(render(session, sounds, 4096).mix, reference));
}

TEST_CASE("a track alone at 0 dB comes through untouched") {
  SoundsInMemory sounds;
  sounds.sounds["a"] = noise(2, 3000, 5);
  Session session;
  session.tracks = {track("a", "a")};
  CHECK(equal(render(session, sounds).mix, sounds.sounds["a"]));
}

TEST_CASE("gains of clip, track and master multiply") {
  SoundsInMemory sounds;
  sounds.sounds["one"] = constant(2, 100, 1.0F);
  Session session;
  session.tracks = {track("one", "one")};
  session.tracks[0].clips[0].gain_db = -6.0;
  session.tracks[0].gain_db = -10.0;
  session.master.gain_db = -4.0;
  CHECK(render(session, sounds).mix.channel(0)[50] == doctest::Approx(0.1));
}

TEST_CASE("a mono sound is placed by its track's law, a stereo sound weighed by it") {
  SoundsInMemory sounds;
  sounds.sounds["mono"] = constant(1, 10, 1.0F);
  sounds.sounds["stereo"] = constant(2, 10, 1.0F);
  sounds.sounds["stereo"].channel(1)[0] = 0.5F;
  Session session;
  session.tracks = {track("mono", "mono")};
  session.tracks[0].pan_law = PanLaw::equal_power;
  session.tracks[0].pan = 0.5;
  const auto placed = render(session, sounds).mix;
  CHECK(placed.channel(0)[3] == doctest::Approx(std::cos(3.0 * M_PI / 8.0)));
  CHECK(placed.channel(1)[3] == doctest::Approx(std::sin(3.0 * M_PI / 8.0)));
  session.tracks = {track("stereo", "stereo")};
  session.tracks[0].pan = -0.5;
  const auto weighed = render(session, sounds).mix;
  CHECK(weighed.channel(0)[0] == 1.0F);
  CHECK(weighed.channel(1)[0] == 0.25F);
}

TEST_CASE("mute silences a track, solo the others, and mute is the stronger") {
  SoundsInMemory sounds;
  sounds.sounds["one"] = constant(2, 10, 1.0F);
  sounds.sounds["two"] = constant(2, 10, 2.0F);
  sounds.sounds["four"] = constant(2, 10, 4.0F);
  Session session;
  session.tracks = {track("one", "one"), track("two", "two"), track("four", "four")};
  const auto level = [&] { return render(session, sounds).mix.channel(0)[5]; };
  CHECK(level() == 7.0F);
  session.tracks[0].mute = true;
  CHECK(level() == 6.0F);
  session.tracks[1].solo = true;
  CHECK(level() == 2.0F);
  session.tracks[0].solo = true;
  CHECK(level() == 2.0F);
  session.tracks[1].mute = true;
  CHECK(level() == 0.0F);
}

TEST_CASE("clips lie where they are put, cut where they are cut") {
  SoundsInMemory sounds;
  sounds.sounds["ramp"] = AudioBuffer(1, 1000, {1000});
  for (std::size_t n = 0; n < 1000; ++n) sounds.sounds["ramp"].channel(0)[n] = static_cast<float>(n);
  Session session;
  session.tracks = {track("ramp", "ramp")};
  session.tracks[0].clips = {{.path = "ramp", .position = 0.5, .start = 0.2, .duration = 0.1},
                             {.path = "ramp", .position = 0.55, .start = 0.9}};
  const auto mix = render(session, sounds, 64).mix;
  CHECK(mix.frames() == 650);
  CHECK(mix.channel(0)[499] == 0.0F);
  CHECK(mix.channel(0)[500] == 200.0F);
  CHECK(mix.channel(1)[549] == 249.0F);
  CHECK(mix.channel(0)[550] == 250.0F + 900.0F);
  CHECK(mix.channel(0)[599] == 299.0F + 949.0F);
  CHECK(mix.channel(0)[600] == 950.0F);
  CHECK(mix.channel(0)[649] == 999.0F);
}

TEST_CASE("two clips that cross keep the amplitude or the power") {
  SoundsInMemory sounds;
  sounds.sounds["one"] = constant(1, 1000, 1.0F, {1000});
  for (const auto shape : {FadeShape::linear, FadeShape::equal_power}) {
    Session session;
    session.tracks = {track("out", "one"), track("in", "one")};
    session.tracks[0].clips[0].fade_out = 0.4;
    session.tracks[1].clips[0].fade_in = 0.4;
    session.tracks[1].clips[0].position = 0.6;
    session.tracks[0].clips[0].fade_shape = session.tracks[1].clips[0].fade_shape = shape;
    const auto out = render(session, sounds, 99);
    for (std::size_t n = 0; n < 1600; ++n) {
      const double a = out.tracks[0].channel(0)[n], b = out.tracks[1].channel(0)[n];
      REQUIRE((shape == FadeShape::linear ? a + b : a * a + b * b) == doctest::Approx(1.0).epsilon(1e-5));
    }
  }
}

TEST_CASE("a clip of another rate is resampled: the same samples as of the whole") {
  SoundsInMemory sounds;
  sounds.sounds["c"] = noise(2, 20000, 9, {48000});
  Session session;
  session.sample_rate = 44100;
  session.tracks = {track("c", "c")};
  const auto expected = dsp::resample(sounds.sounds["c"], {44100});
  CHECK(equal(render(session, sounds, 300).mix, expected));
}

TEST_CASE("the rate is the first clip's, the channels are two or the most of any clip") {
  SoundsInMemory sounds;
  sounds.sounds["mono"] = noise(1, 96000, 1, {96000});
  sounds.sounds["surround"] = noise(6, 44100, 2);
  Session session;
  session.tracks = {track("mono", "mono")};
  CHECK(Mixdown(session, sounds).channels() == 2);
  CHECK(Mixdown(session, sounds).rate().hz == 96000);
  session.tracks.push_back(track("surround", "surround"));
  CHECK(Mixdown(session, sounds).channels() == 6);
  CHECK(Mixdown(session, sounds).frames() == 96000);
}

TEST_CASE("a session's own duration cuts or lengthens the mix") {
  SoundsInMemory sounds;
  sounds.sounds["one"] = constant(1, 1000, 1.0F, {1000});
  Session session;
  session.tracks = {track("one", "one")};
  session.duration = 0.25;
  CHECK(render(session, sounds).mix.frames() == 250);
  session.duration = 3.0;
  const auto longer = render(session, sounds).mix;
  CHECK(longer.frames() == 3000);
  CHECK(longer.channel(0)[999] == 1.0F);
  CHECK(longer.channel(0)[1000] == 0.0F);
}

TEST_CASE("a sound is open only while its clip sounds, and silent tracks are not read") {
  SoundsInMemory sounds;
  sounds.sounds["a"] = constant(1, 1000, 1.0F, {1000});
  Session session;
  session.tracks = {track("a", "a"), track("muted", "a")};
  session.tracks[1].mute = true;
  for (int i = 1; i < 50; ++i) session.tracks[0].clips.push_back({.path = "a", .position = 1.0 * i});
  (void)render(session, sounds, 100);
  CHECK(sounds.open_most == 1);
  CHECK(sounds.open_now == 0);
  CHECK(sounds.served == 50 * 1000);
}

TEST_CASE("what cannot be mixed is refused") {
  SoundsInMemory sounds;
  sounds.sounds["a"] = constant(1, 1000, 1.0F, {1000});
  Session session;
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  sounds.sounds["empty"] = AudioBuffer(2, 0, {44100});
  session.tracks = {track("empty", "empty")};
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  session.tracks = {track("a", "missing")};
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  session.tracks = {track("a", "a")};
  session.tracks[0].clips[0].start = 1.5;
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  session.tracks[0].clips[0].start = NAN;
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  session.tracks[0].clips[0] = {.path = "a", .position = 1e300};
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
  session.tracks[0].clips[0] = {.path = "a"};
  session.tracks[0].pan = 2.0;
  CHECK_THROWS_AS(Mixdown(session, sounds), Error);
}
