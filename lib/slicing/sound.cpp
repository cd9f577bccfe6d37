#include "sfa/slicing/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sfa::slicing {
namespace {

constexpr float beyond_sense = 1e6F;      // 120 dBFS
constexpr double least_mean_share = 0.1;  // of the power that uncorrelated channels leave in their mean

double power(std::span<const float> samples) {
  return std::accumulate(samples.begin(), samples.end(), 0.0,
                         [](double sum, float value) { return sum + double{value} * value; });
}

}  // namespace

Sound sound_of(const AudioView& audio) {
  return {audio.rate(), audio.channels(), [audio](FrameRange range) { return AudioBuffer(audio.slice(range)); }};
}

std::vector<float> one_channel(const AudioView& audio, OneChannel channel) {
  std::vector<float> samples;
  if (channel.index < 0) {
    samples = to_mono(audio);
  } else {
    const auto chosen = audio.channel(channel.index);
    samples.assign(chosen.begin(), chosen.end());
  }
  for (float& sample : samples) {
    if (channel.exponent > 0) sample = std::ldexp(sample, -channel.exponent);
    sample = std::clamp(sample, -beyond_sense, beyond_sense);
  }
  return samples;
}

void ProminentChannel::add(const AudioView& audio) {
  highest_ = std::max(highest_, peak(audio));
  if (powers_.size() < 2) return;
  for (std::size_t c = 0; c < powers_.size(); ++c) powers_[c] += power(audio.channel(static_cast<int>(c)));
  mean_ += power(to_mono(audio));
}

OneChannel ProminentChannel::channel() const {
  OneChannel found;
  if (highest_ > beyond_sense) found.exponent = std::ilogb(highest_) + 1;
  if (powers_.size() < 2) return found;
  const double sum = std::accumulate(powers_.begin(), powers_.end(), 0.0);
  const auto channels = static_cast<double>(powers_.size());
  if (mean_ < least_mean_share * sum / (channels * channels))
    found.index = static_cast<int>(std::ranges::max_element(powers_) - powers_.begin());
  return found;
}

std::vector<float> prominent_channel(const AudioView& audio) {
  ProminentChannel prominent(audio.channels());
  prominent.add(audio);
  return one_channel(audio, prominent.channel());
}

}  // namespace sfa::slicing
