#include "sfa/engine/engine.hpp"

#include <doctest/doctest.h>

#include "allocations.hpp"
#include "material.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/engine/streamed_feed.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

const AudioBuffer memory = noise(2, 48000, 7);
const AudioBuffer tracks = noise(3, 30000, 8);

/// Two hundred events that overlap, steal voices and use every property; tracks; and commands.
Score crowded_score() {
  Random random(3);
  rules::Events pattern;
  pattern.duration = 0.5;
  for (int i = 0; i < 200; ++i)
    pattern.events.push_back({.time = 0.002 * i,
                              .slice = static_cast<int>(random.below(8)),
                              .velocity = random.uniform(),
                              .pitch = i % 3 == 0 ? random.uniform(-12.0, 12.0) : 0.0,
                              .reverse = i % 5 == 0,
                              .pan = random.uniform(-1.0, 1.0),
                              .gate = i % 4 == 0 ? 0.05 : 0.0,
                              .rule = {}});
  std::vector<SliceFrames> slices;
  for (Frames i = 0; i < 8; ++i) slices.push_back({{i * 6000, (i + 1) * 6000}, 20, 30});
  return make_score(pattern, slices, SampleRate{48000}, 2);
}

std::vector<Command> many_commands() {
  return {{.due = 777, .action = SetMute{0, true}},
          {.due = 5001, .action = SetGain{0.7F}},
          {.due = 5001, .action = SetSolo{1, true}},
          {.due = 7000, .action = SetPaused{true}},
          {.due = 8123, .action = SetPaused{false}},
          {.due = 9000, .action = Seek{.frame = 20000}},
          {.due = 9100, .action = Seek{.frame = -100, .relative = true}},
          {.due = 3333, .action = PlaySlice{{.slice = {50, 9000}, .speed = 0.8}}},  // sent late, due early
          {.due = 12000, .action = ReleaseSlices{}},
          {.due = 15000, .action = SetSolo{1, false}}};
}

Piece piece(TrackFeed& feed) {
  return {.memory = memory, .score = crowded_score(), .feed = &feed, .track_channels = {2, 1}};
}

AudioBuffer perform_in_blocks_of(Frames block) {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.voices = 12}, piece(feed));
  for (const auto& command : many_commands()) CHECK(engine.send(command));
  return perform(engine, 2, block);
}

}  // namespace

TEST_CASE("the output is the same, bit for bit, for every block size") {
  const auto reference = perform_in_blocks_of(256);
  CHECK(reference.frames() > 40000);
  CHECK(peak(reference) > 0.1F);
  for (const Frames block : {1, 63, 64, 441, 4096}) {
    CAPTURE(block);
    CHECK(equal(perform_in_blocks_of(block), reference));
  }
}

TEST_CASE("streamed tracks sound the same as those read when asked for") {
  StreamedFeed feed(std::make_unique<MemoryReader>(tracks), 1024, 64);
  Engine engine({.voices = 12}, piece(feed));
  for (const auto& command : many_commands()) CHECK(engine.send(command));
  CHECK(feed.wait_until_full({10.0}));
  AudioBuffer head(2, 9000, SampleRate{48000});  // to the first seek, where a stream may pause to read
  engine.render({head.channel(0).data(), 2, 9000, 9000});
  CHECK(equal(head, perform_in_blocks_of(512).view().slice({0, 9000})));
}

TEST_CASE("rendering takes nothing from the heap") {
  StreamedFeed feed(std::make_unique<MemoryReader>(tracks), 1024, 64);
  Engine engine({.voices = 12}, piece(feed));
  for (const auto& command : many_commands()) CHECK(engine.send(command));
  AudioBuffer out(2, 128, SampleRate{48000});
  const Block block{out.channel(0).data(), 2, 128, 128};
  const auto before = allocations();
  for (int i = 0; i < 600; ++i) engine.render(block);
  CHECK(allocations() == before);
  ::operator delete(::operator new(1));  // the counter counts
  CHECK(allocations() == before + 1);
}

TEST_CASE("an event sounds from its very frame on, in the middle of a block") {
  Score score;
  score.events = {{.frame = 101, .trigger = {.slice = {0, 500}}}};
  score.frames = 601;
  Engine engine({}, {.memory = memory, .score = score});
  const auto out = perform(engine, 2, 256);
  REQUIRE(out.frames() == 601);
  CHECK(peak(out.view().slice({0, 101})) == 0.0F);
  CHECK(equal(out.view().slice({101, 601}), memory.view().slice({0, 500})));
}

TEST_CASE("a part of the piece is that part, to the frame") {
  for (const Frames begin : {0, 1000}) {
    DirectFeed feed(std::make_unique<MemoryReader>(tracks));
    Engine engine({.channels = 3, .range = {begin, 4321}},
                  {.memory = {}, .score = {}, .feed = &feed, .track_channels = {3}});
    CHECK(equal(perform(engine, 3, 100), tracks.view().slice({begin, 4321})));
  }
}

TEST_CASE("after its end the engine is silent and says so; a seek back brings it to life again") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.channels = 3, .range = {0, 1000}},
                {.memory = {}, .score = {}, .feed = &feed, .track_channels = {3}});
  (void)perform(engine, 3, 512);
  CHECK(engine.finished());
  AudioBuffer out(3, 512, SampleRate{48000});
  const Block block{out.channel(0).data(), 3, 512, 512};
  CHECK(engine.render(block) == 0);
  CHECK(peak(out) == 0.0F);
  CHECK(engine.send({.due = 0, .action = Seek{.frame = 400}}));
  CHECK(engine.render(block) == 512);
  CHECK_FALSE(engine.finished());
  CHECK(equal(out, tracks.view().slice({400, 912})));
}

TEST_CASE("without a piece it waits for commands and never ends") {
  Engine engine({}, {.memory = memory});
  AudioBuffer out(2, 1000, SampleRate{48000});
  const Block block{out.channel(0).data(), 2, 1000, 1000};
  CHECK(engine.render(block) == 1000);
  CHECK(engine.send({.due = 1500, .action = PlaySlice{{.slice = {10, 200}}}}));
  CHECK(engine.render(block) == 1000);
  CHECK(equal(out.view().slice({500, 690}), memory.view().slice({10, 200})));
  CHECK_FALSE(engine.finished());
}

TEST_CASE("a full ring of commands refuses the next, and all of them are carried out") {
  Engine engine({.channels = 1, .voices = 2000}, {.memory = memory});
  int sent = 0;
  while (engine.send({.due = 10, .action = PlaySlice{{.slice = {0, 100}}}})) ++sent;
  CHECK(sent == 1024);
  AudioBuffer out(1, 50, SampleRate{48000});
  engine.render({out.channel(0).data(), 1, 50, 50});
  CHECK(out.channel(0)[10] == doctest::Approx(1024.0 * (memory.channel(0)[0] + memory.channel(1)[0])).epsilon(1e-3));
}

TEST_CASE("settings and tracks that do not fit are refused") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  CHECK_THROWS_AS(Engine({.channels = 0}, {}), Error);
  CHECK_THROWS_AS(Engine({.voices = 0}, {}), Error);
  CHECK_THROWS_AS(Engine({}, {.memory = {}, .score = {}, .feed = &feed, .track_channels = {2}}), Error);
  CHECK_THROWS_AS(Engine({}, {.memory = {}, .score = {}, .feed = nullptr, .track_channels = {2}}), Error);
}
