#include "sfa/analysis/loudness.hpp"

#include <ebur128.h>

#include <algorithm>
#include <limits>
#include <new>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

constexpr double silent = -std::numeric_limits<double>::infinity();

void check(int code) {
  if (code == EBUR128_ERROR_NOMEM) throw std::bad_alloc();
  if (code != EBUR128_SUCCESS) throw Error(Error::Kind::unsupported, "loudness cannot be measured of this audio");
}

}  // namespace

struct LoudnessMeter::State {
  State(SampleRate rate, int channels)
      : meter(ebur128_init(static_cast<unsigned>(channels), static_cast<unsigned long>(rate.hz),
                           EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK)) {
    if (!meter) throw Error(Error::Kind::unsupported, "loudness is measured of 1 to 64 channels at usual rates");
  }
  ~State() { ebur128_destroy(&meter); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  ebur128_state* meter;
  std::vector<float> interleaved;
};

LoudnessMeter::LoudnessMeter(SampleRate rate, int channels) : state_(std::make_unique<State>(rate, channels)) {}
LoudnessMeter::~LoudnessMeter() = default;
LoudnessMeter::LoudnessMeter(LoudnessMeter&&) noexcept = default;
LoudnessMeter& LoudnessMeter::operator=(LoudnessMeter&&) noexcept = default;

void LoudnessMeter::add(const AudioView& audio) {
  const auto channels = static_cast<std::size_t>(audio.channels());
  if (channels != state_->meter->channels)
    throw Error(Error::Kind::invalid_argument, "loudness: the number of channels has changed");
  constexpr Frames block = 16384;  // stays in the cache
  for (Frames begin = 0; begin < audio.frames(); begin += block) {
    const auto part = audio.slice({begin, begin + block});
    const auto frames = static_cast<std::size_t>(part.frames());
    state_->interleaved.resize(frames * channels);
    for (std::size_t c = 0; c < channels; ++c) {
      const auto channel = part.channel(static_cast<int>(c));
      for (std::size_t i = 0; i < frames; ++i) state_->interleaved[i * channels + c] = channel[i];
    }
    check(ebur128_add_frames_float(state_->meter, state_->interleaved.data(), frames));
  }
}

Loudness LoudnessMeter::loudness() const {
  Loudness result{silent, 0.0, silent};
  check(ebur128_loudness_global(state_->meter, &result.integrated_lufs));
  check(ebur128_loudness_range(state_->meter, &result.range_lu));
  double highest = 0.0;
  for (unsigned c = 0; c < state_->meter->channels; ++c) {
    double peak = 0.0;
    check(ebur128_true_peak(state_->meter, c, &peak));
    highest = std::max(highest, peak);
  }
  result.true_peak_db = to_decibels(highest).value;
  return result;
}

Loudness loudness(const AudioView& audio) {
  if (audio.channels() == 0) return {silent, 0.0, silent};
  LoudnessMeter meter(audio.rate(), audio.channels());
  meter.add(audio);
  return meter.loudness();
}

}  // namespace sfa::analysis
