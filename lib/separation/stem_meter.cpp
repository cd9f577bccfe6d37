#include "sfa/separation/stem_meter.hpp"

#include <ebur128.h>

#include <algorithm>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

struct Destroy {
  void operator()(ebur128_state* meter) const { ebur128_destroy(&meter); }
};

}  // namespace

struct StemMeter::State {
  SampleRate rate;
  int channels;
  std::unique_ptr<ebur128_state, Destroy> meter;
  float highest = 0.0F;
  std::vector<float> interleaved;
};

StemMeter::StemMeter(SampleRate rate, int channels) : state_(std::make_unique<State>(State{rate, channels, {}, 0, {}})) {
  if (rate.hz > 0 && channels > 0)
    state_->meter.reset(ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate.hz), EBUR128_MODE_I));
  if (!state_->meter) throw Error(Error::Kind::invalid_argument, "no loudness meter for so many channels or such a rate");
}

StemMeter::~StemMeter() = default;
StemMeter::StemMeter(StemMeter&&) noexcept = default;
StemMeter& StemMeter::operator=(StemMeter&&) noexcept = default;

void StemMeter::add(const AudioView& audio) {
  if (audio.rate() != state_->rate || audio.channels() != state_->channels)
    throw Error(Error::Kind::invalid_argument, "a meter was given audio of another shape");
  state_->highest = std::max(state_->highest, peak(audio));
  const auto channels = static_cast<std::size_t>(audio.channels());
  auto& interleaved = state_->interleaved;
  interleaved.resize(channels * static_cast<std::size_t>(audio.frames()));
  for (std::size_t c = 0; c < channels; ++c) {
    const auto samples = audio.channel(static_cast<int>(c));
    for (std::size_t i = 0; i < samples.size(); ++i) interleaved[i * channels + c] = samples[i];
  }
  if (ebur128_add_frames_float(state_->meter.get(), interleaved.data(), static_cast<std::size_t>(audio.frames())) != 0)
    throw std::bad_alloc();
}

double StemMeter::peak_db() const { return to_decibels(state_->highest).value; }

double StemMeter::loudness_lufs() const {
  double loudness = -std::numeric_limits<double>::infinity();
  ebur128_loudness_global(state_->meter.get(), &loudness);
  return loudness;
}

}  // namespace sfa::separation
