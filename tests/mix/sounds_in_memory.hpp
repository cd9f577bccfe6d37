// Sounds that a test keeps in memory, by name.
#pragma once
#include <algorithm>
#include <map>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/mix/sounds.hpp"

namespace sfa::test {

class SoundsInMemory : public mix::Sounds {
 public:
  std::map<std::string, AudioBuffer> sounds;
  Frames at_most = 1 << 30;  // frames that a read gives, as a decoder may
  Frames served = 0;         // frames read in all
  int open_now = 0, open_most = 0;

  const AudioBuffer& find(const std::string& path) const {
    const auto found = sounds.find(path);
    if (found == sounds.end()) throw Error(Error::Kind::not_found, path + ": No such file or directory");
    return found->second;
  }

  mix::SoundShape shape(const std::string& path) override {
    const auto& sound = find(path);
    return {sound.rate(), sound.channels(), sound.frames()};
  }

  std::unique_ptr<mix::Sound> open(const std::string& path) override;
};

class SoundInMemory : public mix::Sound {
 public:
  SoundInMemory(SoundsInMemory& owner, const AudioBuffer& audio) : owner_(owner), audio_(audio) {
    owner_.open_most = std::max(owner_.open_most, ++owner_.open_now);
  }
  ~SoundInMemory() override { --owner_.open_now; }

  AudioBuffer read(Frames frames) override {
    AudioBuffer part(audio_.view().slice({at_, at_ + std::min(frames, owner_.at_most)}));
    at_ += part.frames();
    owner_.served += part.frames();
    return part;
  }
  void seek(Frames frame) override { at_ = frame; }

 private:
  SoundsInMemory& owner_;
  const AudioBuffer& audio_;
  Frames at_ = 0;
};

inline std::unique_ptr<mix::Sound> SoundsInMemory::open(const std::string& path) {
  return std::make_unique<SoundInMemory>(*this, find(path));
}

/// Noise within -0.5 to 0.5.
inline AudioBuffer noise(int channels, Frames frames, std::uint64_t seed, SampleRate rate = {}) {
  AudioBuffer audio(channels, frames, rate);
  for (int c = 0; c < channels; ++c) {
    Random random(seed, static_cast<std::uint64_t>(c));
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  }
  return audio;
}

/// The same value everywhere.
inline AudioBuffer constant(int channels, Frames frames, float value, SampleRate rate = {}) {
  AudioBuffer audio(channels, frames, rate);
  for (int c = 0; c < channels; ++c) std::ranges::fill(audio.channel(c), value);
  return audio;
}

}  // namespace sfa::test
