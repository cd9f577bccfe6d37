// Songs that are told apart at a glance, made in code.
#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <utility>
#include <vector>

#include "sfa/audio/random.hpp"
#include "sfa/training/examples.hpp"
#include "sfa/training/trainer.hpp"

namespace toy {

using namespace sfa;
using namespace sfa::training;

constexpr SampleRate rate{8000};
constexpr int stems = 4;
constexpr separation::BandTransformOptions transform{.size_frames = 256, .hop_frames = 64, .bands = 32};

inline StretchReader reader_of(AudioBuffer sound) {
  auto kept = std::make_shared<const AudioBuffer>(std::move(sound));
  return [kept](FrameRange range) { return AudioBuffer(kept->view().slice(range)); };
}

/// Each sample of left and right from its time in seconds.
template <typename Wave>
StretchReader stem(Frames frames, Wave wave) {
  AudioBuffer sound(2, frames, rate);
  for (int c = 0; c < 2; ++c)
    for (std::size_t n = 0; n < static_cast<std::size_t>(frames); ++n)
      sound.channel(c)[n] = static_cast<float>(wave(static_cast<double>(n) / rate.hz, c));
  return reader_of(std::move(sound));
}

inline double sine(double hz, double time) { return std::sin(2.0 * std::numbers::pi * hz * time); }

/// Bursts of noise, a low sine, a chord to one side, and a wavering voice in the middle.
inline Multitrack song(std::uint64_t seed, Frames frames = 2 * rate.hz) {
  Random random(seed);
  const double pitch = random.uniform(0.9, 1.1);
  const auto drums = stem(frames, [&](double time, int) { return 0.4 * random.uniform(-1.0, 1.0) * std::exp(-30.0 * std::fmod(time, 0.25)); });
  const auto bass = stem(frames, [=](double time, int) { return 0.3 * sine(80.0 * pitch, time); });
  const auto other = stem(frames, [=](double time, int channel) {
    return (channel == 0 ? 0.2 : 0.05) * (sine(400.0 * pitch, time) + sine(600.0 * pitch, time));
  });
  const auto vocals = stem(frames, [=](double time, int) { return 0.2 * std::sin(2.0 * std::numbers::pi * 1500.0 * pitch * time + 3.0 * sine(5.0, time)); });
  return {"song", frames, {drums, bass, other, vocals}};
}

inline std::vector<Multitrack> songs() { return {song(1), song(2)}; }

inline ExampleOptions options() {
  ExampleOptions options;
  options.transform = transform;
  options.rate = rate;
  options.stems = stems;
  options.songs = 3;
  options.frames = 8;
  return options;
}

/// As they are: nothing is changed but polarity and sides.
inline Augmentation none() {
  Augmentation change;
  change.song_gain_db = change.stem_gain_db = change.remix_gain_db = 0.0;
  change.speed = change.tilt_db = change.width = change.leave_out = 0.0;
  return change;
}

/// A network that a test can afford.
inline separation::ValueMap network(bool causal = false, bool complex_masks = false) {
  using separation::ValueList;
  return {{"samplerate", {std::int64_t{rate.hz}}}, {"nfft", {std::int64_t{256}}}, {"hop", {std::int64_t{64}}},
          {"bands", {std::int64_t{32}}}, {"channels", {ValueList{{std::int64_t{4}}, {std::int64_t{6}}}}},
          {"blocks", {std::int64_t{3}}}, {"mixes", {std::int64_t{2}}},
          {"mix", {std::int64_t{5}}}, {"mix_depth", {std::int64_t{2}}}, {"causal", {causal}}, {"complex_masks", {complex_masks}}};
}

inline bool same(const Batch& a, const Batch& b) {
  return a.items == b.items && a.frames == b.frames && a.bands == b.bands && a.stems == b.stems && a.features == b.features &&
         a.mix_power == b.mix_power && a.stem_power == b.stem_power && a.cross_re == b.cross_re && a.cross_im == b.cross_im;
}

}  // namespace toy
