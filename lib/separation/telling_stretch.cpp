#include "sfa/separation/telling_stretch.hpp"

#include <algorithm>

namespace sfa::separation {

void TellingStretch::add(const AudioView& audio) {
  for (Frames at = 0; at < audio.frames();) {
    const auto second = static_cast<std::size_t>((frames_ + at) / rate_.hz);
    const Frames end = std::min(audio.frames(), (static_cast<Frames>(second) + 1) * rate_.hz - frames_);
    energy_.resize(second + 1);
    for (int c = 0; c < audio.channels(); ++c)
      for (Frames i = at; i < end; ++i) {
        const double x = audio.channel(c)[static_cast<std::size_t>(i)];
        energy_[second] += x * x;
      }
    at = end;
  }
  frames_ += audio.frames();
}

FrameRange TellingStretch::choose(Frames length) const {
  if (length >= frames_) return {0, frames_};
  const auto seconds = std::max<std::size_t>(1, static_cast<std::size_t>(length / rate_.hz));
  const auto last = static_cast<std::size_t>((frames_ - length) / rate_.hz);
  std::size_t best = 0;
  double highest = -1.0;
  for (std::size_t begin = 0; begin <= last; ++begin) {
    double energy = 0.0;
    for (std::size_t i = begin; i < std::min(begin + seconds, energy_.size()); ++i) energy += energy_[i];
    if (energy <= highest) continue;
    highest = energy;
    best = begin;
  }
  const Frames begin = static_cast<Frames>(best) * rate_.hz;
  return {begin, begin + length};
}

}  // namespace sfa::separation
