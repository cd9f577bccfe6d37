#include "sfa/slicing/slice.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/slicing/slice_class.hpp"
#include "sfa/slicing/slice_points.hpp"
#include "sfa/slicing/zero_crossing.hpp"

namespace sfa::slicing {
namespace {

constexpr double default_snap = 0.003;    // seconds: half a period of 170 Hz, and no longer than ears fuse
constexpr double longest_lead = 0.0004;   // seconds before an attack, with the attack's own 0.0005 below 1 ms
constexpr float silence = 1e-3F;          // -60 dBFS
constexpr double most_seconds = 1e6, longest_fade = 10.0, longest_tail = 60.0;
constexpr Frames block_frames = 65536;
constexpr double steady_pitch_confidence = 0.8;  // 1 less the aperiodicity; a tenth of white noise's repeats

void require(bool holds, const char* what) {
  if (!holds) throw Error(Error::Kind::invalid_argument, what);
}

bool within(double value, double least, double most) { return value >= least && value <= most; }

void check(const SliceOptions& options) {
  require(within(options.sensitivity, 0.0, 1.0), "the sensitivity must be 0 to 1");
  require(within(options.min_length, 0.0, most_seconds), "the least length of a slice must be 0 to 1000000 seconds");
  const double greatest = options.max_length.value_or(most_seconds);
  require(within(greatest, 0.001, most_seconds), "the greatest length of a slice must be 0.001 to 1000000 seconds");
  require(within(options.tail, 0.0, longest_tail), "the tail of a slice must be 0 to 60 seconds");
  require(within(options.fade_in, 0.0, longest_fade), "the fade-in must be 0 to 10 seconds");
  require(within(options.fade_out, 0.0, longest_fade), "the fade-out must be 0 to 10 seconds");
  require(within(options.snap.value_or(0.0), 0.0, 0.1), "the reach for a zero crossing must be 0 to 0.1 seconds");
  require(options.parts >= 1 && options.parts <= 1000000, "the number of parts must be 1 to 1000000");
  require(within(options.silence_db, -120.0, 0.0), "silence must be below -120 to 0 dBFS");
  require(within(options.silence_length, 0.001, most_seconds), "silence must last 0.001 to 1000000 seconds");
}

class Cutter {
 public:
  Cutter(const Sound& sound, const Survey& survey, const SliceOptions& options, const Progress& progress)
      : sound_(sound), survey_(survey), options_(options), range_(survey.range) {
    attacks_ = attacks(sound, survey, [&](double done) { return !progress || progress(0.4 * done); });
  }

  /// Begins of slices, ascending; the first is the range's.
  [[nodiscard]] std::vector<Frames> begins() {
    std::vector<Frames> cuts = points();
    snap(cuts);
    std::erase_if(cuts, [this](Frames cut) { return cut >= range_.end; });
    if (cuts.empty() || cuts.front() > range_.begin) add_first(cuts);
    return cuts;
  }

  [[nodiscard]] Cut describe(FrameRange own) const {
    const Frames back = std::min(own.begin - range_.begin, to_frames(SliceDescriber::looks_back, sound_.rate));
    SliceDescriber describer(sound_.rate, sound_.channels,
                             one_channel(sound_.read({own.begin - back, own.begin}), survey_.channel));
    for (Frames begin = own.begin; begin < own.end; begin += block_frames) {
      const AudioBuffer block = sound_.read({begin, std::min(own.end, begin + block_frames)});
      describer.add(block, one_channel(block, survey_.channel));
    }
    const SliceSound heard = describer.finish();
    Cut result;
    Slice& slice = result.slice;
    slice.range = {own.begin, std::min(range_.end, own.end + to_frames({options_.tail}, sound_.rate))};
    slice.features = heard.features;
    const Verdict verdict = classify(heard);
    slice.kind = verdict.kind;
    slice.confidence = verdict.confidence;
    const bool has_note = slice.kind == SliceClass::tonal || slice.kind == SliceClass::bass || slice.kind == SliceClass::vocal;
    if (has_note && heard.features.detail->pitch_confidence >= steady_pitch_confidence)
      slice.note = midi_note(heard.pitch.frequency_hz);
    slice.attack_frame = first_attack(own);
    slice.fade_in_frames = fade_frames(options_.fade_in, slice.range);
    slice.fade_out_frames = fade_frames(options_.fade_out, slice.range);
    result.timbre = heard.timbre;
    return result;
  }

 private:
  [[nodiscard]] std::vector<Frames> points() {
    switch (options_.at) {
      case SliceAt::parts: return shifted(equal_points(range_.size(), options_.parts));
      case SliceAt::silences:
        return shifted(silence_points(survey_, to_gain({options_.silence_db}), frames(options_.silence_length)));
      case SliceAt::times: {
        std::vector<double> times;
        const double offset = to_seconds(range_.begin, sound_.rate).value;
        for (const double time : options_.times) times.push_back(time - offset);
        return shifted(time_points(times, range_.size(), sound_.rate, options_.min_length));
      }
      case SliceAt::onsets: break;
    }
    const double longest = to_seconds(range_.size(), sound_.rate).value + 1.0;
    std::vector<Frames> found;
    const Frames lead = frames(std::min(options_.fade_in, longest_lead));
    for (const Attack& attack : far_enough_apart(attacks_, std::max<Frames>(1, frames(std::min(options_.min_length, longest))), range_))
      found.push_back(std::max(range_.begin, attack.start - lead));
    return found;
  }

