#include "sfa/dsp/stream_resampler.hpp"

#include <soxr.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

constexpr Frames block = 4096;  // read at a time

struct DeleteSoxr {
  void operator()(soxr* resampler) const { soxr_delete(resampler); }
};
using Resampler = std::unique_ptr<soxr, DeleteSoxr>;

void check(soxr_error_t error) {
  if (error != nullptr) throw Error(Error::Kind::unsupported, std::string("resampling: ") + error);
}

Resampler make_resampler(SampleRate from, SampleRate to) {
  soxr_error_t error = nullptr;
  const auto format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
  const auto quality = soxr_quality_spec(SOXR_VHQ, 0);
  const auto threads = soxr_runtime_spec(1);
  Resampler resampler(soxr_create(from.hz, to.hz, 1, &error, &format, &quality, &threads));
  check(error);
  return resampler;
}

}  // namespace

struct StreamResampler::State {
  SampleRate from, to;
  Pull pull;
  std::vector<Resampler> resamplers;  // one for each channel
  AudioBuffer input;                  // read, of which `used` frames are gone into the resamplers
  Frames used = 0;
  bool ended = false;

  void refill() {
    if (ended || used < input.frames()) return;
    input = pull(block);
    used = 0;
    ended = input.frames() == 0;
  }

  // Each channel is in the same state, so each takes and gives the same number of frames.
  std::size_t convert(AudioBuffer& out, std::size_t written) {
    std::size_t taken = 0, made = 0;
    for (std::size_t c = 0; c < resamplers.size(); ++c) {
      const auto target = out.channel(static_cast<int>(c)).subspan(written);
      const float* from_here = ended ? nullptr : input.channel(static_cast<int>(c)).data() + used;
      const auto left = ended ? 0U : static_cast<std::size_t>(input.frames() - used);
      check(soxr_process(resamplers[c].get(), from_here, left, &taken, target.data(), target.size(), &made));
    }
    used += static_cast<Frames>(taken);
    return made;
  }
};

StreamResampler::StreamResampler(int channels, SampleRate from, SampleRate to, Pull pull)
    : state_(std::make_unique<State>()) {
  if (channels < 1 || from.hz < 1 || to.hz < 1)
    throw Error(Error::Kind::invalid_argument, "resampling needs a channel, and sample rates of at least 1 Hz");
  state_->from = from;
  state_->to = to;
  state_->pull = std::move(pull);
  if (from != to)
    for (int c = 0; c < channels; ++c) state_->resamplers.push_back(make_resampler(from, to));
}

StreamResampler::~StreamResampler() = default;
StreamResampler::StreamResampler(StreamResampler&&) noexcept = default;
StreamResampler& StreamResampler::operator=(StreamResampler&&) noexcept = default;

AudioBuffer StreamResampler::read(Frames frames) {
  auto& state = *state_;
  if (state.resamplers.empty()) return state.pull(frames);
  AudioBuffer out(static_cast<int>(state.resamplers.size()), frames, state.to);
  std::size_t written = 0;
  while (written < static_cast<std::size_t>(frames)) {
    state.refill();
    const auto made = state.convert(out, written);
    written += made;
    if (state.ended && made == 0) break;
  }
  return static_cast<Frames>(written) == frames ? std::move(out)
                                                : AudioBuffer(out.view().slice({0, static_cast<Frames>(written)}));
}

}  // namespace sfa::dsp
