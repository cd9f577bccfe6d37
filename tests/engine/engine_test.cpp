#include "sfa/engine/engine.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "forbidden.hpp"
#include "material.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/engine/event_tape.hpp"
#include "sfa/engine/streamed_feed.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

const AudioBuffer memory = noise(2, 48000, 7);
const AudioBuffer tracks = noise(3, 30000, 8);

/// Two hundred events that overlap, steal voices and use every property; tracks; and commands.
struct Crowd {
  explicit Crowd(Shelf::Use use = Shelf::Use::offline) : shelf(memory, use) {
    Random random(3);
    std::vector<SampleSlot*> slots;
    for (Frames i = 0; i < 8; ++i) slots.push_back(shelf.cut({i * 6000, (i + 1) * 6000}, 20, 30));
    for (int i = 0; i < 200; ++i) {
      Trigger trigger{.sample = slots[random.below(8)],
                      .gain = static_cast<float>(random.uniform()),
                      .pan = static_cast<float>(random.uniform(-1.0, 1.0)),
                      .reverse = i % 5 == 0,
                      .attack_frames = i % 7 == 0 ? 100 : 0,
                      .gate_frames = i % 4 == 0 ? 2400 : 0,
                      .release_frames = i % 8 == 0 ? 1000 : 0,
                      .lane = i % 2,
                      .mute_group = i % 9 == 0 ? 1 : 0};
      const auto quality = i % 6 == 0 ? Quality::hermite : Quality::sinc;
      if (i % 3 == 0) set_speed(trigger, std::exp2(random.uniform(-1.0, 1.0)), quality);
      if (i % 5 < 3)
        trigger.filter = Filter{.kind = static_cast<dsp::SvfKind>(i % 4), .cutoff_hz = random.uniform(100.0, 9000.0),
                                .end_hz = i % 2 == 0 ? 400.0 : 0.0};
      score.events.push_back({96 * i, trigger});
    }
    score.frames = 48000;
  }
  Shelf shelf;
  Score score;
  ScoreFeed events{score};
};

std::vector<Command> many_commands(const Crowd& crowd) {
  Trigger slow{.sample = crowd.score.events[0].trigger.sample};
  set_speed(slow, 0.8, Quality::sinc);
  return {{.due = 777, .action = SetMute{0, true}},
          {.due = 5001, .action = SetGain{0.7F}},
          {.due = 5001, .action = SetSolo{1, true}},
          {.due = 5500, .action = SetVolume{2, 0.3F}},
          {.due = 7000, .action = SetPaused{true}},
          {.due = 8123, .action = SetPaused{false}},
          {.due = 9000, .action = Seek{.frame = 20000}},
          {.due = 9100, .action = Seek{.frame = -100, .relative = true}},
          {.due = 3333, .action = PlaySlice{slow}},  // sent late, due early
          {.due = 12000, .action = ReleaseSlices{}},
          {.due = 12500, .action = ReleaseSlices{1}},
          {.due = 15000, .action = SetSolo{1, false}},
          {.due = 15500, .action = SetLoop{{20000, 23001}}},
          {.due = 24000, .action = SetLoop{}}};
}

const MasterOptions full_master{.compressor = effects::CompressorOptions{.threshold_db = -20.0},
                                .limiter = effects::LimiterOptions{.ceiling_db = -6.0}};

Piece piece(Crowd& crowd, TrackFeed& feed) {
  return {.events = &crowd.events, .lanes = 2, .feed = &feed, .track_channels = {2, 1}};
}

AudioBuffer perform_in_blocks_of(Frames block, const MasterOptions& master = {}) {
  Crowd crowd;
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.voices = 12, .master = master}, piece(crowd, feed));
  for (const auto& command : many_commands(crowd)) CHECK(engine.send(command));
  return perform(engine, 2, block);
}

}  // namespace

