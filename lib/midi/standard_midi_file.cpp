#include "sfa/midi/standard_midi_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::midi {
namespace {

constexpr Ticks last_tick = 0x0FFFFFFF;

enum Meta : std::uint8_t {
  text_event = 0x01,
  track_name = 0x03,
  marker = 0x06,
  end_of_track = 0x2F,
  set_tempo = 0x51,
  time_signature = 0x58,
};

void check(bool holds, const char* message) {
  if (!holds) throw Error(Error::Kind::invalid_argument, message);
}

/// `count` bytes, the highest first.
std::string big_endian(std::uint32_t value, int count) {
  std::string bytes;
  for (int i = count - 1; i >= 0; --i) bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  if (data.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(Error::Kind::unsupported, "a track of over 4 GiB cannot stand in a MIDI file");
  }
  return type + big_endian(static_cast<std::uint32_t>(data.size()), 4) + data;
}

/// Events by tick; of one tick in the order of `rank`, then of their coming.
class TrackWriter {
 public:
  void meta(Ticks tick, Meta type, const std::string& data) {
    check(data.size() <= static_cast<std::size_t>(last_tick), "a text is too long for a MIDI file");
    add(tick, 1, std::string("\xFF") + static_cast<char>(type) + variable_length(static_cast<Ticks>(data.size())) + data);
  }

  void note_on(const Note& note) { add(note.tick, 2, voice(0x90, note, note.velocity)); }
  void note_off(const Note& note) { add(note.tick + note.duration, 0, voice(0x80, note, 0)); }

  /// The track's chunk, ended at `length` or at its last event.
  [[nodiscard]] std::string finish(Ticks length) {
    std::ranges::stable_sort(events_, {}, [](const Event& event) { return std::pair(event.tick, event.rank); });
    std::string data;
    Ticks now = 0;
    for (const Event& event : events_) {
      data += variable_length(event.tick - std::exchange(now, event.tick)) + event.bytes;
    }
    data += variable_length(std::max<Ticks>(length - now, 0)) + "\xFF" + static_cast<char>(end_of_track) + '\0';
    return chunk("MTrk", data);
  }

 private:
  struct Event {
    Ticks tick;
    int rank;  // notes end before others begin
    std::string bytes;
  };

  static std::string voice(int status, const Note& note, int velocity) {
    return {static_cast<char>(static_cast<unsigned char>(status | note.channel)), static_cast<char>(note.key),
            static_cast<char>(velocity)};
  }

  void add(Ticks tick, int rank, std::string bytes) {
    check(tick >= 0 && tick <= last_tick, "a time is beyond what a MIDI file can say");
    events_.push_back({tick, rank, std::move(bytes)});
  }

  std::vector<Event> events_;
};

/// Ascending, and without two notes of one key at once on a channel.
std::vector<Note> told_apart(std::vector<Note> notes) {
  const auto order = [](const Note& note) { return std::tuple(note.channel, note.key, note.tick); };
  std::ranges::stable_sort(notes, {}, order);
  std::vector<Note> result;
  for (const Note& note : notes) {
    Note* const before = result.empty() ? nullptr : &result.back();
    if (before != nullptr && order(*before) == order(note)) {
      before->duration = std::max(before->duration, note.duration);
      before->velocity = std::max(before->velocity, note.velocity);
      continue;
    }
    if (before != nullptr && before->channel == note.channel && before->key == note.key) {
      before->duration = std::min(before->duration, note.tick - before->tick);
    }
    result.push_back(note);
  }
  std::ranges::stable_sort(result, {}, &Note::tick);
  return result;
}

std::string conductor_track(const Sequence& sequence) {
  TrackWriter track;
  if (!sequence.name.empty()) track.meta(0, track_name, sequence.name);
  for (const std::string& text : sequence.texts) track.meta(0, text_event, text);
  for (const TimeSignature& signature : sequence.time_signatures) {
    const auto denominator = static_cast<unsigned>(signature.denominator);
    check(signature.numerator >= 1 && signature.numerator <= 255, "a time signature's numerator must be from 1 to 255");
    check(signature.denominator >= 1 && signature.denominator <= 64 && std::has_single_bit(denominator),
          "a time signature's denominator must be a power of two up to 64");
    // 24 MIDI clocks for a metronome's click, 8 thirty-seconds for a quarter note.
    track.meta(signature.tick, time_signature,
               {static_cast<char>(static_cast<unsigned char>(signature.numerator)),
                static_cast<char>(std::countr_zero(denominator)), 24, 8});
  }
  for (const TempoChange& tempo : sequence.tempos) {
    check(tempo.microseconds_per_quarter >= 1 && tempo.microseconds_per_quarter <= 0xFFFFFF,
          "a tempo must be from 1 to 16777215 microseconds for a quarter note");
    track.meta(tempo.tick, set_tempo, big_endian(static_cast<std::uint32_t>(tempo.microseconds_per_quarter), 3));
  }
  for (const Marker& mark : sequence.markers) track.meta(mark.tick, marker, mark.text);
  return track.finish(sequence.length);
}

std::string note_track(const Track& track, Ticks length) {
  TrackWriter writer;
  if (!track.name.empty()) writer.meta(0, track_name, track.name);
  for (const Note& note : track.notes) {
    check(note.channel >= 0 && note.channel <= 15, "a note's channel must be from 0 to 15");
    check(note.key >= 0 && note.key <= 127, "a note's key must be from 0 to 127");
    check(note.velocity >= 1 && note.velocity <= 127, "a note's velocity must be from 1 to 127");
    check(note.duration >= 1 && note.duration <= last_tick, "a note's duration must be at least one tick");
  }
  for (const Note& note : told_apart(track.notes)) {
    writer.note_on(note);
    writer.note_off(note);
  }
  return writer.finish(length);
}

}  // namespace

int microseconds_per_quarter(double seconds) {
  const double microseconds = std::round(seconds * 1e6);
  if (!(microseconds >= 1.0 && microseconds <= 0xFFFFFF)) {
    throw Error(Error::Kind::unsupported, "a quarter note of " + std::to_string(seconds) +
                                              " s is no tempo that a MIDI file can say (0.000001 to 16.777215 s)");
  }
  return static_cast<int>(microseconds);
}

std::string variable_length(Ticks value) {
  check(value >= 0 && value <= last_tick, "a time is beyond what a MIDI file can say");
  std::string bytes(1, static_cast<char>(value & 0x7F));
  while ((value >>= 7) > 0) bytes.insert(bytes.begin(), static_cast<char>(static_cast<unsigned char>(value | 0x80)));
  return bytes;
}

std::string standard_midi_file(const Sequence& sequence) {
  check(sequence.ticks_per_quarter >= 1 && sequence.ticks_per_quarter <= 0x7FFF,
        "ticks in a quarter note must be from 1 to 32767");
  const std::size_t tracks = sequence.tracks.size() + 1;
  if (tracks > 0xFFFF) throw Error(Error::Kind::unsupported, "a MIDI file holds up to 65535 tracks");
  std::string bytes = chunk("MThd", big_endian(1, 2) + big_endian(static_cast<std::uint32_t>(tracks), 2) +
                                        big_endian(static_cast<std::uint32_t>(sequence.ticks_per_quarter), 2));
  bytes += conductor_track(sequence);
  for (const Track& track : sequence.tracks) bytes += note_track(track, sequence.length);
  return bytes;
}

}  // namespace sfa::midi
