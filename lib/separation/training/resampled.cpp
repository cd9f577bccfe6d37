#include "sfa/training/resampled.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sfa/dsp/resample.hpp"

namespace sfa::training {
namespace {

// libsoxr's filter at very high quality reaches some 140 frames of the lower rate to either side.
constexpr Frames filter_reach = 256;

Frames rounded_down(Frames frame, Frames step) { return frame / step * step; }

}  // namespace

Frames resampled_frames(Frames frames, SampleRate from, SampleRate to) {
  return std::llround(static_cast<double>(frames) * to.hz / from.hz);
}

StretchReader resampled(StretchReader own, SampleRate from, Frames frames, SampleRate to) {
  if (from == to) return own;
  const int common = std::gcd(from.hz, to.hz);
  const Frames own_step = from.hz / common, step = to.hz / common;  // frames from one meeting to the next
  const Frames margin = filter_reach * std::max(from.hz, to.hz) / from.hz;
  return [=, own = std::move(own), length = resampled_frames(frames, from, to)](FrameRange wanted) {
    const auto range = intersect(wanted, {0, length});
    if (range.empty()) return AudioBuffer(2, 0, to);
    const auto begin = rounded_down(std::max<Frames>(range.begin - margin, 0), step);
    const auto end = rounded_down(range.end + margin + step - 1, step);
    const auto sound = own({begin / step * own_step, std::min(end / step * own_step, frames)});
    return AudioBuffer(dsp::resample(sound.view(), to).view().slice({range.begin - begin, range.end - begin}));
  };
}

}  // namespace sfa::training
