// Sample-rate conversion of a sound as it is read: the samples of resample(), in constant memory.
#pragma once
#include <functional>
#include <memory>

#include "sfa/audio/buffer.hpp"

namespace sfa::dsp {

class StreamResampler {
 public:
  /// Gives the next frames of the sound, at most as many as asked for, none at its end.
  using Pull = std::function<AudioBuffer(Frames)>;

  /// Equal rates pass the sound through. Throws Error::invalid_argument for channels < 1 or a rate < 1.
  StreamResampler(int channels, SampleRate from, SampleRate to, Pull pull);
  ~StreamResampler();
  StreamResampler(StreamResampler&&) noexcept;
  StreamResampler& operator=(StreamResampler&&) noexcept;

  /// The next `frames` frames at the new rate, fewer at the end (within a frame of what resample() gives in all).
  [[nodiscard]] AudioBuffer read(Frames frames);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::dsp
