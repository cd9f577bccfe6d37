#include "sfa/midi/arrangement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <unordered_map>

#include "sfa/audio/error.hpp"

namespace sfa::midi {
namespace {

using slicing::SliceClass;

constexpr int drum_channel = 9;
constexpr int first_key = 36;                   // C1 or C2, as one counts: where samplers lay their first pad
constexpr int keys_a_channel = 128 - first_key;
constexpr int wood_block = 76;                  // General MIDI's high one

Ticks ticks(double seconds, double bpm, int ticks_per_quarter) {
  const double exact = seconds * bpm / 60.0 * ticks_per_quarter;
  if (!(exact < 0x0FFFFFFF)) throw Error(Error::Kind::unsupported, "the pattern is longer than a MIDI file can say");
  return std::llround(exact);
}

struct Place {
  int channel = 0;
  int key = 0;
  std::string track;
};

/// Where a slice goes in NoteMap::notes.
Place ascending(int slice) {
  const int page = slice / keys_a_channel;
  const int channel = page < drum_channel ? page : page + 1;
  if (channel > 15) {
    throw Error(Error::Kind::unsupported, "slice " + std::to_string(slice) + " is beyond the " +
                                              std::to_string(15 * keys_a_channel) + " that MIDI notes can tell apart");
  }
  const int first = page * keys_a_channel;
  return {channel, first_key + slice - first,
          page == 0 ? "slices" : "slices " + std::to_string(first) + " to " + std::to_string(first + keys_a_channel - 1)};
}

class Arranger {
 public:
  Arranger(const rules::Events& events, const slicing::Bank* bank, NoteMap map, int ticks_per_quarter)
      : events_(events), has_bank_(bank != nullptr), map_(map), ticks_per_quarter_(ticks_per_quarter) {
    if (bank == nullptr) {
      if (map == NoteMap::general_midi) {
        throw Error(Error::Kind::invalid_argument, "without a bank there are no classes to choose drums by");
      }
      return;
    }
    rate_ = bank->source.sample_rate;
    for (const slicing::Slice& slice : bank->slices) slices_.emplace(slice.id, &slice);
  }

  /// Tracks in the order of their channels and keys.
  std::vector<Track> tracks() {
    std::map<std::pair<int, int>, Track> found;
    for (std::size_t i = 0; i < events_.events.size(); ++i) {
      const rules::Event& event = events_.events[i];
      const slicing::Slice* slice = slice_of(event, i);
      const Place place = map_ == NoteMap::notes ? ascending(event.slice)
                                                 : Place{drum_channel, general_midi_drum(slice->kind), name(slice->kind)};
      if (place.key < 0) continue;
      Track& track = found[{place.channel, map_ == NoteMap::notes ? 0 : place.key}];
      track.name = place.track;
      track.notes.push_back(note(event, slice, place));
    }
    std::vector<Track> result;
    for (auto& entry : found) result.push_back(std::move(entry.second));
    return result;
  }

 private:
  /// Null without a bank.
  const slicing::Slice* slice_of(const rules::Event& event, std::size_t index) const {
    if (!has_bank_) return nullptr;
    const auto found = slices_.find(event.slice);
    if (found == slices_.end()) {
      throw Error(Error::Kind::invalid_data, "events[" + std::to_string(index) + "].slice: the bank has no slice " +
                                                 std::to_string(event.slice));
    }
    return found->second;
  }

  Note note(const rules::Event& event, const slicing::Slice* slice, const Place& place) const {
    const Ticks begin = ticks(event.time, events_.bpm, ticks_per_quarter_);
    double lasts = event.gate;
    if (lasts <= 0.0 && slice != nullptr) {
      lasts = to_seconds(slice->range.size(), rate_).value / (event.rate * std::exp2(event.pitch / 12.0));
    }
    const Ticks end = lasts > 0.0 ? ticks(event.time + lasts, events_.bpm, ticks_per_quarter_)
                                  : begin + ticks_per_quarter_ / 4;
    return {begin, std::max<Ticks>(end - begin, 1), place.channel, place.key,
            std::clamp(static_cast<int>(std::lround(event.velocity * 127.0)), 1, 127)};
  }

