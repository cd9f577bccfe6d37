#include "soxr_channel.hpp"

#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

void check(soxr_error_t error) {
  if (error != nullptr) throw Error(Error::Kind::unsupported, std::string("resampling: ") + error);
}

}  // namespace

SoxrChannel::SoxrChannel(SampleRate from, SampleRate to) {
  soxr_error_t error = nullptr;
  const auto format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const auto quality = soxr_quality_spec(SOXR_VHQ, 0);
  const auto threads = soxr_runtime_spec(1);
  resampler_.reset(soxr_create(from.hz, to.hz, 1, &error, &format, &quality, &threads));
  check(error);
}

SoxrChannel::Progress SoxrChannel::convert(std::span<const float> in, std::span<float> out) {
  Progress done;
  check(soxr_process(resampler_.get(), in.data(), in.size(), &done.taken, out.data(), out.size(), &done.made));
  return done;
}

std::size_t SoxrChannel::drain(std::span<float> out) {
  std::size_t made = 0;
  check(soxr_process(resampler_.get(), nullptr, 0, nullptr, out.data(), out.size(), &made));
  return made;
}

}  // namespace sfa::dsp
