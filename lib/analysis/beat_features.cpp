#include "sfa/analysis/beat_features.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/biquad.hpp"

namespace sfa::analysis {
namespace {

constexpr double longest_beat = 2.0;             // seconds: 30 beats a minute
constexpr double stand_in = 0.5;                 // seconds: 120 beats a minute
constexpr double least_stand_in = stand_in / 2;  // a shorter rest joins the interval before it
constexpr double low_hz = 150.0;                 // kick drums and bass lie below
constexpr double least_power = 1e-12, most_power = 1e12;

// Böck and Widmer, "Maximum filter vibrato suppression for onset detection", DAFx 2013: the rise over two
// frames, from the highest of a band and its neighbours.
constexpr std::size_t flux_lag = 2;

float decibels(double power) {
  return static_cast<float>(10.0 * std::log10(std::clamp(power, least_power, most_power)));
}

/// Frames of `width` values at a steady rate: frame i holds from (i - lead) / rate on, until the next.
class FrameQueue {
 public:
  FrameQueue(std::size_t width, double rate, double lead) : width_(width), rate_(rate), lead_(lead) {}

  void add(std::span<const float> frame) { values_.insert(values_.end(), frame.begin(), frame.end()); }

  /// The mean from `begin` to `end` (seconds), frames that reach in partly weighed by how far; 0 outside.
  [[nodiscard]] std::vector<double> mean(double begin, double end) const {
    std::vector<double> sum(width_, 0.0);
    const double from = begin * rate_ + lead_, to = end * rate_ + lead_;
    const auto last = first_ + static_cast<Frames>(values_.size() / width_);
    double total = 0.0;
    for (auto i = std::max(first_, static_cast<Frames>(std::floor(from))); i < last && static_cast<double>(i) < to;
         ++i) {
      const double weight = std::min(to, static_cast<double>(i) + 1.0) - std::max(from, static_cast<double>(i));
      const auto* frame = values_.data() + static_cast<std::size_t>(i - first_) * width_;
      for (std::size_t k = 0; k < width_; ++k) sum[k] += weight * static_cast<double>(frame[k]);
      total += weight;
    }
    if (total > 0.0)
      for (auto& value : sum) value /= total;
    return sum;
  }

  /// Forgets what lies before `time`, in steps large enough to cost little.
  void drop_before(double time) {
    const auto stored = static_cast<Frames>(values_.size() / width_);
    const auto done = std::min(stored, static_cast<Frames>(std::floor(time * rate_ + lead_)) - first_);
    if (done < 1 || 2 * done < stored) return;
    values_.erase(values_.begin(), values_.begin() + done * static_cast<Frames>(width_));
    first_ += done;
  }

 private:
  std::size_t width_;
  double rate_, lead_;
  Frames first_ = 0;  // the index of the first frame stored
  std::vector<float> values_;
};

/// Mean powers of the whole and of the lows for each hundredth of a second.
class PowerMeter {
 public:
  explicit PowerMeter(SampleRate rate)
      : rate_(rate), filtered_(rate.hz > 4.0 * low_hz),
        filter_(filtered_ ? dsp::low_pass(low_hz, std::sqrt(0.5), rate) : dsp::BiquadCoefficients{}) {}

  void add(std::span<const float> mono, FrameQueue& out) {
    for (const float sample : mono) {
      const auto low = static_cast<double>(filter_.process(sample));
      sum_ += static_cast<double>(sample) * static_cast<double>(sample);
      low_sum_ += low * low;
      ++counted_;
      if (++position_ >= end()) give(out);
    }
  }

 private:
  [[nodiscard]] Frames end() const { return (index_ + 1) * rate_.hz / BandSpectrogram::frames_per_second; }

  void give(FrameQueue& out) {
    const auto count = static_cast<double>(counted_);
    const std::array frame{static_cast<float>(sum_ / count), static_cast<float>(low_sum_ / count)};
    for (; position_ >= end(); ++index_) out.add(frame);  // at rates below 100 Hz more than once
    sum_ = low_sum_ = 0.0;
    counted_ = 0;
  }

  SampleRate rate_;
  bool filtered_;
  dsp::Biquad filter_;
  Frames position_ = 0, index_ = 0, counted_ = 0;
  double sum_ = 0.0, low_sum_ = 0.0;
};

constexpr std::size_t groups = BeatFeatures::timbre_bands;
constexpr std::size_t band_width = groups + 2;  // and the onset strengths of all and of the lowest quarter
constexpr std::size_t pitch_width = 24;

}  // namespace

struct BeatFeatureCollector::State {
  State(SampleRate rate, std::size_t row_bands, double chroma_rate)
      : power_meter(rate), bands(band_width, BandSpectrogram::frames_per_second, 0.5),
        power(2, BandSpectrogram::frames_per_second, 0.0), pitches(pitch_width, chroma_rate, 0.5),
        row_size(row_bands), before(flux_lag, std::vector<float>(row_bands, 0.0F)) {}

  void take_row(std::span<const float> row);
  void advance(double time, int at_beat, bool last);
  void give(double end);

