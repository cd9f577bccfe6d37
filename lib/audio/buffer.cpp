#include "sfa/audio/buffer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sfa/audio/error.hpp"

namespace sfa {

AudioBuffer::AudioBuffer(int channels, Frames frames, SampleRate rate)
    : channels_(channels), frames_(frames), rate_(rate) {
  if (channels < 0 || frames < 0 || rate.hz < 1)
    throw Error(Error::Kind::invalid_argument, "an audio buffer needs channels >= 0, frames >= 0 and a rate >= 1");
  samples_.resize(static_cast<std::size_t>(channels) * static_cast<std::size_t>(frames));
}

AudioBuffer::AudioBuffer(const AudioView& view) : AudioBuffer(view.channels(), view.frames(), view.rate()) {
  for (int c = 0; c < channels_; ++c) std::ranges::copy(view.channel(c), channel(c).begin());
}

std::vector<float> to_mono(const AudioView& audio) {
  const int channels = audio.channels();
  if (channels == 1) return {audio.channel(0).begin(), audio.channel(0).end()};
  std::vector<float> mono(channels > 0 ? static_cast<std::size_t>(audio.frames()) : 0);
  for (std::size_t i = 0; i < mono.size(); ++i) {
    double sum = 0.0;  // a float would overflow where the samples are near its end
    for (int c = 0; c < channels; ++c) sum += audio.channel(c)[i];
    mono[i] = static_cast<float>(sum / channels);
  }
  return mono;
}

float peak(const AudioView& audio) {
  float highest = 0.0F;
  for (int c = 0; c < audio.channels(); ++c)
    for (const float sample : audio.channel(c)) {
      if (std::isnan(sample)) return std::numeric_limits<float>::infinity();
      highest = std::max(highest, std::abs(sample));
    }
  return highest;
}

bool all_finite(const AudioView& audio) {
  for (int c = 0; c < audio.channels(); ++c)
    if (!std::ranges::all_of(audio.channel(c), [](float sample) { return std::isfinite(sample); })) return false;
  return true;
}

}  // namespace sfa
