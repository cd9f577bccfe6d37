// The name of audio by what it is: SHA-256 of "rate channels\n" ("44100 2\n") and then of all
// samples as interleaved little-endian float32. A file's header, container and tags play no part.
#pragma once
#include <memory>
#include <string>

#include "sfa/audio/buffer.hpp"

namespace sfa::io {

/// For audio that comes block by block.
class AudioHasher {
 public:
  AudioHasher(SampleRate rate, int channels);
  ~AudioHasher();
  AudioHasher(AudioHasher&&) noexcept;
  AudioHasher& operator=(AudioHasher&&) noexcept;

  /// The next frames. Error::invalid_argument if `audio` has another number of channels.
  void update(const AudioView& audio);

  /// 64 lower-case hex digits for all frames so far.
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

[[nodiscard]] std::string audio_sha256(const AudioView& audio);

}  // namespace sfa::io
