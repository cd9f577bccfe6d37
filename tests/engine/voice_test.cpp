#include "sfa/engine/voice.hpp"

#include <doctest/doctest.h>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

constexpr Frames release = 144;

AudioBuffer play(const Trigger& trigger, const AudioView& memory, int channels, Frames frames, Frames block = 100) {
  AudioBuffer out(channels, frames, memory.rate());
  Voice voice;
  voice.start(trigger, memory, release);
  const Block all{out.channel(0).data(), channels, frames, frames};
  for_each_piece(frames, block, [&](FrameRange range) {
    if (voice.active()) voice.render(memory, all.part(range));
  });
  return out;
}

/// Rising zero crossings, by linear interpolation: the frames from the first to the last and their
/// number give the frequency.
double cycles_per_frame(std::span<const float> samples) {
  double first = -1.0, last = -1.0;
  int count = -1;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if (samples[i - 1] < 0.0F && samples[i] >= 0.0F) {
      last = static_cast<double>(i) - static_cast<double>(samples[i] / (samples[i] - samples[i - 1]));
      if (first < 0.0) first = last;
      ++count;
    }
  }
  return count / (last - first);
}

}  // namespace

TEST_CASE("a slice at speed 1 comes out as the very samples of memory") {
  const auto memory = noise(2, 1000);
  const auto out = play({.slice = {100, 600}}, memory, 2, 700);
  CHECK(equal(out.view().slice({0, 500}), memory.view().slice({100, 600})));
  CHECK(peak(out.view().slice({500, 700})) == 0.0F);
}

TEST_CASE("reverse gives exactly the samples from the last to the first") {
  const auto memory = noise(1, 1000);
  const auto out = play({.slice = {100, 600}, .reverse = true}, memory, 1, 500);
  bool exact = true;
  for (std::size_t i = 0; i < 500; ++i) exact = exact && out.channel(0)[i] == memory.channel(0)[599 - i];
  CHECK(exact);
}

TEST_CASE("an octave up doubles the frequency and halves the length, an octave down the other way") {
  const double frequency = 0.01;
  const auto memory = sine(frequency, 10000);
  const auto up = play({.slice = {0, 10000}, .speed = 2.0}, memory, 1, 12000);
  CHECK(cycles_per_frame(up.channel(0).first(4900)) == doctest::Approx(2 * frequency).epsilon(1e-5));
  CHECK(peak(up.view().slice({5000, 12000})) == 0.0F);
  const auto down = play({.slice = {0, 10000}, .speed = 0.5}, memory, 1, 25000);
  CHECK(cycles_per_frame(down.channel(0).first(19000)) == doctest::Approx(frequency / 2).epsilon(1e-5));
  CHECK(peak(down.view().slice({19999, 25000})) == 0.0F);
}

TEST_CASE("between samples a slow sine is followed to within -80 dB") {
  const double frequency = 0.01;
  const auto memory = sine(frequency, 4000);
  const auto out = play({.slice = {10, 3990}, .speed = 1.37}, memory, 1, 2900);
  double worst = 0.0;
  for (std::size_t i = 0; i < 2900; ++i) {
    const double exact = std::sin(2.0 * std::numbers::pi * frequency * (10.0 + 1.37 * static_cast<double>(i)));
    worst = std::max(worst, std::abs(static_cast<double>(out.channel(0)[i]) - exact));
  }
  CHECK(worst < 1e-4);
}

TEST_CASE("pan is of equal power: 0 dB in the middle, silence on the far side, +3.01 dB on the near one") {
  AudioBuffer memory(1, 10, SampleRate{48000});
  std::ranges::fill(memory.channel(0), 1.0F);
  const auto sides = [&](float pan) {
    const auto out = play({.slice = {0, 10}, .pan = pan}, memory, 2, 10);
    return std::pair(static_cast<double>(out.channel(0)[5]), static_cast<double>(out.channel(1)[5]));
  };
  CHECK(sides(0.0F) == std::pair(1.0, 1.0));
  CHECK(sides(-1.0F).first == doctest::Approx(std::sqrt(2.0)));
  CHECK(sides(-1.0F).second == 0.0);
  CHECK(sides(1.0F).first == 0.0);
  CHECK(20.0 * std::log10(sides(1.0F).second) == doctest::Approx(3.0103).epsilon(1e-4));
  for (const float pan : {-0.9F, -0.5F, 0.2F, 0.7F}) {
    const auto [left, right] = sides(pan);
    CHECK(left * left + right * right == doctest::Approx(2.0));
  }
  // cos(3 pi / 8) and sin(3 pi / 8) times sqrt(2)
  CHECK(sides(0.5F).first == doctest::Approx(0.541196));
  CHECK(sides(0.5F).second == doctest::Approx(1.306563));
}

