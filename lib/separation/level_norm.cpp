#include "sfa/separation/level_norm.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::separation {

void LevelNorm::apply(std::span<float> samples) const {
  for (float& x : samples) x = static_cast<float>((x - mean) / deviation);
}

void LevelNorm::undo(std::span<float> samples) const {
  for (float& x : samples) x = static_cast<float>(x * deviation + mean);
}

void LevelNormMeter::add(const AudioView& audio) {
  for (const float x : to_mono(audio)) {
    sum_ += static_cast<double>(x);
    squares_ += static_cast<double>(x) * static_cast<double>(x);
  }
  frames_ += audio.frames();
}

LevelNorm LevelNormMeter::norm() const {
  const auto count = static_cast<double>(frames_);
  const double mean = frames_ > 0 ? sum_ / count : 0.0;
  const double variance = frames_ > 1 ? std::max(0.0, (squares_ - sum_ * mean) / (count - 1.0)) : 0.0;
  return {mean, std::sqrt(variance) + 1e-8};
}

}  // namespace sfa::separation
