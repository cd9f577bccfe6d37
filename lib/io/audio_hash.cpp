#include "sfa/io/audio_hash.hpp"

#include <bit>

#include "sfa/audio/error.hpp"
#include "sfa/audio/interleave.hpp"
#include "sha256.hpp"

static_assert(std::endian::native == std::endian::little, "samples are hashed and written as they lie in memory");

namespace sfa::io {

struct AudioHasher::State {
  int channels;
  Sha256 hash;
};

AudioHasher::AudioHasher(SampleRate rate, int channels) : state_(new State{channels, {}}) {
  state_->hash.update(std::to_string(rate.hz) + " " + std::to_string(channels) + "\n");
}
AudioHasher::~AudioHasher() = default;
AudioHasher::AudioHasher(AudioHasher&&) noexcept = default;
AudioHasher& AudioHasher::operator=(AudioHasher&&) noexcept = default;

void AudioHasher::update(const AudioView& audio) {
  if (audio.channels() != state_->channels)
    throw Error(Error::Kind::invalid_argument, "audio to hash must keep its number of channels");
  for_each_interleaved_block(audio, [&](auto samples) { state_->hash.update(std::as_bytes(samples)); });
}

std::string AudioHasher::hex() const { return state_->hash.hex(); }

std::string audio_sha256(const AudioView& audio) {
  AudioHasher hasher(audio.rate(), audio.channels());
  hasher.update(audio);
  return hasher.hex();
}

}  // namespace sfa::io
