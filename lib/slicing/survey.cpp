#include "sfa/slicing/survey.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sfa/analysis/beat.hpp"
#include "sfa/slicing/aubio_onset.hpp"

namespace sfa::slicing {
namespace {

constexpr Frames block_frames = 65536;
constexpr Seconds level_length{0.005};
constexpr double closest_onsets = 0.03;  // seconds: the detectors' own resolution
constexpr double done_with_reading = 0.9;

/// The highest samples of stretches of a sound.
class Levels {
 public:
  explicit Levels(Frames length) : length_(length) {}
  void add(const AudioView& audio) {
    for (Frames begin = 0; begin < audio.frames();) {
      const Frames end = std::min(audio.frames(), begin + length_ - filled_);
      highest_ = std::max(highest_, peak(audio.slice({begin, end})));
      filled_ += end - begin;
      begin = end;
      if (filled_ == length_) next();
    }
  }
  [[nodiscard]] std::vector<float> finish() {
    if (filled_ > 0) next();
    return std::move(values_);
  }

 private:
  void next() {
    values_.push_back(highest_);
    highest_ = 0.0F;
    filled_ = 0;
  }
  Frames length_, filled_ = 0;
  float highest_ = 0.0F;
  std::vector<float> values_;
};

/// One pass over the sound.
class Pass {
 public:
  Pass(SampleRate rate, int channels, OneChannel channel, const SurveyOptions& options)
      : options_(options), channel_(channel), detector_(rate), beats_(detector_.bands()), prominent_(channels),
        levels_(std::max<Frames>(1, to_frames(level_length, rate))) {
    if (options.method == OnsetMethod::aubio) aubio_.emplace(rate, detection());
  }

  void add(const AudioView& audio) {
    const auto mono = one_channel(audio, channel_);
    prominent_.add(audio);
    if (options_.method == OnsetMethod::superflux || options_.grid) detector_.add(mono, sink());
    if (aubio_) aubio_->add(mono);
    levels_.add(audio);
  }

  /// Which channel the pass should have taken.
  [[nodiscard]] OneChannel right_channel() const { return prominent_.channel(); }

  void finish(Survey& result, SampleRate rate, const Progress& progress) {
    detector_.finish(sink());
    result.channel = channel_;
    result.onsets = aubio_ ? aubio_->finish() : analysis::onsets(detector_.strength(), detection());
    result.levels = levels_.finish();
    if (!options_.grid) return;
    const auto track = beats_.finish(to_seconds(result.range.size(), rate).value, progress);
    if (track.beats.empty()) return;
    result.grid.bpm = track.tempo.bpm;
    const double offset = to_seconds(result.range.begin, rate).value;
    for (const auto& beat : track.beats) {
      result.grid.beats.push_back(beat.time + offset);
      if (beat.position == 1) result.grid.downbeats.push_back(beat.time + offset);
    }
  }

 private:
  [[nodiscard]] analysis::OnsetOptions detection() const { return {options_.sensitivity, closest_onsets}; }
  analysis::OnsetDetector::Sink sink() {
    if (!options_.grid) return {};
    return [this](std::span<const float> row) { beats_.add(row); };
  }

  SurveyOptions options_;
  OneChannel channel_;
  analysis::OnsetDetector detector_;
  analysis::BeatTracker beats_;
  std::optional<AubioOnsets> aubio_;
  ProminentChannel prominent_;
  Levels levels_;
};

}  // namespace

Survey survey(const Sound& sound, FrameRange range, const SurveyOptions& options, const Progress& progress) {
  Survey result;
  result.level_frames = std::max<Frames>(1, to_frames(level_length, sound.rate));
  (void)analysis::onsets(std::span<const float>{}, {options.sensitivity, closest_onsets});  // refuses what it cannot take
  for (OneChannel channel;;) {
    Pass pass(sound.rate, sound.channels, channel, options);
    Frames end = range.begin;
    while (end < range.end && sound.channels > 0) {
      const AudioBuffer block = sound.read({end, std::min(range.end, end + block_frames)});
      if (block.frames() == 0) break;
      pass.add(block);
      end += block.frames();
      report(progress, done_with_reading * static_cast<double>(end - range.begin) / static_cast<double>(range.size()));
    }
    result.range = {range.begin, end};
    if (pass.right_channel() != channel) {
      channel = pass.right_channel();
      continue;
    }
    pass.finish(result, sound.rate, [&](double done) {
      return !progress || progress(done_with_reading + (1.0 - done_with_reading) * done);
    });
    return result;
  }
}

}  // namespace sfa::slicing