  const rules::Events& events_;
  bool has_bank_;
  SampleRate rate_;
  std::unordered_map<int, const slicing::Slice*> slices_;
  NoteMap map_;
  int ticks_per_quarter_;
};

std::vector<Marker> bar_markers(const rules::Meter& meter, Ticks length, int ticks_per_quarter) {
  std::vector<Marker> markers;
  const double bar = 4.0 * meter.numerator / meter.denominator * ticks_per_quarter;
  for (int i = 0; i * bar < static_cast<double>(length) && i < 100'000; ++i) {
    markers.push_back({std::llround(i * bar), "bar " + std::to_string(i + 1)});
  }
  return markers;
}

}  // namespace

int general_midi_drum(SliceClass kind) {
  switch (kind) {
    case SliceClass::kick: return 36;        // bass drum 1
    case SliceClass::snare: return 38;       // acoustic snare
    case SliceClass::clap: return 39;        // hand clap
    case SliceClass::hat:
    case SliceClass::closed_hat: return 42;  // closed hi-hat
    case SliceClass::open_hat: return 46;    // open hi-hat
    case SliceClass::cymbal: return 49;      // crash cymbal 1
    case SliceClass::tom: return 45;         // low tom
    case SliceClass::percussion: return 63;  // open hi conga
    case SliceClass::bass: return 64;        // low conga
    case SliceClass::tonal: return 56;       // cowbell
    case SliceClass::vocal: return 54;       // tambourine
    case SliceClass::noise: return 70;       // maracas
    case SliceClass::silence: return -1;
  }
  return -1;
}

Sequence arrange(const rules::Events& events, const slicing::Bank* bank, NoteMap map, int ticks_per_quarter) {
  Sequence sequence;
  sequence.ticks_per_quarter = ticks_per_quarter;
  sequence.name = events.mode.empty() ? "pattern" : events.mode;
  for (const std::string& rule : events.rules) {
    sequence.texts.push_back("rule " + std::to_string(sequence.texts.size() + 1) + ": " + rule);
  }
  sequence.tempos = {{0, microseconds_per_quarter(60.0 / events.bpm)}};
  sequence.time_signatures = {{0, events.meter.numerator, events.meter.denominator}};
  sequence.length = ticks(events.duration, events.bpm, ticks_per_quarter);
  sequence.markers = bar_markers(events.meter, sequence.length, ticks_per_quarter);
  sequence.tracks = Arranger(events, bank, map, ticks_per_quarter).tracks();
  return sequence;
}

Sequence arrange_beats(std::span<const double> beats, int ticks_per_quarter) {
  if (beats.size() < 2) throw Error(Error::Kind::invalid_data, "there are less than two beats");
  std::vector<double> intervals;
  for (std::size_t i = 1; i < beats.size(); ++i) {
    intervals.push_back(beats[i] - beats[i - 1]);
    if (!(intervals.back() > 0.0)) throw Error(Error::Kind::invalid_data, "the beats do not ascend");
  }
  std::vector<double> sorted = intervals;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  const int lead_in = beats[0] < 1e-3 ? 0 : std::max(1, static_cast<int>(std::min(beats[0] / *middle + 0.5, 1e5)));

  Sequence sequence;
  sequence.ticks_per_quarter = ticks_per_quarter;
  sequence.name = "beats";
  sequence.time_signatures = {{}};
  Track clicks{.name = "click", .notes = {}};
  double now = lead_in > 0 ? 0.0 : beats[0];  // the time that the tempo map has come to
  Ticks tick = 0;
  const auto quarters_until = [&](double time, int count) {
    const int microseconds = microseconds_per_quarter((time - now) / count);
    if (sequence.tempos.empty() || sequence.tempos.back().microseconds_per_quarter != microseconds) {
      sequence.tempos.push_back({tick, microseconds});
    }
    now += microseconds * 1e-6 * count;
    tick += Ticks{ticks_per_quarter} * count;
  };
  if (lead_in > 0) quarters_until(beats[0], lead_in);
  sequence.markers.push_back({tick, "first beat"});
  for (std::size_t i = 0; i < beats.size(); ++i) {
    clicks.notes.push_back({tick, std::max(1, ticks_per_quarter / 8), drum_channel, wood_block, 100});
    quarters_until(i + 1 < beats.size() ? beats[i + 1] : beats[i] + intervals.back(), 1);
  }
  sequence.length = tick;
  sequence.tracks.push_back(std::move(clicks));
  return sequence;
}

}  // namespace sfa::midi
