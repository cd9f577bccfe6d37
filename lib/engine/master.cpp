#include "sfa/engine/master.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sfa/dsp/lanes.hpp"

namespace sfa::engine {

Master::Master(const MasterOptions& options, SampleRate rate, int channels, Frames ramp_frames)
    : gain_(1.0F, ramp_frames) {
  if (options.compressor) compressor_.emplace(*options.compressor, rate);
  if (options.limiter) limiter_.emplace(*options.limiter, rate, channels);
}

void Master::set_gain(float gain) noexcept {
  if (std::isfinite(gain)) gain_.aim(gain);
}

void Master::process(const Block& block) noexcept {
  if (compressor_) {
    compressor_->process(block);
    levels_.compressor_db = std::max(levels_.compressor_db, static_cast<float>(compressor_->reduction_db()));
  }
  std::array<float, piece_frames> gains;
  const auto count = static_cast<std::size_t>(block.frames);
  gain_.fill({gains.data(), count});
  for (int c = 0; c < block.channels; ++c) {
    float* const samples = block.channel(c).data();
    for (std::size_t i = 0; i < count; ++i) samples[i] *= gains[i];
  }
  if (limiter_) limiter_->process(block);
  measure(block);
}

void Master::measure(const Block& block) noexcept {
  for (int c = 0; c < block.channels; ++c) {
    const float highest = dsp::highest(block.channel(c));
    levels_.peak = std::max(levels_.peak, highest);
    if (c >= metered_channels) continue;
    const auto index = static_cast<std::size_t>(c);
    levels_.peaks[index] = std::max(levels_.peaks[index], highest);
    float sum = 0.0F;
    for (const float sample : block.channel(c)) sum += sample * sample;
    energy_[index] += static_cast<double>(sum);
  }
  measured_frames_ += block.frames;
}

MasterLevels Master::take_levels() noexcept {
  const auto frames = static_cast<double>(std::max<Frames>(1, measured_frames_));
  for (std::size_t c = 0; c < energy_.size(); ++c) {
    levels_.rms[c] = static_cast<float>(std::sqrt(energy_[c] / frames));
    energy_[c] = 0.0;
  }
  measured_frames_ = 0;
  if (limiter_) {
    const double lowest = static_cast<double>(limiter_->take_lowest_gain());
    levels_.limiter_db = static_cast<float>(-to_decibels(lowest).value);
  }
  return std::exchange(levels_, {});
}

}  // namespace sfa::engine
