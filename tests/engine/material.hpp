// Signals, readers and rendering for the engine's tests.
#pragma once
#include <cmath>
#include <numbers>
#include <deque>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sfa/audio/random.hpp"
#include "sfa/engine/engine.hpp"
#include "sfa/engine/score.hpp"

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

/// Slices of a sound in memory, which must outlive it.
class Shelf {
 public:
  using Use = sfa::engine::SampleStore::Use;
  explicit Shelf(const sfa::AudioView& memory, Use use = Use::offline, std::size_t budget_bytes = 1 << 20)
      : maker_(new Maker(memory)), store(std::unique_ptr<Maker>(maker_), use, budget_bytes) {}
  sfa::engine::SampleSlot* cut(sfa::FrameRange range, int fade_in_frames = 0, int fade_out_frames = 0) {
    maker_->samples.push_back({.own = {}, .audio = maker_->memory, .range = range, .fade_in_frames = fade_in_frames,
                               .fade_out_frames = fade_out_frames});
    return &store.slot({.slice = static_cast<int>(maker_->samples.size()) - 1});
  }

 private:
  struct Maker : sfa::engine::SampleMaker {
    explicit Maker(const sfa::AudioView& audio) : memory(audio) {}
    std::unique_ptr<const sfa::engine::Sample> make(const sfa::engine::SampleSpec& spec) override {
      const auto& sample = samples[static_cast<std::size_t>(spec.slice)];
      using sfa::engine::Sample;
      if (spec.stretch != 1.0) return std::make_unique<Sample>(sfa::engine::stretched(sample, spec.stretch));
      return std::make_unique<Sample>(Sample{.own = {},
                                             .audio = sample.audio,
                                             .range = sample.range,
                                             .fade_in_frames = sample.fade_in_frames,
                                             .fade_out_frames = sample.fade_out_frames});
    }
    sfa::AudioView memory;
    std::deque<sfa::engine::Sample> samples;
  };
  Maker* maker_;

 public:
  sfa::engine::SampleStore store;
};

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
    const auto frames = engine.render(sfa::block_of(buffer));
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
