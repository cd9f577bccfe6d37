#include "sfa/dsp/stream_resampler.hpp"

#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"
#include "soxr_channel.hpp"

namespace sfa::dsp {
namespace {

constexpr Frames block = 4096;  // read at a time

}  // namespace

struct StreamResampler::State {
  SampleRate from, to;
  Pull pull;
  std::vector<SoxrChannel> resamplers;  // one for each channel
  AudioBuffer input;                    // read, of which `used` frames are gone into the resamplers
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
    SoxrChannel::Progress done;
    for (std::size_t c = 0; c < resamplers.size(); ++c) {
      const auto channel = static_cast<int>(c);
      const auto target = out.channel(channel).subspan(written);
      if (ended) done.made = resamplers[c].drain(target);
      else done = resamplers[c].convert(input.channel(channel).subspan(static_cast<std::size_t>(used)), target);
    }
    used += static_cast<Frames>(done.taken);
    return done.made;
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
    for (int c = 0; c < channels; ++c) state_->resamplers.emplace_back(from, to);
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
