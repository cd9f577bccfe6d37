#include "sfa/mix/level.hpp"

#include <ebur128.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::mix {

struct LevelMeter::State {
  ebur128_state* meter = nullptr;
  std::vector<float> interleaved;
  ~State() { ebur128_destroy(&meter); }
};

LevelMeter::LevelMeter(int channels, SampleRate rate) : state_(std::make_unique<State>()) {
  state_->meter = ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate.hz),
                               EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK);
  if (state_->meter == nullptr)
    throw Error(Error::Kind::unsupported, "loudness cannot be measured for this sample rate or number of channels");
}

LevelMeter::~LevelMeter() = default;

void LevelMeter::add(const AudioView& block) {
  auto& samples = state_->interleaved;
  const auto channels = static_cast<std::size_t>(block.channels());
  samples.resize(channels * static_cast<std::size_t>(block.frames()));
  for (std::size_t c = 0; c < channels; ++c) {
    const auto channel = block.channel(static_cast<int>(c));
    for (std::size_t n = 0; n < channel.size(); ++n) samples[n * channels + c] = channel[n];
  }
  if (ebur128_add_frames_float(state_->meter, samples.data(), static_cast<std::size_t>(block.frames())) !=
      EBUR128_SUCCESS)
    throw Error(Error::Kind::io, "out of memory while measuring loudness");
}

Level LevelMeter::level() const {
  Level level;
  ebur128_loudness_global(state_->meter, &level.integrated_lufs);
  double highest = 0.0;
  for (unsigned c = 0; c < state_->meter->channels; ++c) {
    double peak = 0.0;
    ebur128_true_peak(state_->meter, c, &peak);
    highest = std::max(highest, peak);
  }
  level.true_peak_db = to_decibels(highest).value;
  return level;
}

Correction correction(const Level& level, const Goal& goal) {
  const bool reachable = goal.target_lufs && std::isfinite(level.integrated_lufs);
  const double wanted = reachable ? *goal.target_lufs - level.integrated_lufs : 0.0;
  const double allowed =
      goal.ceiling_db && std::isfinite(level.true_peak_db) ? *goal.ceiling_db - level.true_peak_db : HUGE_VAL;
  if (allowed < wanted) return {allowed, Binding::ceiling};
  return {wanted, reachable ? Binding::target : Binding::nothing};
}

}  // namespace sfa::mix