  PowerMeter power_meter;
  FrameQueue bands, power, pitches;
  std::size_t row_size;
  std::vector<std::vector<float>> before;  // the last rows, each after its maximum filter, oldest first
  int next_beat = 0;                       // index
  double cursor = 0.0;                     // what lies before is given
  int beat = -1;                           // that lies at the cursor
  bool in_gap = true;                      // what follows the cursor has no beats
  std::vector<BeatFeatures> features;
};

void BeatFeatureCollector::State::take_row(std::span<const float> row) {
  std::array<float, band_width> frame{};
  std::array<float, groups> rise{};
  const auto& earlier = before.front();
  for (std::size_t g = 0; g < groups; ++g) {
    const auto first = g * row_size / groups, last = (g + 1) * row_size / groups;
    for (auto b = first; b < last; ++b) {
      frame[g] += row[b];
      rise[g] += std::max(0.0F, row[b] - earlier[b]);
    }
    const auto count = static_cast<float>(last - first);
    frame[g] /= count;
    frame[groups] += rise[g] / static_cast<float>(row_size);
    if (g < groups / 4) frame[groups + 1] += rise[g] / count / static_cast<float>(groups / 4);
  }
  bands.add(frame);
  std::rotate(before.begin(), before.begin() + 1, before.end());
  auto& widest = before.back();
  for (std::size_t b = 0; b < row_size; ++b)
    widest[b] = std::max({row[b > 0 ? b - 1 : 0], row[b], row[std::min(b + 1, row_size - 1)]});
}

/// One interval, from the cursor to `end`.
void BeatFeatureCollector::State::give(double end) {
  BeatFeatures now;
  now.time = cursor;
  now.duration = end - cursor;
  now.beat = beat;
  const auto timbre = bands.mean(cursor, end);
  std::transform(timbre.begin(), timbre.begin() + groups, now.bands.begin(),
                 [](double x) { return static_cast<float>(x); });
  now.onsets = static_cast<float>(timbre[groups]);
  now.low_onsets = static_cast<float>(timbre[groups + 1]);
  const auto powers = power.mean(cursor, end);
  now.power_db = decibels(powers[0]);
  now.low_db = decibels(powers[1]);
  const auto pitch = pitches.mean(cursor, end);
  const auto normalised = [](auto first, std::array<float, 12>& out) {
    const double total = std::accumulate(first, first + 12, 0.0);
    if (total > 0.0)
      std::transform(first, first + 12, out.begin(), [&](double x) { return static_cast<float>(x / total); });
  };
  normalised(pitch.begin(), now.chroma);
  normalised(pitch.begin() + 12, now.bass_chroma);
  const double weight = std::accumulate(pitch.begin(), pitch.end(), 0.0);
  if (weight > 0.0)
    now.bass_share = static_cast<float>(std::accumulate(pitch.begin() + 12, pitch.end(), 0.0) / weight);
  features.push_back(now);
  cursor = end;
  beat = -1;
  bands.drop_before(cursor);
  power.drop_before(cursor);
  pitches.drop_before(cursor);
}

/// The intervals up to `time`, where the beat of index `at_beat` lies, or the end if it is the last; with
/// neither, those that can be told without knowing what follows.
void BeatFeatureCollector::State::advance(double time, int at_beat, bool last) {
  if (time - cursor > longest_beat) in_gap = true;
  if (in_gap)
    while (time - cursor >= stand_in + least_stand_in) give(cursor + stand_in);
  if (at_beat < 0 && !last) return;
  if (time - cursor > 1e-6) give(time);
  beat = at_beat;
  in_gap = false;
}

BeatFeatureCollector::BeatFeatureCollector(SampleRate rate, int bands, double chroma_frames_per_second) {
  if (bands < BeatFeatures::timbre_bands || chroma_frames_per_second <= 0.0)
    throw Error(Error::Kind::invalid_argument,
                "beat features need at least 20 bands and chroma frames at some rate");
  state_ = std::make_unique<State>(rate, static_cast<std::size_t>(bands), chroma_frames_per_second);
}
BeatFeatureCollector::~BeatFeatureCollector() = default;
BeatFeatureCollector::BeatFeatureCollector(BeatFeatureCollector&&) noexcept = default;
BeatFeatureCollector& BeatFeatureCollector::operator=(BeatFeatureCollector&&) noexcept = default;

void BeatFeatureCollector::add_audio(std::span<const float> mono) { state_->power_meter.add(mono, state_->power); }

void BeatFeatureCollector::add_bands(std::span<const float> row) { state_->take_row(row); }

void BeatFeatureCollector::add_chroma(std::span<const float, 12> treble, std::span<const float, 12> bass) {
  std::array<float, pitch_width> frame;
  std::copy(bass.begin(), bass.end(), std::copy(treble.begin(), treble.end(), frame.begin()));
  state_->pitches.add(frame);
}

void BeatFeatureCollector::settle(std::span<const double> beats, double until) {
  for (const double time : beats) {
    const int index = state_->next_beat++;
    if (time > state_->cursor || (time == 0.0 && state_->next_beat == 1)) state_->advance(time, index, false);
  }
  state_->advance(until, -1, false);
}

void BeatFeatureCollector::finish(std::span<const double> beats, double duration) {
  const auto inside = std::lower_bound(beats.begin(), beats.end(), duration) - beats.begin();
  settle(beats.first(static_cast<std::size_t>(inside)), duration);
  state_->advance(duration, -1, true);
}

const std::vector<BeatFeatures>& BeatFeatureCollector::features() const { return state_->features; }

}  // namespace sfa::analysis
