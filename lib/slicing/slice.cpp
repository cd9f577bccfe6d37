#include "sfa/slicing/slice.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/slicing/slice_class.hpp"
#include "sfa/slicing/slice_features.hpp"
#include "sfa/slicing/zero_crossing.hpp"

namespace sfa::slicing {
namespace {

constexpr double default_snap = 0.003;    // seconds: half a period of 170 Hz, and no longer than ears fuse
constexpr double longest_lead = 0.0004;   // seconds before an attack, with the attack's own 0.0005 below 1 ms
constexpr float silence = 1e-3F;          // -60 dBFS
constexpr double done_with_points = 0.6;  // of the work, about

void require(bool holds, const char* what) {
  if (!holds) throw Error(Error::Kind::invalid_argument, what);
}

void check(const SliceOptions& options) {
  require(options.sensitivity >= 0.0 && options.sensitivity <= 1.0, "the sensitivity must be 0 to 1");
  require(options.min_length >= 0.0 && options.min_length <= 1e6,
          "the least length of a slice must be 0 to 1000000 seconds");
  require(options.fade_in >= 0.0 && options.fade_in <= 10.0, "the fade-in must be 0 to 10 seconds");
  require(options.fade_out >= 0.0 && options.fade_out <= 10.0, "the fade-out must be 0 to 10 seconds");
  const double snap = options.snap.value_or(0.0);
  require(snap >= 0.0 && snap <= 0.1, "the reach for a zero crossing must be 0 to 0.1 seconds");
  require(options.parts >= 1 && options.parts <= 1000000, "the number of parts must be 1 to 1000000");
}

/// Where to cut `audio`, from the grid's beats after `offset` seconds.
std::vector<Frames> points(const AudioView& audio, std::span<const float> mono, double offset,
                           const SliceOptions& options) {
  switch (options.at) {
    case SliceAt::parts:
      return equal_points(audio.frames(), options.parts);
    case SliceAt::beats: {
      std::vector<double> times;
      for (const double beat : options.grid.beats) times.push_back(beat - offset);
      return time_points(times, audio.frames(), audio.rate(), options.min_length);
    }
    case SliceAt::onsets:
      break;
  }
  auto found = onset_points(mono, audio.rate(), {options.method, options.sensitivity, options.min_length});
  const Frames lead = to_frames({std::min(options.fade_in, longest_lead)}, audio.rate());
  for (Frames& point : found) point = std::max<Frames>(0, point - lead);
  return found;
}

/// Moves the cuts to zero crossings, those at onsets only to earlier ones, so that no attack is lost.
void snap(std::vector<Frames>& cuts, const AudioView& audio, const SliceOptions& options) {
  const double seconds = options.snap.value_or(options.at == SliceAt::parts ? 0.0 : default_snap);
  const Frames reach = to_frames({seconds}, audio.rate());
  if (reach == 0) return;
  Frames last = -1;
  for (Frames& cut : cuts) {
    const SnapReach bounds{std::min(reach, cut - last - 1), options.at == SliceAt::onsets ? 0 : reach};
    cut = last = std::max(last + 1, snap_to_zero(audio, cut, bounds));
  }
}

/// What follows one cut up to the next, and what precedes the first.
std::vector<FrameRange> ranges(std::vector<Frames> cuts, const AudioView& audio, const SliceOptions& options) {
  if (audio.empty()) return {};
  const Frames end = audio.frames();
  std::erase_if(cuts, [end](Frames cut) { return cut >= end; });
  if (cuts.empty()) return {{0, end}};
  if (cuts.front() > 0) {
    const bool is_long = to_seconds(cuts.front(), audio.rate()).value >= options.min_length;
    if (is_long)
      cuts.insert(cuts.begin(), 0);
    else if (peak(audio.slice({0, cuts.front()})) >= silence)
      cuts.front() = 0;
  }
  std::vector<FrameRange> found;
  for (std::size_t i = 0; i < cuts.size(); ++i)
    found.push_back({cuts[i], i + 1 < cuts.size() ? cuts[i + 1] : end});
  return found;
}

int fade_frames(double seconds, const AudioView& audio, FrameRange range) {
  return static_cast<int>(std::min(to_frames({seconds}, audio.rate()), range.size() / 2));
}

Slice describe(const AudioView& audio, std::span<const float> mono, FrameRange range,
               const SliceOptions& options) {
  const auto part = mono.subspan(static_cast<std::size_t>(range.begin), static_cast<std::size_t>(range.size()));
  const SliceSound sound = slice_sound(audio.slice(range), part);
  Slice slice;
  slice.features = sound.features;
  slice.kind = classify(sound);
  if (slice.kind == SliceClass::tonal) slice.note = midi_note(sound.pitch.frequency_hz);
  slice.fade_in_frames = fade_frames(options.fade_in, audio, range);
  slice.fade_out_frames = fade_frames(options.fade_out, audio, range);
  return slice;
}

}  // namespace

Bank slice(const AudioView& audio, FrameRange range, const SliceOptions& options, const Progress& progress) {
  check(options);
  const auto inside = intersect(range, audio.range());
  const AudioView part = audio.slice(inside);
  Bank bank;
  bank.source.sample_rate = audio.rate();
  bank.source.channels = audio.channels();
  bank.source.frames = audio.frames();
  bank.grid = options.grid;
  report(progress, 0.0);
  if (part.empty()) return bank;

  const std::vector<float> mono = prominent_channel(part);
  auto cuts = points(part, mono, to_seconds(inside.begin, audio.rate()).value, options);
  snap(cuts, part, options);
  const auto found = ranges(std::move(cuts), part, options);
  for (std::size_t i = 0; i < found.size(); ++i) {
    report(progress, done_with_points +
                         (1.0 - done_with_points) * static_cast<double>(i) / static_cast<double>(found.size()));
    Slice slice = describe(part, mono, found[i], options);
    slice.id = static_cast<int>(i);
    slice.range = {found[i].begin + inside.begin, found[i].end + inside.begin};
    bank.slices.push_back(std::move(slice));
  }
  report(progress, 1.0);
  return bank;
}

AudioBuffer faded(const AudioView& audio, const Slice& slice) {
  AudioBuffer buffer(audio.slice(slice.range));
  const Frames frames = buffer.frames();
  const auto gain = [](Frames i, int length) {
    return static_cast<float>((static_cast<double>(i) + 1.0) / (length + 1.0));
  };
  for (int c = 0; c < buffer.channels(); ++c) {
    const auto samples = buffer.channel(c);
    for (Frames i = 0; i < std::min<Frames>(slice.fade_in_frames, frames); ++i)
      samples[static_cast<std::size_t>(i)] *= gain(i, slice.fade_in_frames);
    for (Frames i = 0; i < std::min<Frames>(slice.fade_out_frames, frames); ++i)
      samples[static_cast<std::size_t>(frames - 1 - i)] *= gain(i, slice.fade_out_frames);
  }
  return buffer;
}

}  // namespace sfa::slicing
