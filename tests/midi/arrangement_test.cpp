#include "sfa/midi/arrangement.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/midi/standard_midi_file.hpp"

using namespace sfa;

namespace {

slicing::Bank bank_of(const std::vector<slicing::SliceClass>& kinds) {
  slicing::Bank bank;
  bank.source.sample_rate = {48000};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    slicing::Slice slice;
    slice.id = static_cast<int>(i);
    slice.range = {static_cast<Frames>(i) * 24000, static_cast<Frames>(i + 1) * 24000};  // half a second
    slice.kind = kinds[i];
    bank.slices.push_back(slice);
  }
  return bank;
}

rules::Events events_of(std::vector<rules::Event> list) {
  rules::Events events;
  events.duration = 4.0;
  events.mode = "seq";
  events.events = std::move(list);
  return events;
}

rules::Event event(double time, int slice) {
  rules::Event result;
  result.time = time;
  result.slice = slice;
  return result;
}

using Kind = slicing::SliceClass;

}  // namespace

TEST_CASE("General MIDI drums are those of the percussion key map") {
  CHECK(midi::general_midi_drum(Kind::kick) == 36);
  CHECK(midi::general_midi_drum(Kind::snare) == 38);
  CHECK(midi::general_midi_drum(Kind::clap) == 39);
  CHECK(midi::general_midi_drum(Kind::hat) == 42);
  CHECK(midi::general_midi_drum(Kind::closed_hat) == 42);
  CHECK(midi::general_midi_drum(Kind::open_hat) == 46);
  CHECK(midi::general_midi_drum(Kind::tom) == 45);
  CHECK(midi::general_midi_drum(Kind::cymbal) == 49);
  CHECK(midi::general_midi_drum(Kind::silence) == -1);
}

TEST_CASE("a pattern's drums stand in a track for each class, on channel 10, at their ticks") {
  const auto bank = bank_of({Kind::kick, Kind::snare, Kind::kick, Kind::silence});
  const auto sequence =
      midi::arrange(events_of({event(0.0, 0), event(0.5, 1), event(0.75, 3), event(1.0, 2)}), &bank, midi::NoteMap::general_midi);
  CHECK(sequence.tempos.at(0).microseconds_per_quarter == 500'000);
  REQUIRE(sequence.tracks.size() == 2);
  CHECK(sequence.tracks[0].name == "kick");
  REQUIRE(sequence.tracks[0].notes.size() == 2);
  CHECK(sequence.tracks[0].notes[1].tick == 960);
  CHECK(sequence.tracks[0].notes[1].duration == 480);  // half a second at 120
  CHECK(sequence.tracks[1].name == "snare");
  CHECK(sequence.tracks[1].notes.at(0).tick == 480);
  CHECK(sequence.tracks[1].notes.at(0).channel == 9);
  CHECK(sequence.length == 3840);
  REQUIRE(sequence.markers.size() == 2);
  CHECK(sequence.markers[1].text == "bar 2");
  CHECK(sequence.markers[1].tick == 1920);
}

TEST_CASE("a note lasts as its gate, else as its slice at the pitch it is played") {
  const auto bank = bank_of({Kind::tonal});
  auto gated = event(0.0, 0), up = event(1.0, 0), soft = event(2.0, 0);
  gated.gate = 0.125;
  up.pitch = 12.0;
  soft.velocity = 0.0;
  const auto notes = midi::arrange(events_of({gated, up, soft}), &bank, midi::NoteMap::notes).tracks.at(0).notes;
  CHECK(notes[0].duration == 120);
  CHECK(notes[1].duration == 240);
  CHECK(notes[0].velocity == 127);
  CHECK(notes[2].velocity == 1);
  CHECK(midi::arrange(events_of({event(0.0, 0)}), nullptr, midi::NoteMap::notes).tracks.at(0).notes.at(0).duration == 120);
}

TEST_CASE("ascending notes begin at 36 and go on in the next channel but the drums'") {
  const auto place = [](int slice) {
    const auto track = midi::arrange(events_of({event(0.0, slice)}), nullptr, midi::NoteMap::notes).tracks.at(0);
    return std::pair(track.notes.at(0).channel, track.notes.at(0).key);
  };
  CHECK(place(0) == std::pair(0, 36));
  CHECK(place(91) == std::pair(0, 127));
  CHECK(place(92) == std::pair(1, 36));
  CHECK(place(92 * 9) == std::pair(10, 36));
  CHECK(place(92 * 15 - 1) == std::pair(15, 127));
  CHECK_THROWS_AS(place(92 * 15), Error);
}

TEST_CASE("a slice that the bank has not is named") {
  const auto bank = bank_of({Kind::kick});
  CHECK_THROWS_WITH_AS((void)midi::arrange(events_of({event(0.0, 0), event(0.5, 7)}), &bank, midi::NoteMap::notes),
                       "events[1].slice: the bank has no slice 7", Error);
  CHECK_THROWS_AS((void)midi::arrange(events_of({event(0.0, 0)}), nullptr, midi::NoteMap::general_midi), Error);
}

TEST_CASE("times and tempos beyond MIDI are refused") {
  auto events = events_of({});
  events.bpm = 1e4;
  events.duration = 1e6;
  CHECK_THROWS_AS((void)midi::arrange(events, nullptr, midi::NoteMap::notes), Error);
  events.bpm = 1.0;
  CHECK_THROWS_AS((void)midi::arrange(events, nullptr, midi::NoteMap::notes), Error);
}

TEST_CASE("the tempo map brings each beat to its time, over a thousand uneven ones") {
  std::vector<double> beats;
  double time = 0.737;
  for (int i = 0; i < 1000; ++i) {
    beats.push_back(time);
    time += 0.4 + 0.1 * std::sin(0.3 * i) + 1e-7 * i;
  }
  const auto sequence = midi::arrange_beats(beats, 480);
  REQUIRE(sequence.tracks.at(0).notes.size() == beats.size());
  double now = 0.0;
  midi::Ticks tick = 0;
  std::size_t tempo = 0;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const auto target = sequence.tracks[0].notes[i].tick;
    CHECK(target % 480 == 0);
    for (; tick < target; tick += 480) {
      while (tempo + 1 < sequence.tempos.size() && sequence.tempos[tempo + 1].tick <= tick) ++tempo;
      now += sequence.tempos[tempo].microseconds_per_quarter * 1e-6;
    }
    CHECK(std::abs(now - beats[i]) <= 1.01e-6);
  }
}

TEST_CASE("beats from the very start need no lead-in, and others the one that fits") {
  const double at_once[] = {0.0, 0.5, 1.0}, later[] = {1.0, 1.5, 2.0};
  CHECK(midi::arrange_beats(at_once).tracks.at(0).notes.at(0).tick == 0);
  const auto sequence = midi::arrange_beats(later);
  CHECK(sequence.tracks.at(0).notes.at(0).tick == 960);
  CHECK(sequence.tempos.size() == 1);
  CHECK_NOTHROW((void)midi::standard_midi_file(sequence));
}

TEST_CASE("beats that are none are refused") {
  const double one[] = {1.0}, down[] = {1.0, 0.5}, same[] = {1.0, 1.0}, far[] = {0.0, 20.0};
  CHECK_THROWS_AS((void)midi::arrange_beats(one), Error);
  CHECK_THROWS_AS((void)midi::arrange_beats(down), Error);
  CHECK_THROWS_AS((void)midi::arrange_beats(same), Error);
  CHECK_THROWS_AS((void)midi::arrange_beats(far), Error);
}
