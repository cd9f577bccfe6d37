#include "sfa/dsp/stretch.hpp"

#include <rubberband/RubberBandStretcher.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

using RubberBand::RubberBandStretcher;

constexpr double longest_ratio = 16.0;
constexpr Frames block_frames = 4096;

std::vector<const float*> pointers(const AudioView& audio, Frames at) {
  std::vector<const float*> channels;
  for (int c = 0; c < audio.channels(); ++c) channels.push_back(audio.channel(c).data() + at);
  return channels;
}

/// Takes what is ready, as far as there is room for it.
void collect(RubberBandStretcher& stretcher, AudioBuffer& made, Frames& done) {
  for (int ready = stretcher.available(); ready > 0 && done < made.frames(); ready = stretcher.available()) {
    std::vector<float*> channels;
    for (int c = 0; c < made.channels(); ++c) channels.push_back(made.channel(c).data() + done);
    done += static_cast<Frames>(
        stretcher.retrieve(channels.data(), static_cast<std::size_t>(std::min<Frames>(ready, made.frames() - done))));
  }
}

}  // namespace

AudioBuffer stretch(const AudioView& audio, double ratio) {
  if (!(ratio >= 1.0 / longest_ratio && ratio <= longest_ratio) || audio.channels() < 1 || audio.channels() > 64)
    throw Error(Error::Kind::invalid_argument, "can be stretched by 1/16 to 16, at 1 to 64 channels");
  if (ratio == 1.0 || audio.frames() == 0) return AudioBuffer(audio);
  AudioBuffer made(audio.channels(), std::llround(static_cast<double>(audio.frames()) * ratio), audio.rate());
  constexpr auto options = RubberBandStretcher::OptionProcessOffline | RubberBandStretcher::OptionEngineFiner |
                           RubberBandStretcher::OptionThreadingNever | RubberBandStretcher::OptionChannelsTogether;
  RubberBandStretcher stretcher(static_cast<std::size_t>(audio.rate().hz), static_cast<std::size_t>(audio.channels()),
                                options, ratio, 1.0);
  stretcher.setExpectedInputDuration(static_cast<std::size_t>(audio.frames()));
  stretcher.setMaxProcessSize(static_cast<std::size_t>(block_frames));
  const auto in_blocks = [&](auto&& work) {
    for (Frames at = 0; at < audio.frames(); at += block_frames) {
      const auto count = std::min(block_frames, audio.frames() - at);
      work(pointers(audio, at).data(), static_cast<std::size_t>(count), at + count == audio.frames());
    }
  };
  in_blocks([&](const float* const* samples, std::size_t count, bool last) { stretcher.study(samples, count, last); });
  Frames done = 0;
  in_blocks([&](const float* const* samples, std::size_t count, bool last) {
    stretcher.process(samples, count, last);
    collect(stretcher, made, done);
  });
  return made;
}

}  // namespace sfa::dsp
