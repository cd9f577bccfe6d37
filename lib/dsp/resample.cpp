#include "sfa/dsp/resample.hpp"

#include <cmath>
#include <span>

#include "sfa/audio/error.hpp"
#include "soxr_channel.hpp"

namespace sfa::dsp {
namespace {

// Fills `out` to its end; what the resampler still owes at the end of the signal stays zero.
void resample_channel(std::span<const float> in, SampleRate from, std::span<float> out, SampleRate to) {
  SoxrChannel channel(from, to);
  while (!in.empty() && !out.empty()) {
    const auto [taken, made] = channel.convert(in, out);
    in = in.subspan(taken);
    out = out.subspan(made);
  }
  while (!out.empty()) {
    const auto made = channel.drain(out);
    if (made == 0) break;
    out = out.subspan(made);
  }
}

}  // namespace

AudioBuffer resample(const AudioView& audio, SampleRate rate) {
  if (rate.hz < 1 || audio.rate().hz < 1) {
    throw Error(Error::Kind::invalid_argument, "a sample rate below 1 Hz");
  }
  if (rate == audio.rate()) return AudioBuffer(audio);
  const double frames = static_cast<double>(audio.frames()) * rate.hz / audio.rate().hz;
  AudioBuffer out(audio.channels(), std::llround(frames), rate);
  for (int channel = 0; channel < audio.channels(); ++channel) {
    resample_channel(audio.channel(channel), audio.rate(), out.channel(channel), rate);
  }
  return out;
}

}  // namespace sfa::dsp