TEST_CASE("the output is the same, bit for bit, for every block size") {
  for (const auto& master : {MasterOptions{}, full_master}) {
    const auto reference = perform_in_blocks_of(256, master);
    CHECK(reference.frames() > 35000);
    CHECK(peak(reference) > 0.1F);
    for (const Frames block : {1, 63, 64, 441, 4096}) {
      CAPTURE(block);
      CHECK(equal(perform_in_blocks_of(block, master), reference));
    }
  }
}

TEST_CASE("what is streamed and loaded by other threads sounds the same as what is read when asked for") {
  for (const Frames block : {1, 441, 4096}) {
    CAPTURE(block);
    Crowd crowd(Shelf::Use::live);
    StreamedFeed feed(std::make_unique<MemoryReader>(tracks), 1024, 64);
    Engine engine({.voices = 12}, piece(crowd, feed));
    for (const auto& command : many_commands(crowd)) CHECK(engine.send(command));
    CHECK(feed.wait_until_full({10.0}));
    CHECK(crowd.shelf.store.wait_until_ready({10.0}));
    AudioBuffer head(2, 9000, SampleRate{48000});  // to the first seek, where a stream may pause to read
    for_each_piece(9000, block, [&](FrameRange range) { engine.render(block_of(head).part(range)); });
    CHECK(equal(head, perform_in_blocks_of(512).view().slice({0, 9000})));
  }
}

TEST_CASE("rendering neither takes from the heap nor locks nor asks the system for anything") {
  for (const auto& master : {MasterOptions{}, full_master}) {
    Crowd crowd(Shelf::Use::live);
    StreamedFeed feed(std::make_unique<MemoryReader>(tracks), 1024, 64);
    Engine engine({.voices = 12, .master = master, .tap = true}, piece(crowd, feed));
    for (const auto& command : many_commands(crowd)) CHECK(engine.send(command));
    CHECK(crowd.shelf.store.wait_until_ready({10.0}));
    AudioBuffer out(2, 128, SampleRate{48000});
    Frames highest_clock = 0;
    const auto before = forbidden();
    for (int i = 0; i < 600; ++i) {
      engine.render(block_of(out));
      highest_clock = engine.clock();
    }
    const auto after = forbidden();
    CHECK(highest_clock >= 600 * 128);
    CHECK(after.allocations == before.allocations);
    CHECK(after.locks == before.locks);
    CHECK(after.system_calls == before.system_calls);
  }
}

TEST_CASE("what is forbidden in a callback is counted where it is done") {
  const auto before = forbidden();
  ::operator delete(::operator new(1));
  CHECK(forbidden().allocations > before.allocations);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  std::mutex mutex;
  std::condition_variable condition;
  mutex.lock();
  condition.notify_all();
  mutex.unlock();
  CHECK(forbidden().locks == before.locks + 2);
  std::this_thread::yield();
  CHECK(write(-1, "", 0) == -1);
  CHECK(forbidden().system_calls == before.system_calls + 2);
#endif
}

TEST_CASE("numbers too small for a normal float are flushed to zero, inside render() only") {
  AudioBuffer tiny(1, 1000, SampleRate{48000});
  std::ranges::fill(tiny.channel(0), 1e-39F);  // below the least normal float, 1.18e-38
  DirectFeed feed(std::make_unique<MemoryReader>(tiny));
  Engine engine({.channels = 1}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {1}});
  CHECK(peak(perform(engine, 1, 100)) == 0.0F);
  volatile float small = 1e-38F;
  small = small / 4.0F;
  CHECK(small > 0.0F);
}

TEST_CASE("an event sounds from its very frame on, in the middle of a block") {
  Shelf shelf(memory);
  Score score;
  score.events = {{.frame = 101, .trigger = {.sample = shelf.cut({0, 500})}}};
  score.frames = 601;
  for (const auto& master : {MasterOptions{}, MasterOptions{.limiter = effects::LimiterOptions{.ceiling_db = 0.0}}}) {
    ScoreFeed events(score);
    Engine engine({.master = master}, {.events = &events});
    const auto out = perform(engine, 2, 256);
    REQUIRE(out.frames() == 601);  // whatever the limiter's look-ahead: it is no delay
    CHECK(peak(out.view().slice({0, 101})) == 0.0F);
    CHECK(equal(out.view().slice({101, 601}), memory.view().slice({0, 500})));
  }
}

