#include "sfa/midi/standard_midi_file.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

/// Bytes from hexadecimal digits, as the specification prints them.
std::string hex(const std::string& text) {
  std::istringstream words(text);
  std::string bytes;
  for (std::string word; words >> word;) bytes += static_cast<char>(std::stoi(word, nullptr, 16));
  return bytes;
}

midi::Sequence one_track(std::vector<midi::Note> notes) {
  midi::Sequence sequence;
  sequence.tracks.push_back({.name = {}, .notes = std::move(notes)});
  return sequence;
}

/// What stands behind the header and the empty first track.
std::string notes_of(const midi::Sequence& sequence) { return midi::standard_midi_file(sequence).substr(14 + 12); }

}  // namespace

TEST_CASE("variable-length numbers are those of the specification's table") {
  CHECK(midi::variable_length(0x00000000) == hex("00"));
  CHECK(midi::variable_length(0x00000040) == hex("40"));
  CHECK(midi::variable_length(0x0000007F) == hex("7F"));
  CHECK(midi::variable_length(0x00000080) == hex("81 00"));
  CHECK(midi::variable_length(0x00002000) == hex("C0 00"));
  CHECK(midi::variable_length(0x00003FFF) == hex("FF 7F"));
  CHECK(midi::variable_length(0x00004000) == hex("81 80 00"));
  CHECK(midi::variable_length(0x00100000) == hex("C0 80 00"));
  CHECK(midi::variable_length(0x001FFFFF) == hex("FF FF 7F"));
  CHECK(midi::variable_length(0x00200000) == hex("81 80 80 00"));
  CHECK(midi::variable_length(0x08000000) == hex("C0 80 80 00"));
  CHECK(midi::variable_length(0x0FFFFFFF) == hex("FF FF FF 7F"));
  CHECK_THROWS_AS((void)midi::variable_length(0x10000000), Error);
  CHECK_THROWS_AS((void)midi::variable_length(-1), Error);
}

TEST_CASE("header and tempo track are, byte for byte, those of the specification's format 1 example") {
  midi::Sequence sequence;
  sequence.ticks_per_quarter = 96;
  sequence.time_signatures = {{0, 4, 4}};
  sequence.tempos = {{0, 500'000}};
  sequence.tracks.resize(3);
  sequence.length = 384;
  const std::string expected = hex(
      "4D 54 68 64 00 00 00 06 00 01 00 04 00 60 "
      "4D 54 72 6B 00 00 00 14 00 FF 58 04 04 02 18 08 00 FF 51 03 07 A1 20 83 00 FF 2F 00");
  CHECK(midi::standard_midi_file(sequence).substr(0, expected.size()) == expected);
}

TEST_CASE("a note is an on and an off, told apart from its neighbours") {
  CHECK(notes_of(one_track({{0, 96, 9, 36, 100}})) ==
        hex("4D 54 72 6B 00 00 00 0C 00 99 24 64 60 89 24 00 00 FF 2F 00"));
  // Overlapping notes of one key: the first ends where the second begins, the off before the on.
  CHECK(notes_of(one_track({{0, 96, 0, 60, 100}, {48, 96, 0, 60, 90}})) ==
        hex("4D 54 72 6B 00 00 00 14 00 90 3C 64 30 80 3C 00 00 90 3C 5A 60 80 3C 00 00 FF 2F 00"));
  // Two of one key at once are one; other keys and channels stay as they are.
  CHECK(notes_of(one_track({{0, 24, 0, 60, 100}, {0, 48, 0, 60, 90}})) ==
        hex("4D 54 72 6B 00 00 00 0C 00 90 3C 64 30 80 3C 00 00 FF 2F 00"));
  CHECK(notes_of(one_track({{0, 48, 0, 60, 1}, {0, 48, 1, 60, 1}})).size() == 8 + 4 * 4 + 4);
}

TEST_CASE("notes may come in any order") {
  CHECK(midi::standard_midi_file(one_track({{96, 10, 0, 60, 1}, {0, 10, 0, 64, 1}})) ==
        midi::standard_midi_file(one_track({{0, 10, 0, 64, 1}, {96, 10, 0, 60, 1}})));
}

TEST_CASE("names, texts and markers stand in the first track") {
  midi::Sequence sequence;
  sequence.name = "n";
  sequence.texts = {"made"};
  sequence.markers = {{1, "b"}};
  CHECK(midi::standard_midi_file(sequence).substr(14) ==
        hex("4D 54 72 6B 00 00 00 16 00 FF 03 01 6E 00 FF 01 04 6D 61 64 65 01 FF 06 01 62 00 FF 2F 00"));
}

TEST_CASE("what cannot stand in a file is refused") {
  const auto refuses = [](const midi::Note& note) {
    CHECK_THROWS_AS((void)midi::standard_midi_file(one_track({note})), Error);
  };
  refuses({-1, 1, 0, 60, 1});
  refuses({0, 0, 0, 60, 1});
  refuses({0, 1, 16, 60, 1});
  refuses({0, 1, 0, 128, 1});
  refuses({0, 1, 0, -1, 1});
  refuses({0, 1, 0, 60, 0});
  refuses({0, 1, 0, 60, 128});
  refuses({0x0FFFFFFF, 1, 0, 60, 1});
  midi::Sequence sequence;
  sequence.ticks_per_quarter = 0;
  CHECK_THROWS_AS((void)midi::standard_midi_file(sequence), Error);
  sequence.ticks_per_quarter = 96;
  sequence.time_signatures = {{0, 4, 3}};
  CHECK_THROWS_AS((void)midi::standard_midi_file(sequence), Error);
  CHECK_THROWS_AS((void)midi::microseconds_per_quarter(17.0), Error);
  CHECK_THROWS_AS((void)midi::microseconds_per_quarter(0.0), Error);
}