TEST_CASE("a gate lets its frames through and fades out after them") {
  AudioBuffer memory(1, 2000, SampleRate{48000});
  std::ranges::fill(memory.channel(0), 1.0F);
  const Trigger trigger{.slice = {0, 2000}, .gate_frames = 500};
  const auto out = play(trigger, memory, 1, 2000);
  CHECK(std::ranges::all_of(out.channel(0).first(500), [](float s) { return s == 1.0F; }));
  CHECK(std::ranges::is_sorted(out.channel(0).subspan(499, release + 10), std::greater<>()));
  CHECK(largest_step(out.channel(0)) < 1.01F / release);
  CHECK(out.channel(0)[500 + release - 1] > 0.0F);
  CHECK(peak(out.view().slice({500 + release, 2000})) == 0.0F);
  CHECK(length_frames(trigger, release) == 500 + release);
}

TEST_CASE("the slice's own fades rise from and fall to silence in even steps, mirrored in reverse") {
  AudioBuffer memory(1, 100, SampleRate{48000});
  std::ranges::fill(memory.channel(0), 1.0F);
  const Trigger trigger{.slice = {0, 100}, .fade_in_frames = 9, .fade_out_frames = 3};
  const auto out = play(trigger, memory, 1, 100);
  for (std::size_t i = 0; i < 9; ++i) CHECK(out.channel(0)[i] == doctest::Approx(0.1 * static_cast<double>(i + 1)));
  CHECK(out.channel(0)[9] == 1.0F);
  CHECK(out.channel(0)[96] == 1.0F);
  CHECK(out.channel(0)[97] == doctest::Approx(0.75));
  CHECK(out.channel(0)[99] == doctest::Approx(0.25));
  auto mirrored = trigger;
  mirrored.reverse = true;
  const auto reversed = play(mirrored, memory, 1, 100);
  CHECK(std::equal(out.channel(0).begin(), out.channel(0).end(), reversed.channel(0).rbegin()));
}

TEST_CASE("a trigger with numbers outside their ranges is not sound and makes no sound") {
  const auto memory = noise(1, 100);
  VoicePool pool(memory, 4, release);
  for (const auto& bad : {Trigger{.slice = {0, 100}, .speed = 0.0}, Trigger{.slice = {0, 100}, .speed = NAN},
                          Trigger{.slice = {0, 100}, .gain = INFINITY}, Trigger{.slice = {-5, 100}},
                          Trigger{.slice = {0, 100}, .gate_frames = -1}}) {
    CHECK_FALSE(sound(bad));
    pool.start(bad);
  }
  pool.start({.slice = {200, 300}});  // beyond the memory: nothing to play
  CHECK(pool.active() == 0);
}

TEST_CASE("with all voices taken the oldest fades out while the new one begins") {
  AudioBuffer memory(1, 4000, SampleRate{48000});  // levels 1, 2 and 4 tell the voices apart
  for (std::size_t i = 0; i < 4000; ++i) memory.channel(0)[i] = i < 1000 ? 1.0F : i < 2000 ? 2.0F : 4.0F;
  VoicePool pool(memory, 2, release);
  AudioBuffer out(1, 600, SampleRate{48000});
  const Block all{out.channel(0).data(), 1, 600, 600};
  pool.start({.slice = {0, 1000}});
  pool.start({.slice = {1000, 2000}});
  pool.render(all.part({0, 100}));
  pool.start({.slice = {2000, 3000}});
  CHECK(pool.active() == 3);
  pool.render(all.part({100, 600}));
  const auto made = out.channel(0);
  CHECK(made[99] == 3.0F);
  CHECK(made[100] == doctest::Approx(2.0 + 4.0 + 1.0 * release / (release + 1.0)));
  CHECK(made[100 + release] == 6.0F);
  CHECK(pool.active() == 2);
}

TEST_CASE("more starts at once than voices and their tails leave exactly the newest sounding") {
  const auto memory = noise(1, 4000);
  VoicePool pool(memory, 4, release);
  for (int i = 0; i < 50; ++i) pool.start({.slice = {0, 4000}});
  CHECK(pool.active() == 8);
  AudioBuffer out(1, 200, SampleRate{48000});
  pool.render({out.channel(0).data(), 1, 200, 200});
  CHECK(pool.active() == 4);
}