  [[nodiscard]] std::vector<Frames> shifted(std::vector<Frames> points) const {
    for (Frames& point : points) point += range_.begin;
    return points;
  }

  /// Moves the cuts to zero crossings, those at onsets only to earlier ones, so that no attack is lost.
  void snap(std::vector<Frames>& cuts) const {
    const Frames reach = frames(options_.snap.value_or(options_.at == SliceAt::parts ? 0.0 : default_snap));
    if (reach == 0) return;
    Frames last = range_.begin - 1;
    for (Frames& cut : cuts) {
      if (cut <= range_.begin) {
        last = cut;
        continue;
      }
      const FrameRange near = intersect(range_, {cut - reach - 1, cut + reach + 1});
      const SnapReach bounds{std::min({reach, cut - last - 1, cut - near.begin - 1}),
                             options_.at == SliceAt::onsets ? 0 : std::min(reach, near.end - cut - 1)};
      cut = last = std::max(last + 1, near.begin + snap_to_zero(sound_.read(near), cut - near.begin, bounds));
    }
  }

  /// What precedes the first cut: a slice of its own, or the begin of the first.
  void add_first(std::vector<Frames>& cuts) const {
    if (cuts.empty() || frames(options_.min_length) <= cuts.front() - range_.begin || !is_loud({range_.begin, cuts.front()}))
      cuts.insert(cuts.begin(), range_.begin);
    else
      cuts.front() = range_.begin;
  }

  [[nodiscard]] bool is_loud(FrameRange part) const {
    for (; !part.empty(); part.begin += block_frames)
      if (peak(sound_.read({part.begin, std::min(part.end, part.begin + block_frames)})) >= silence) return true;
    return false;
  }

  [[nodiscard]] std::optional<Frames> first_attack(FrameRange own) const {
    auto at = std::ranges::lower_bound(attacks_, own.begin - frames(0.005), {}, &Attack::start);
    while (at != attacks_.end() && at->centre < own.begin) ++at;
    if (at == attacks_.end() || at->start >= own.end) return {};
    return std::min(at->centre, own.end - 1);
  }

  [[nodiscard]] Frames frames(double seconds) const { return to_frames({seconds}, sound_.rate); }
  [[nodiscard]] int fade_frames(double seconds, FrameRange range) const {
    return static_cast<int>(std::min(frames(seconds), range.size() / 2));
  }

  const Sound& sound_;
  const Survey& survey_;
  const SliceOptions& options_;
  FrameRange range_;
  std::vector<Attack> attacks_;
};

}  // namespace

std::vector<Cut> cut(const Sound& sound, const Survey& survey, const SliceOptions& options, const Progress& progress) {
  check(options);
  std::vector<Cut> cuts;
  if (survey.range.empty() || sound.channels == 0) return cuts;
  Cutter cutter(sound, survey, options, progress);
  const auto begins = cutter.begins();
  for (std::size_t i = 0; i < begins.size(); ++i) {
    report(progress, 0.4 + 0.6 * static_cast<double>(i) / static_cast<double>(begins.size()));
    FrameRange own{begins[i], i + 1 < begins.size() ? begins[i + 1] : survey.range.end};
    if (options.max_length) own.end = std::min(own.end, own.begin + to_frames({*options.max_length}, sound.rate));
    cuts.push_back(cutter.describe(own));
    cuts.back().slice.id = static_cast<int>(i);
  }
  report(progress, 1.0);
  return cuts;
}

Bank slice(const AudioView& audio, FrameRange range, const SliceOptions& options, const Progress& progress) {
  check(options);
  Bank bank;
  bank.source.sample_rate = audio.rate();
  bank.source.channels = audio.channels();
  bank.source.frames = audio.frames();
  const Sound sound = sound_of(audio);
  const auto inside = intersect(range, audio.range());
  const SurveyOptions looking{options.method, options.sensitivity, true};
  const Survey seen = survey(sound, inside, looking, [&](double done) { return !progress || progress(0.6 * done); });
  bank.grid = seen.grid;
  for (Cut& part : cut(sound, seen, options, [&](double done) { return !progress || progress(0.6 + 0.4 * done); }))
    bank.slices.push_back(std::move(part.slice));
  return bank;
}

void shape(AudioBuffer& part, Frames begin, const Slice& slice) {
  const float level = to_gain({slice.gain_db});
  const auto gain = [](Frames i, int length) {
    return static_cast<float>((static_cast<double>(i) + 1.0) / (length + 1.0));
  };
  const Frames first = begin - slice.range.begin, size = slice.range.size(), frames = part.frames();
  const Frames out_from = std::max<Frames>(0, size - slice.fade_out_frames - first);
  for (int c = 0; c < part.channels(); ++c) {
    const auto samples = part.channel(c);
    if (slice.gain_db != 0.0)
      for (float& sample : samples) sample *= level;
    for (Frames i = 0; i < std::min(slice.fade_in_frames - first, frames); ++i)
      samples[static_cast<std::size_t>(i)] *= gain(first + i, slice.fade_in_frames);
    for (Frames i = out_from; i < frames; ++i)
      samples[static_cast<std::size_t>(i)] *= gain(size - 1 - first - i, slice.fade_out_frames);
  }
}

AudioBuffer faded(const AudioView& audio, const Slice& slice) {
  AudioBuffer buffer(audio.slice(slice.range));
  shape(buffer, slice.range.begin, slice);
  return buffer;
}

}  // namespace sfa::slicing
