#include "sfa/effects/limiter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::effects {
namespace {

// The gain stands still around a peak as far as the interpolator of a meter reaches to both sides.
constexpr Frames plateau = dsp::TruePeak::taps;
// Meters differ in their interpolators: that of libebur128 reads up to 0.12 dB more than ours.
constexpr double margin_db = 0.15;
constexpr std::int64_t one = std::int64_t{1} << 40;
constexpr double inaudible = 1e-7;
constexpr Frames piece = 64;

bool within(double value, double low, double high) { return value >= low && value <= high; }

}  // namespace

Limiter::Limiter(const LimiterOptions& options, SampleRate rate, int channels)
    : ceiling_(to_gain({options.ceiling_db - margin_db})),
      release_(std::exp(-1000.0 / (options.release_ms * rate.hz))),
      attack_(std::max<Frames>(1, to_frames({options.lookahead_ms / 1000.0}, rate))),
      window_(attack_ + plateau),
      latency_(dsp::TruePeak::delay_frames + attack_ - 1 + plateau / 2) {
  if (!within(options.ceiling_db, -60.0, 0.0) || !within(options.lookahead_ms, 0.1, 20.0) ||
      !within(options.release_ms, 1.0, 1e4) || !within(rate.hz, 1, 10'000'000) || !within(channels, 1, 64))
    throw Error(Error::Kind::invalid_argument, "a limiter was given a value outside its range");
  peaks_.resize(static_cast<std::size_t>(channels));
  delay_.resize(static_cast<std::size_t>(channels * latency_));
  least_.resize(static_cast<std::size_t>(window_ + 1));
  ramp_.assign(static_cast<std::size_t>(attack_), one);
  ramp_sum_ = attack_ * one;
}

/// A queue of falling candidates: its front is the lowest of the last `window_` gains.
float Limiter::lowest_in_window(float gain) noexcept {
  const auto at = [this](std::size_t i) -> Least& { return least_[(least_begin_ + i) % least_.size()]; };
  while (least_size_ > 0 && at(least_size_ - 1).gain >= gain) --least_size_;
  at(least_size_++) = {gain, clock_};
  if (at(0).frame <= clock_ - window_) {
    least_begin_ = (least_begin_ + 1) % least_.size();
    --least_size_;
  }
  ++clock_;
  return at(0).gain;
}

float Limiter::next_gain(float peak) noexcept {
  const double lowest = lowest_in_window(peak > ceiling_ ? ceiling_ / peak : 1.0F);
  rising_ = lowest <= rising_ ? lowest : lowest + (rising_ - lowest) * release_;
  if (lowest - rising_ < inaudible) rising_ = lowest;
  auto& oldest = ramp_[ramp_at_];
  const auto newest = static_cast<std::int64_t>(rising_ * static_cast<double>(one));
  ramp_sum_ += newest - std::exchange(oldest, newest);
  ramp_at_ = (ramp_at_ + 1) % ramp_.size();
  return static_cast<float>(static_cast<double>(ramp_sum_) / static_cast<double>(attack_ * one));
}

float Limiter::delayed(std::size_t channel, float sample) noexcept {
  return std::exchange(delay_[channel * static_cast<std::size_t>(latency_) + delay_at_], sample);
}

void Limiter::process(const Block& samples) noexcept {
  std::array<float, piece> highest, peaks;
  for (Frames begin = 0; begin < samples.frames; begin += piece) {
    const auto part = samples.part({begin, std::min(begin + piece, samples.frames)});
    const auto count = static_cast<std::size_t>(part.frames);
    highest.fill(0.0F);
    for (int c = 0; c < part.channels; ++c) {
      peaks_[static_cast<std::size_t>(c)].process(part.channel(c), {peaks.data(), count});
      for (std::size_t i = 0; i < count; ++i) highest[i] = std::max(highest[i], peaks[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const float gain = next_gain(highest[i]);
      lowest_applied_ = std::min(lowest_applied_, gain);
      for (int c = 0; c < part.channels; ++c) {
        float& sample = part.channel(c)[i];
        sample = delayed(static_cast<std::size_t>(c), sample) * gain;
      }
      delay_at_ = (delay_at_ + 1) % static_cast<std::size_t>(latency_);
    }
  }
}

float Limiter::take_lowest_gain() noexcept { return std::exchange(lowest_applied_, 1.0F); }

}  // namespace sfa::effects
