#include "sfa/dsp/resample.hpp"

#include <soxr.h>

#include <cmath>
#include <memory>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

struct DeleteSoxr {
  void operator()(soxr* resampler) const { soxr_delete(resampler); }
};

void check(soxr_error_t error) {
  if (error != nullptr) throw Error(Error::Kind::unsupported, std::string("resampling: ") + error);
}

// Fills `out` to its end; what the resampler still owes at the end of the signal stays zero.
void resample_channel(std::span<const float> in, SampleRate from, std::span<float> out, SampleRate to) {
  soxr_error_t error = nullptr;
  const auto format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const auto quality = soxr_quality_spec(SOXR_VHQ, 0);
  const auto threads = soxr_runtime_spec(1);
  const std::unique_ptr<soxr, DeleteSoxr> resampler(
      soxr_create(from.hz, to.hz, 1, &error, &format, &quality, &threads));
  check(error);
  std::size_t read = 0, written = 0;
  while (written < out.size()) {
    const bool ending = read == in.size();
    std::size_t used = 0, made = 0;
    check(soxr_process(resampler.get(), ending ? nullptr : in.data() + read, in.size() - read, &used,
                       out.data() + written, out.size() - written, &made));
    read += used;
    written += made;
    if (ending && made == 0) break;
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
