#include <doctest/doctest.h>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

AudioBuffer levels(const std::vector<float>& channels, Frames frames) {
  AudioBuffer audio(static_cast<int>(channels.size()), frames, SampleRate{48000});
  for (std::size_t c = 0; c < channels.size(); ++c)
    std::ranges::fill(audio.channel(static_cast<int>(c)), channels[c]);
  return audio;
}

/// Three mono tracks of levels 1, 2 and 4, so that the sum tells which are heard.
struct Deck {
  AudioBuffer audio = levels({1.0F, 2.0F, 4.0F}, 20000);
  DirectFeed feed{std::make_unique<MemoryReader>(audio)};
  Engine engine{{.channels = 1}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {1, 1, 1}}};
};

}  // namespace

TEST_CASE("one track comes out as the very samples that went in, whatever its channels") {
  for (const int channels : {1, 2, 6}) {
    const auto audio = noise(channels, 5000);
    DirectFeed feed(std::make_unique<MemoryReader>(audio));
    Engine engine({.channels = channels}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {channels}});
    CHECK(equal(perform(engine, channels, 441), audio));
  }
}

TEST_CASE("one channel is heard on both sides, six fold onto two") {
  const auto mono = levels({1.0F}, 100);
  DirectFeed mono_feed(std::make_unique<MemoryReader>(mono));
  Engine one({.channels = 2}, {.events = nullptr, .lanes = 0, .feed = &mono_feed, .track_channels = {1}});
  const auto both = perform(one, 2, 50);
  CHECK(both.channel(0)[7] == 1.0F);
  CHECK(both.channel(1)[7] == 1.0F);

  const auto six = levels({1.0F, 2.0F, 4.0F, 8.0F, 16.0F, 32.0F}, 100);
  DirectFeed six_feed(std::make_unique<MemoryReader>(six));
  Engine many({.channels = 2}, {.events = nullptr, .lanes = 0, .feed = &six_feed, .track_channels = {6}});
  const auto folded = perform(many, 2, 50);
  CHECK(folded.channel(0)[7] == 21.0F);
  CHECK(folded.channel(1)[7] == 42.0F);
}

TEST_CASE("muted tracks fall silent, soloed ones silence the others, mute wins") {
  const auto heard = [](std::vector<Action> actions) {
    Deck deck;
    for (const auto& action : actions) deck.engine.prepare(action);
    return perform(deck.engine, 1, 64, 64).channel(0)[0];
  };
  CHECK(heard({}) == 7.0F);
  CHECK(heard({SetMute{0, true}}) == 6.0F);
  CHECK(heard({SetSolo{1, true}}) == 2.0F);
  CHECK(heard({SetSolo{1, true}, SetSolo{2, true}}) == 6.0F);
  CHECK(heard({SetSolo{1, true}, SetMute{1, true}}) == 0.0F);
  CHECK(heard({SetSolo{1, true}, SetSolo{1, false}}) == 7.0F);
  CHECK(heard({SetSolo{2, true}, SetGain{2.0F}}) == 8.0F);
  CHECK(heard({SetVolume{0, 0.5F}, SetVolume{2, NAN}}) == 6.5F);
  CHECK(heard({SetVolume{1, 3.0F}, SetSolo{1, true}}) == 6.0F);
  CHECK(heard({SetMute{-1, true}, SetMute{3, true}, SetSolo{99, true}, SetGain{NAN}}) == 7.0F);
}

TEST_CASE("a mute while playing is a ramp of 5 ms, not a click, and comes back to the exact level") {
  Deck deck;
  CHECK(deck.engine.send({.due = 1000, .action = SetMute{2, true}}));
  CHECK(deck.engine.send({.due = 3000, .action = SetMute{2, false}}));
  const auto out = perform(deck.engine, 1, 100, 5000);
  const auto made = out.channel(0);
  CHECK(largest_step(made) <= 4.001F / 240.0F);
  CHECK(made[999] == 7.0F);
  CHECK(made[1000] < 7.0F);
  CHECK(made[1239] == 3.0F);
  CHECK(made[3239] == 7.0F);
}

TEST_CASE("a pause fades out and back in, and nothing of the piece is lost in between but the fades") {
  const auto audio = noise(1, 5000);
  DirectFeed feed(std::make_unique<MemoryReader>(audio));
  Engine engine({.channels = 1}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {1}});
  CHECK(engine.send({.due = 1000, .action = SetPaused{true}}));
  CHECK(engine.send({.due = 2000, .action = SetPaused{false}}));
  const auto out = perform(engine, 1, 128);
  REQUIRE(out.frames() == 5000 + 1000 - 240);
  CHECK(equal(out.view().slice({0, 1000}), audio.view().slice({0, 1000})));
  CHECK(peak(out.view().slice({1240, 2000})) == 0.0F);
  CHECK(equal(out.view().slice({2240, out.frames()}), audio.view().slice({1480, 5000})));
}

TEST_CASE("a seek fades out, jumps to the very frame and fades in") {
  const auto audio = noise(1, 9000);
  DirectFeed feed(std::make_unique<MemoryReader>(audio));
  Engine engine({.channels = 1}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {1}});
  CHECK(engine.send({.due = 1000, .action = Seek{.frame = 4000}}));
  CHECK(engine.send({.due = 3000, .action = Seek{.frame = -1000, .relative = true}}));
  const auto out = perform(engine, 1, 128);
  // 1240 frames from 0, 2000 from 4000 (at frame 3000 the position is 5760), the rest from 4760.
  REQUIRE(out.frames() == 1240 + 2000 + 9000 - 4760);
  CHECK(equal(out.view().slice({1480, 3000}), audio.view().slice({4240, 5760})));
  CHECK(equal(out.view().slice({3480, out.frames()}), audio.view().slice({5000, 9000})));
}

TEST_CASE("a seek before the beginning goes to the beginning, one past the end ends the piece") {
  Deck deck;
  CHECK(deck.engine.send({.due = 100, .action = Seek{.frame = -1'000'000'000'000, .relative = true}}));
  CHECK(perform(deck.engine, 1, 64).frames() == 100 + 240 + 20000);
  Deck other;
  CHECK(other.engine.send({.due = 100, .action = Seek{.frame = std::numeric_limits<Frames>::max()}}));
  CHECK(perform(other.engine, 1, 64).frames() == 100 + 240);
}

TEST_CASE("reports tell position, levels of the tracks and the master's peak") {
  Deck deck;
  deck.engine.prepare(SetMute{0, true});
  (void)perform(deck.engine, 1, 160, 4800);
  Report report;
  REQUIRE(deck.engine.take(report));
  CHECK(report.clock == 1600);
  CHECK(report.position == 1600);
  CHECK(report.master.peak == 6.0F);
  CHECK(report.master.peaks[0] == 6.0F);
  CHECK(report.master.rms[0] == doctest::Approx(6.0));
  CHECK(report.strips[0].mute);
  CHECK(report.strips[0].peak == 0.0F);
  CHECK(report.strips[2].peak == 4.0F);
  CHECK(report.starved_frames == 0);
}
