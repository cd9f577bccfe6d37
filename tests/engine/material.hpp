// Signals, readers and rendering for the engine's tests.
#pragma once
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

#include "sfa/audio/random.hpp"
#include "sfa/engine/engine.hpp"

inline sfa::AudioBuffer noise(int channels, sfa::Frames frames, std::uint64_t seed = 1) {
  sfa::AudioBuffer buffer(channels, frames, sfa::SampleRate{48000});
  sfa::Random random(seed);
  for (int c = 0; c < channels; ++c)
    for (auto& sample : buffer.channel(c)) sample = static_cast<float>(random.uniform(-0.5, 0.5));
  return buffer;
}

inline sfa::AudioBuffer sine(double cycles_per_frame, sfa::Frames frames) {
  sfa::AudioBuffer buffer(1, frames, sfa::SampleRate{48000});
  for (sfa::Frames i = 0; i < frames; ++i)
    buffer.channel(0)[static_cast<std::size_t>(i)] =
        static_cast<float>(std::sin(2.0 * std::numbers::pi * cycles_per_frame * static_cast<double>(i)));
  return buffer;
}

/// Reads from memory, and throws at `broken_at` if that is given.
class MemoryReader : public sfa::engine::TrackReader {
 public:
  explicit MemoryReader(const sfa::AudioBuffer& audio, sfa::Frames broken_at = -1)
      : audio_(audio), broken_at_(broken_at) {}
  [[nodiscard]] int channels() const override { return audio_.channels(); }
  sfa::Frames read(const sfa::engine::Block& into) override {
    const auto part = audio_.view().slice({position_, position_ + into.frames});
    if (broken_at_ >= 0 && position_ + part.frames() > broken_at_) throw std::runtime_error("broken tape");
    for (int c = 0; c < part.channels(); ++c) std::ranges::copy(part.channel(c), into.channel(c).begin());
    position_ += part.frames();
    return part.frames();
  }
  void seek(sfa::Frames frame) override { position_ = frame; }

 private:
  const sfa::AudioBuffer& audio_;
  sfa::Frames broken_at_;
  sfa::Frames position_ = 0;
};

/// All of the piece, rendered in blocks of `block` frames; at most `limit` frames.
inline sfa::AudioBuffer perform(sfa::engine::Engine& engine, int channels, sfa::Frames block,
                                sfa::Frames limit = 1'000'000) {
  std::vector<std::vector<float>> made(static_cast<std::size_t>(channels));
  sfa::AudioBuffer buffer(channels, block, sfa::SampleRate{48000});
  while (static_cast<sfa::Frames>(made[0].size()) < limit) {
    const auto frames = engine.render({buffer.channel(0).data(), channels, block, block});
    for (std::size_t c = 0; c < made.size(); ++c) {
      const auto samples = buffer.channel(static_cast<int>(c)).first(static_cast<std::size_t>(frames));
      made[c].insert(made[c].end(), samples.begin(), samples.end());
    }
    if (engine.finished() || frames < block) break;
  }
  const auto frames = std::min(limit, static_cast<sfa::Frames>(made[0].size()));
  sfa::AudioBuffer all(channels, frames, sfa::SampleRate{48000});
  for (int c = 0; c < channels; ++c)
    std::copy_n(made[static_cast<std::size_t>(c)].begin(), frames, all.channel(c).begin());
  return all;
}

inline bool equal(const sfa::AudioView& a, const sfa::AudioView& b) {
  if (a.channels() != b.channels() || a.frames() != b.frames()) return false;
  for (int c = 0; c < a.channels(); ++c)
    if (!std::ranges::equal(a.channel(c), b.channel(c))) return false;
  return true;
}

/// The largest step from one sample to the next.
inline float largest_step(std::span<const float> samples) {
  float largest = 0.0F;
  for (std::size_t i = 1; i < samples.size(); ++i) largest = std::max(largest, std::abs(samples[i] - samples[i - 1]));
  return largest;
}
