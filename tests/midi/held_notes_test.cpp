#include "sfa/midi/held_notes.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

using namespace sfa;

namespace {

using Message = std::vector<int>;

struct Sink {
  std::vector<Message> sent;
  midi::HeldNotes notes{[this](std::span<const std::uint8_t> bytes) { sent.emplace_back(bytes.begin(), bytes.end()); }};
  std::vector<Message> take() { return std::exchange(sent, {}); }
};

const Message c_on{0x90, 60, 100}, c_off{0x80, 60, 64}, drum_on{0x99, 36, 1}, drum_off{0x89, 36, 64};

}  // namespace

TEST_CASE("a note ends when its time has come, and once") {
  Sink sink;
  sink.notes.strike(0, 60, 100, {2.0});
  sink.notes.strike(9, 36, 1, {1.0});
  CHECK(sink.take() == std::vector<Message>{c_on, drum_on});
  sink.notes.end_due({0.999});
  CHECK(sink.take().empty());
  sink.notes.end_due({1.0});
  CHECK(sink.take() == std::vector<Message>{drum_off});
  sink.notes.end_due({5.0});
  sink.notes.end_due({6.0});
  sink.notes.end_all();
  CHECK(sink.take() == std::vector<Message>{c_off});
}

TEST_CASE("a key that is down comes up before it is struck again, and its end is the later note's") {
  Sink sink;
  sink.notes.strike(0, 60, 100, {1.0});
  sink.notes.strike(0, 60, 100, {2.0});
  CHECK(sink.take() == std::vector<Message>{c_on, c_off, c_on});
  sink.notes.end_due({1.5});
  CHECK(sink.take().empty());
  sink.notes.end_due({2.0});
  CHECK(sink.take() == std::vector<Message>{c_off});
}

TEST_CASE("all that is held ends at once, and a velocity of 0 is no note") {
  Sink sink;
  for (int channel = 0; channel < 16; ++channel)
    for (int key = 0; key < 128; ++key) sink.notes.strike(channel, key, 1, {1e9});
  CHECK(sink.take().size() == 2048);
  sink.notes.end_all();
  CHECK(sink.take().size() == 2048);
  sink.notes.end_all();
  CHECK(sink.take().empty());
  sink.notes.strike(0, 60, 0, {1.0});
  CHECK(sink.take().empty());
  sink.notes.strike(0, 60, 100, {1.0});
  sink.notes.strike(0, 60, 0, {1.0});
  CHECK(sink.take() == std::vector<Message>{c_on, c_off});
}