TEST_CASE("a part of the piece is that part, to the frame") {
  for (const Frames begin : {0, 1000}) {
    DirectFeed feed(std::make_unique<MemoryReader>(tracks));
    Engine engine({.channels = 3, .range = {begin, 4321}},
                  {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {3}});
    CHECK(equal(perform(engine, 3, 100), tracks.view().slice({begin, 4321})));
  }
}

TEST_CASE("after its end the engine is silent and says so; a seek back brings it to life again") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.channels = 3, .range = {0, 1000}},
                {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {3}});
  (void)perform(engine, 3, 512);
  CHECK(engine.finished());
  AudioBuffer out(3, 512, SampleRate{48000});
  CHECK(engine.render(block_of(out)) == 0);
  CHECK(peak(out) == 0.0F);
  CHECK(engine.send({.due = 0, .action = Seek{.frame = 400}}));
  CHECK(engine.render(block_of(out)) == 512);
  CHECK_FALSE(engine.finished());
  CHECK(equal(out, tracks.view().slice({400, 912})));
}

TEST_CASE("without a piece it waits for commands and never ends") {
  Shelf shelf(memory);
  Engine engine({}, {});
  AudioBuffer out(2, 1000, SampleRate{48000});
  CHECK(engine.render(block_of(out)) == 1000);
  CHECK(engine.send({.due = 1500, .action = PlaySlice{{.sample = shelf.cut({10, 200})}}}));
  CHECK(engine.render(block_of(out)) == 1000);
  CHECK(equal(out.view().slice({500, 690}), memory.view().slice({10, 200})));
  CHECK_FALSE(engine.finished());
}

TEST_CASE("a full ring of commands refuses the next, and all of them are carried out") {
  AudioBuffer ones(1, 100, SampleRate{48000});
  std::ranges::fill(ones.channel(0), 1.0F);
  Shelf shelf(ones);
  auto* const slot = shelf.cut({0, 100});
  Engine engine({.channels = 1, .voices = 256}, {});
  int sent = 0;
  while (engine.send({.due = 10, .action = PlaySlice{{.sample = slot}}})) ++sent;
  CHECK(sent == 1024);
  AudioBuffer out(1, 2000, SampleRate{48000});
  engine.render(block_of(out));
  CHECK(out.channel(0)[10] == 256.0F);
  Report report;
  REQUIRE(engine.take(report));
  CHECK(report.stolen_voices == 768);
  CHECK(report.late_commands == 0);
}

TEST_CASE("a command that comes late is carried out and counted") {
  Engine engine({.channels = 1}, {});
  AudioBuffer out(1, 2000, SampleRate{48000});
  engine.render(block_of(out));
  CHECK(engine.clock() == 2048);  // whole pieces of 64
  CHECK(engine.send({.due = 1999, .action = SetGain{0.5F}}));
  CHECK(engine.send({.due = 0, .action = SetGain{0.5F}}));
  engine.render(block_of(out));
  Report report;
  while (engine.take(report)) {
  }
  CHECK(report.late_commands == 1);
}

TEST_CASE("a loop repeats its frames without a gap, and goes on behind them when it is taken away") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.channels = 3}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {3}});
  CHECK(engine.send({.due = 100, .action = SetLoop{{2000, 5003}}}));
  CHECK(engine.send({.due = 12000, .action = SetLoop{}}));  // in the third pass, from 11009 to 14012
  const auto out = perform(engine, 3, 100);
  REQUIRE(out.frames() == 30000 + 3 * 3003);
  CHECK(equal(out.view().slice({0, 5003}), tracks.view().slice({0, 5003})));
  for (const Frames begin : {5003, 8006})
    CHECK(equal(out.view().slice({begin, begin + 3003}), tracks.view().slice({2000, 5003})));
  CHECK(equal(out.view().slice({14012, 39009}), tracks.view().slice({5003, 30000})));
}

