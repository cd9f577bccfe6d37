#include "sfa/dsp/loudness.hpp"

#include <ebur128.h>

#include <algorithm>
#include <limits>
#include <new>

#include "sfa/audio/error.hpp"
#include "sfa/audio/interleave.hpp"

namespace sfa::dsp {
namespace {

struct Destroy {
  void operator()(ebur128_state* meter) const { ebur128_destroy(&meter); }
};

void check(int code) {
  switch (code) {
    case EBUR128_SUCCESS: return;
    case EBUR128_ERROR_NOMEM: throw std::bad_alloc();
    case EBUR128_ERROR_INVALID_MODE:
      throw Error(Error::Kind::invalid_argument, "a loudness meter was asked for what it does not measure");
    default: throw Error(Error::Kind::unsupported, "loudness cannot be measured of this audio");
  }
}

int mode(LoudnessMeter::Measures measures) {
  int mode = EBUR128_MODE_I;
  if (measures.range) mode |= EBUR128_MODE_LRA;
  if (measures.sample_peak) mode |= EBUR128_MODE_SAMPLE_PEAK;
  if (measures.true_peak) mode |= EBUR128_MODE_TRUE_PEAK;
  return mode;
}

using Meter = std::unique_ptr<ebur128_state, Destroy>;

double highest_db(const Meter& meter, int (*peak)(ebur128_state*, unsigned, double*)) {
  double highest = 0.0;
  for (unsigned channel = 0; channel < meter->channels; ++channel) {
    double level = 0.0;
    check(peak(meter.get(), channel, &level));
    highest = std::max(highest, level);
  }
  // Between samples near the end of what floats can hold, the interpolator overflows.
  highest = std::min(highest, double{std::numeric_limits<float>::max()});
  return to_decibels(highest).value;
}

}  // namespace

struct LoudnessMeter::State {
  SampleRate rate;
  int channels;
  Meter meter;
};

LoudnessMeter::LoudnessMeter(SampleRate rate, int channels, Measures measures)
    : state_(std::make_unique<State>(State{rate, channels, {}})) {
  if (rate.hz > 0 && channels > 0)
    state_->meter.reset(
        ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate.hz), mode(measures)));
  if (!state_->meter)
    throw Error(Error::Kind::unsupported, "loudness is measured of 1 to 64 channels at usual sample rates");
}

LoudnessMeter::~LoudnessMeter() = default;
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;

void LoudnessMeter::add(const AudioView& audio) {
  if (audio.rate() != state_->rate || audio.channels() != state_->channels)
    throw Error(Error::Kind::invalid_argument, "a loudness meter was given audio of another shape");
  for_each_interleaved_block(audio, [&](auto samples) {
    check(ebur128_add_frames_float(state_->meter.get(), samples.data(), samples.size() / state_->meter->channels));
  });
}

double LoudnessMeter::integrated_lufs() const {
  double loudness = 0.0;
  check(ebur128_loudness_global(state_->meter.get(), &loudness));
  return loudness;
}

double LoudnessMeter::range_lu() const {
  double range = 0.0;
  check(ebur128_loudness_range(state_->meter.get(), &range));
  return range;
}

double LoudnessMeter::sample_peak_db() const { return highest_db(state_->meter, ebur128_sample_peak); }

double LoudnessMeter::true_peak_db() const { return highest_db(state_->meter, ebur128_true_peak); }

}  // namespace sfa::dsp
