#include "sfa/engine/event_tape.hpp"

#include <doctest/doctest.h>

#include <thread>

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
