#include "sfa/engine/event_tape.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <thread>
#include <vector>

using namespace sfa;
using namespace sfa::engine;

TEST_CASE("what is written is read in order, once, and ahead") {
  EventTape tape(8);
  CHECK(tape.front() == nullptr);
  CHECK(tape.write({.frame = 1, .trigger = {}}));
  CHECK(tape.write({.frame = 5, .trigger = {}}));
  CHECK(tape.look_ahead(5)->frame == 1);
  CHECK(tape.look_ahead(5) == nullptr);
  CHECK(tape.look_ahead(6)->frame == 5);
  CHECK(tape.front()->frame == 1);
  tape.next();
  CHECK(tape.front()->frame == 5);
  tape.next();
  CHECK(tape.front() == nullptr);
}

TEST_CASE("a seek goes back as far as the history, and forward passes over what it skips") {
  EventTape tape(8);
  for (Frames i = 0; i < 100; ++i) {
    CHECK(tape.write({.frame = 10 * i, .trigger = {}}));
    tape.front();
    tape.next();
  }
  tape.seek(955);
  CHECK(tape.front()->frame == 960);
  tape.seek(0);
  CHECK(tape.front()->frame == 850);  // eight and what was ahead of them
  tape.seek(1015);
  CHECK(tape.front() == nullptr);
  CHECK(tape.write({.frame = 1010, .trigger = {}}));
  CHECK(tape.front() == nullptr);
  CHECK(tape.write({.frame = 1020, .trigger = {}}));
  CHECK(tape.front()->frame == 1020);
}

TEST_CASE("the writer is told to wait when it is too far ahead") {
  EventTape tape(8);
  int written = 0;
  while (tape.write({.frame = written, .trigger = {}})) ++written;
  CHECK(written == 8);
  tape.front();
  tape.next();
  CHECK(tape.write({.frame = 100, .trigger = {}}));
  CHECK_FALSE(tape.write({.frame = 100, .trigger = {}}));
}

TEST_CASE("what is written anew takes over at its frame, or at a jump, and keeps what was before") {
  EventTape tape(64);
  const auto write = [&](Frames frame, std::uint32_t cue) { CHECK(tape.write({.frame = frame, .trigger = {}, .cue = cue})); };
  const auto play = [&](Frames until) {  // the cues before that frame
    std::vector<std::uint32_t> cues;
    for (const auto* event = tape.front(); event != nullptr && event->frame < until; event = tape.front()) {
      cues.push_back(event->cue);
      tape.next();
    }
    return cues;
  };
  using Cues = std::vector<std::uint32_t>;
  for (Frames i = 0; i < 8; ++i) write(10 * i, 1);
  CHECK(play(15) == Cues{1, 1});
  CHECK(tape.begin_anew(20));
  for (Frames i = 2; i < 10; ++i) write(10 * i, 2);
  CHECK(play(25) == Cues{1});  // not there yet
  tape.go_over(40);
  CHECK_FALSE(tape.begin_anew(40));
  CHECK(play(55) == Cues{1, 2, 2});
  CHECK(tape.begin_anew(60));
  write(60, 3);
  tape.go_over(std::numeric_limits<Frames>::max());
  CHECK(play(65) == Cues{2});  // by a jump alone
  tape.seek(10);
  CHECK(play(100) == Cues{1, 2, 2, 2, 2, 3});
  CHECK(tape.begin_anew(0));
  tape.go_over(0);
  tape.seek(0);
  CHECK(tape.front() == nullptr);
}

TEST_CASE("two threads write anew, read and jump without ever seeing half an event") {
  EventTape tape(64);
  constexpr Frames passes = 3000, length = 30;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::uint32_t pass = 1; pass <= passes; ++pass) {
      while (!tape.begin_anew(0)) std::this_thread::yield();
      for (Frames i = 0; i < length; ++i) {
        ScoreEvent event{.frame = i, .trigger = {}, .cue = pass};
        event.trigger.gate_frames = static_cast<Frames>(pass);
        while (!tape.write(event)) std::this_thread::yield();
      }
      tape.go_over(pass % 2 == 0 ? 0 : std::numeric_limits<Frames>::max());
    }
    done = true;
  });
  bool whole = true, ascending = true;
  std::uint32_t last = 0;
  while (!done) {
    tape.seek(0);
    for (const auto* event = tape.front(); event != nullptr; event = tape.front()) {
      whole = whole && event->trigger.gate_frames == static_cast<Frames>(event->cue);
      ascending = ascending && event->cue >= last;
      last = event->cue;
      tape.next();
    }
  }
  writer.join();
  CHECK(whole);
  CHECK(ascending);
}

TEST_CASE("two threads write, read and jump back without ever seeing half an event") {
  EventTape tape(64);
  constexpr Frames count = 50000;
  std::thread writer([&] {
    for (Frames i = 0; i < count; ++i) {
      ScoreEvent event{.frame = i, .trigger = {}};
      event.trigger.gate_frames = 3 * i;
      while (!tape.write(event)) std::this_thread::yield();
    }
  });
  Frames last = -1, jumps = 0;
  bool whole = true;
  while (last < count - 1) {
    const auto* const event = tape.front();
    if (event == nullptr) {
      std::this_thread::yield();
      continue;
    }
    whole = whole && event->trigger.gate_frames == 3 * event->frame && event->frame == last + 1;
    last = event->frame;
    tape.next();
    if (last % 1000 == 999 && jumps < last / 1000) {
      ++jumps;
      tape.seek(last - 20);
      last -= 21;
    }
  }
  writer.join();
  CHECK(whole);
  CHECK(jumps > 40);
}