TEST_CASE("a loop of events plays each of them in every pass, and sounds ring over its end") {
  Shelf shelf(memory);
  Score score;
  auto* const slot = shelf.cut({0, 400});
  score.events = {{.frame = 0, .trigger = {.sample = slot}}, {.frame = 2900, .trigger = {.sample = slot}}};
  score.frames = 3300;
  ScoreFeed events(score);
  Engine engine({}, {.events = &events});
  engine.prepare(SetLoop{{0, 3000}});
  const auto out = perform(engine, 2, 128, 9000);
  for (const Frames pass : {0, 3000, 6000}) {
    CHECK(equal(out.view().slice({pass + 2900, pass + 3000}), memory.view().slice({0, 100})));
    if (pass == 0) continue;
    bool both = true;
    for (std::size_t i = 0; i < 300; ++i)
      both = both && out.channel(0)[static_cast<std::size_t>(pass) + i] ==
                         memory.channel(0)[i] + memory.channel(0)[100 + i];
    CHECK(both);
  }
  CHECK_FALSE(engine.finished());
}

TEST_CASE("gates end where the tempo of the moment says, those of commands where they said") {
  const auto hiss = noise(1, 4000);
  Shelf shelf(hiss);
  const auto sounds_until = [&](Frames change_at, TempoRatio first, TempoRatio then, bool by_command) {
    Score score{.events = {}, .pattern_frames = 4000, .frames = 4000};
    const Trigger trigger{.sample = shelf.cut({0, hiss.frames()}), .gate_frames = 600, .release_frames = 1};
    if (!by_command) score.events.push_back({0, trigger});
    ScoreFeed feed(score);
    Engine engine({.rate = {48000}}, {.events = &feed});
    engine.prepare(SetTempo{first});
    if (by_command) engine.prepare(PlaySlice{trigger});
    CHECK(engine.send({.due = change_at, .action = SetTempo{then}}));
    const auto out = perform(engine, 2, 64, 3000);
    Frames end = out.frames();
    while (end > 0 && out.channel(0)[static_cast<std::size_t>(end) - 1] == 0.0F) --end;
    return end - 1;  // without the one frame of the release
  };
  CHECK(sounds_until(5000, {1, 1}, {2, 1}, false) == 600);
  CHECK(sounds_until(5000, {2, 1}, {2, 1}, false) == 300);
  CHECK(sounds_until(5000, {2, 3}, {1, 1}, false) == 900);
  CHECK(sounds_until(200, {1, 1}, {2, 1}, false) == 200 + 200);
  CHECK(sounds_until(200, {1, 1}, {1, 2}, false) == 200 + 800);
  CHECK(sounds_until(300, {2, 1}, {1, 1}, false) == 300);  // has ended already
  CHECK(sounds_until(200, {2, 1}, {3, 1}, true) == 600);
}

TEST_CASE("at another tempo events come where the fraction says, and sound as they did") {
  Shelf shelf(memory);
  Score score;
  auto* const slot = shelf.cut({0, 50});
  for (Frames i = 0; i < 40; ++i) score.events.push_back({.frame = 100 * i, .trigger = {.sample = slot}});
  score.frames = 4000;
  ScoreFeed events(score);
  Engine engine({}, {.events = &events});
  engine.prepare(SetTempo{{3, 7}});  // 100 frames of the piece take 233 1/3 of output
  CHECK(engine.send({.due = 2000, .action = SetTempo{{2, 1}}}));  // at 857 1/7: 900 comes 21 3/7 frames later
  const auto out = perform(engine, 2, 64);
  std::vector<Frames> expected;
  for (Frames i = 0; i < 9; ++i) expected.push_back((100 * i * 7 + 2) / 3);
  for (Frames i = 9; i < 40; ++i) expected.push_back(2022 + 50 * (i - 9));
  for (const Frames begin : expected) {
    CAPTURE(begin);
    CHECK(equal(out.view().slice({begin, begin + 50}), memory.view().slice({0, 50})));
  }
  CHECK(out.frames() == 2022 + 50 * 31);
}

