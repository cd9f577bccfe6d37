#include "sfa/dsp/loudness.hpp"

#include <ebur128.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <new>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/interleave.hpp"

namespace sfa::dsp {
namespace {

struct Destroy {
  void operator()(ebur128_state* meter) const { ebur128_destroy(&meter); }
};

void check(int code) {
  switch (code) {
    case EBUR128_SUCCESS: return;
    case EBUR128_ERROR_NOMEM: throw std::bad_alloc();
    case EBUR128_ERROR_INVALID_MODE:
      throw Error(Error::Kind::invalid_argument, "a loudness meter was asked for what it does not measure");
    default: throw Error(Error::Kind::unsupported, "loudness cannot be measured of this audio");
  }
}

int mode(LoudnessMeter::Measures measures) {
  int mode = EBUR128_MODE_I;
  if (measures.range) mode |= EBUR128_MODE_LRA;
  if (measures.sample_peak) mode |= EBUR128_MODE_SAMPLE_PEAK;
  if (measures.true_peak) mode |= EBUR128_MODE_TRUE_PEAK;
  return mode;
}

using Meter = std::unique_ptr<ebur128_state, Destroy>;

double highest_db(const Meter& meter, int (*peak)(ebur128_state*, unsigned, double*)) {
  double highest = 0.0;
  for (unsigned channel = 0; channel < meter->channels; ++channel) {
    double level = 0.0;
    check(peak(meter.get(), channel, &level));
    highest = std::max(highest, level);
  }
  // Between samples near the end of what floats can hold, the interpolator overflows.
  highest = std::min(highest, double{std::numeric_limits<float>::max()});
  return to_decibels(highest).value;
}

/// The energies of the last 3 s in steps of 10 ms, and what is read of them.
class SlidingLoudness {
 public:
  static constexpr int steps_per_second = 100, steps_per_value = 10;

  explicit SlidingLoudness(bool curves) : curves_(curves) {}

  /// The frame at which the next step ends.
  [[nodiscard]] Frames end(SampleRate rate) const {
    return ((steps_ + 1) * rate.hz + steps_per_second / 2) / steps_per_second;
  }

  /// The loudness of the next step, -infinity for silence.
  void add(double step_lufs) {
    energies_[static_cast<std::size_t>(steps_++ % short_term_steps)] = std::pow(10.0, step_lufs / 10.0);
    read(momentary_steps, highest_momentary, momentary);
    read(short_term_steps, highest_short_term, short_term);
  }

  double highest_momentary = -std::numeric_limits<double>::infinity();
  double highest_short_term = highest_momentary;
  std::vector<float> momentary, short_term;

 private:
  static constexpr Frames momentary_steps = 40, short_term_steps = 300;

  void read(Frames window, double& highest, std::vector<float>& curve) const {
    if (steps_ < window) return;
    double sum = 0.0;
    for (Frames step = steps_ - window; step < steps_; ++step)
      sum += energies_[static_cast<std::size_t>(step % short_term_steps)];
    const double lufs = 10.0 * std::log10(sum / static_cast<double>(window));
    highest = std::max(highest, lufs);
    if (curves_ && (steps_ - window) % steps_per_value == 0) curve.push_back(static_cast<float>(lufs));
  }

  bool curves_;
  Frames steps_ = 0;
  std::array<double, short_term_steps> energies_{};
};

}  // namespace

struct LoudnessMeter::State {
  State(SampleRate rate_, int channels_, Measures measures)
      : rate(rate_), channels(channels_), slides(measures.maxima || measures.curves), curves(measures.curves),
        sliding(measures.curves) {}

  /// Takes interleaved samples, in pieces that end where steps do if steps are asked for.
  void add(std::span<const float> samples) {
    const auto width = static_cast<std::size_t>(channels);
    while (!samples.empty()) {
      auto count = samples.size() / width;
      if (slides) count = std::min(count, static_cast<std::size_t>(sliding.end(rate) - frames));
      check(ebur128_add_frames_float(meter.get(), samples.data(), count));
      samples = samples.subspan(count * width);
      frames += static_cast<Frames>(count);
      if (!slides || frames < sliding.end(rate)) continue;
      double lufs = 0.0;
      check(ebur128_loudness_window(meter.get(), 1000 / SlidingLoudness::steps_per_second, &lufs));
      sliding.add(lufs);
    }
  }

  [[nodiscard]] const SlidingLoudness& slid(bool asked_for) const {
    if (!asked_for) check(EBUR128_ERROR_INVALID_MODE);
    return sliding;
  }

  SampleRate rate;
  int channels;
  bool slides, curves;
  SlidingLoudness sliding;
  Meter meter{};
  Frames frames = 0;
};

LoudnessMeter::LoudnessMeter(SampleRate rate, int channels, Measures measures)
    : state_(std::make_unique<State>(rate, channels, measures)) {
  if (rate.hz > 0 && channels > 0)
    state_->meter.reset(
        ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate.hz), mode(measures)));
  if (!state_->meter)
    throw Error(Error::Kind::unsupported, "loudness is measured of 1 to 64 channels at usual sample rates");
}

LoudnessMeter::~LoudnessMeter() = default;
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;

void LoudnessMeter::add(const AudioView& audio) {
  if (audio.rate() != state_->rate || audio.channels() != state_->channels)
    throw Error(Error::Kind::invalid_argument, "a loudness meter was given audio of another shape");
  for_each_interleaved_block(audio, [&](auto samples) { state_->add(samples); });
}

double LoudnessMeter::momentary_now_lufs() const {
  double loudness = 0.0;
  check(ebur128_loudness_momentary(state_->meter.get(), &loudness));
  return loudness;
}

double LoudnessMeter::integrated_lufs() const {
  double loudness = 0.0;
  check(ebur128_loudness_global(state_->meter.get(), &loudness));
  return loudness;
}

double LoudnessMeter::range_lu() const {
  double range = 0.0;
  check(ebur128_loudness_range(state_->meter.get(), &range));
  return range;
}

double LoudnessMeter::sample_peak_db() const { return highest_db(state_->meter, ebur128_sample_peak); }

double LoudnessMeter::true_peak_db() const { return highest_db(state_->meter, ebur128_true_peak); }

double LoudnessMeter::maximum_momentary_lufs() const { return state_->slid(state_->slides).highest_momentary; }

double LoudnessMeter::maximum_short_term_lufs() const { return state_->slid(state_->slides).highest_short_term; }

std::span<const float> LoudnessMeter::momentary_lufs() const { return state_->slid(state_->curves).momentary; }

std::span<const float> LoudnessMeter::short_term_lufs() const { return state_->slid(state_->curves).short_term; }

}  // namespace sfa::dsp