TEST_CASE("events can be written while they are played; those that come late are played at once and counted") {
  Shelf shelf(memory);
  auto* const slot = shelf.cut({0, 50});
  EventTape tape;
  Engine engine({}, {.events = &tape});
  AudioBuffer out(2, 640, SampleRate{48000});
  CHECK(tape.write({.frame = 100, .trigger = {.sample = slot}}));
  engine.render(block_of(out));
  CHECK(equal(out.view().slice({100, 150}), memory.view().slice({0, 50})));
  CHECK(tape.write({.frame = 200, .trigger = {.sample = slot}}));  // 440 frames ago
  CHECK(tape.write({.frame = 1000, .trigger = {.sample = slot}}));
  tape.finish(1100);
  engine.render(block_of(out));
  CHECK(equal(out.view().slice({0, 50}), memory.view().slice({0, 50})));
  CHECK(equal(out.view().slice({360, 410}), memory.view().slice({0, 50})));
  CHECK(engine.finished());
  engine.render(block_of(out));
  engine.render(block_of(out));
  Report report;
  REQUIRE(engine.take(report));
  CHECK(report.late_events == 1);
  CHECK(report.events == 3);
}

TEST_CASE("a slice that is not there yet is counted, not waited for, and there the next time") {
  Shelf shelf(memory, Shelf::Use::live);
  auto* const slot = shelf.cut({0, 50});
  Engine engine({}, {});
  AudioBuffer out(2, 1000, SampleRate{48000});
  CHECK(engine.send({.due = 0, .action = PlaySlice{{.sample = slot}}}));
  engine.render(block_of(out));
  CHECK(peak(out) == 0.0F);
  CHECK(shelf.store.wait_until_ready({10.0}));
  CHECK(engine.send({.due = 0, .action = PlaySlice{{.sample = slot}}}));
  engine.render(block_of(out));
  CHECK(peak(out) > 0.0F);
  Report report;
  REQUIRE(engine.take(report));
  CHECK(report.missing_slices == 1);
}

TEST_CASE("the output is what the tap hands over") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  Engine engine({.channels = 3, .master = full_master, .tap = true},
                {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {3}});
  const auto out = perform(engine, 3, 441, 10000);
  Frames seen = 0;
  for (const TapPiece* piece = engine.tap()->front(); piece != nullptr && seen < 9000; piece = engine.tap()->front()) {
    for (std::size_t i = 0; i < piece_frames; ++i) {
      const Frames frame = piece->frame + static_cast<Frames>(i);
      if (frame < 0) continue;
      REQUIRE(piece->samples[1][i] == out.channel(1)[static_cast<std::size_t>(frame)]);
      ++seen;
    }
    engine.tap()->pop();
  }
  CHECK(seen >= 9000);
}

TEST_CASE("settings and tracks that do not fit are refused") {
  DirectFeed feed(std::make_unique<MemoryReader>(tracks));
  CHECK_THROWS_AS(Engine({.channels = 0}, {}), Error);
  CHECK_THROWS_AS(Engine({.voices = 0}, {}), Error);
  CHECK_THROWS_AS(Engine({.voices = 257}, {}), Error);
  CHECK_THROWS_AS(Engine({}, {.lanes = 65}), Error);
  CHECK_THROWS_AS(Engine({}, {.events = nullptr, .lanes = 0, .feed = &feed, .track_channels = {2}}), Error);
  CHECK_THROWS_AS(Engine({}, {.events = nullptr, .lanes = 0, .feed = nullptr, .track_channels = {2}}), Error);
}
