#include "sfa/engine/voice.hpp"

#include <doctest/doctest.h>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

constexpr Frames release = 144;

/// How a slice is played.
struct How {
  FrameRange slice;
  double speed = 1.0;
  Quality quality = Quality::sinc;
  int fade_in_frames = 0, fade_out_frames = 0;
};

AudioBuffer play(const How& how, Trigger trigger, const AudioView& memory, int channels, Frames frames) {
  Shelf shelf(memory);
  trigger.sample = shelf.cut(how.slice, how.fade_in_frames, how.fade_out_frames);
  set_speed(trigger, how.speed, how.quality);
  AudioBuffer out(channels, frames, memory.rate());
  Voice voice;
  Voice::Scratch scratch;
  voice.start(trigger, *trigger.sample->take(), release, memory.rate());
  for_each_piece(frames, 50, [&](FrameRange range) {
    if (voice.active()) voice.render(block_of(out).part(range), scratch);
  });
  return out;
}

AudioBuffer level(float value, Frames frames) {
  AudioBuffer memory(1, frames, SampleRate{48000});
  std::ranges::fill(memory.channel(0), value);
  return memory;
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
  const auto out = play({{100, 600}}, {}, memory, 2, 700);
  CHECK(equal(out.view().slice({0, 500}), memory.view().slice({100, 600})));
  CHECK(peak(out.view().slice({500, 700})) == 0.0F);
}

TEST_CASE("reverse gives exactly the samples from the last to the first") {
  const auto memory = noise(1, 1000);
  const auto out = play({{100, 600}}, {.reverse = true}, memory, 1, 500);
  bool exact = true;
  for (std::size_t i = 0; i < 500; ++i) exact = exact && out.channel(0)[i] == memory.channel(0)[599 - i];
  CHECK(exact);
}

TEST_CASE("an octave up doubles the frequency and halves the length, an octave down the other way") {
  const double frequency = 0.01;
  const auto memory = sine(frequency, 10000);
  const auto up = play({{0, 10000}, 2.0}, {}, memory, 1, 12000);
  CHECK(cycles_per_frame(up.channel(0).first(4900)) == doctest::Approx(2 * frequency).epsilon(1e-5));
  CHECK(peak(up.view().slice({5000, 12000})) == 0.0F);
  const auto down = play({{0, 10000}, 0.5}, {}, memory, 1, 25000);
  CHECK(cycles_per_frame(down.channel(0).first(19000)) == doctest::Approx(frequency / 2).epsilon(1e-5));
  CHECK(peak(down.view().slice({19999, 25000})) == 0.0F);
}

TEST_CASE("between samples a sine is followed: by the sinc to 80 dB up to 18 kHz, by Hermite as far as a cubic can") {
  const auto error_db = [](double frequency, double speed, Quality quality) {
    const auto memory = sine(frequency, 8000);
    const auto frames = static_cast<Frames>(3500.0 / speed);
    const auto out = play({{2000, 6000}, speed, quality}, {}, memory, 1, frames);
    double worst = 0.0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i) {
      const double exact = std::sin(2.0 * std::numbers::pi * frequency * (2000.0 + speed * static_cast<double>(i)));
      worst = std::max(worst, std::abs(static_cast<double>(out.channel(0)[i]) - exact));
    }
    return 20.0 * std::log10(worst);
  };
  for (const double hz : {50.0, 1000.0, 10000.0, 18000.0}) {
    for (const double speed : {0.25, 0.5, 0.9439, 0.999}) {
      CAPTURE(hz);
      CAPTURE(speed);
      CHECK(error_db(hz / 48000.0, speed, Quality::sinc) < -80.0);
    }
  }
  CHECK(error_db(5000.0 / 48000.0, 1.5, Quality::sinc) < -80.0);
  CHECK(error_db(480.0 / 48000.0, 1.37, Quality::hermite) < -80.0);
  CHECK(error_db(5000.0 / 48000.0, 1.37, Quality::hermite) > -60.0);
}

TEST_CASE("in reverse the sinc reads the same signal the other way") {
  const auto memory = sine(0.05, 8000);
  const auto out = play({{2000, 6000}, 0.7}, {.reverse = true}, memory, 1, 3000);
  double worst = 0.0;
  for (std::size_t i = 0; i < 3000; ++i) {
    const double exact = std::sin(2.0 * std::numbers::pi * 0.05 * (5999.0 - 0.7 * static_cast<double>(i)));
    worst = std::max(worst, std::abs(static_cast<double>(out.channel(0)[i]) - exact));
  }
  CHECK(worst < 1e-4);
}

TEST_CASE("a slice at the very ends of its sound plays there too, with silence beyond them") {
  const auto memory = noise(2, 500);
  for (const double speed : {0.3, 1.7, 64.0}) {
    for (const auto quality : {Quality::sinc, Quality::hermite}) {
      const auto out = play({{0, 500}, speed, quality}, {}, memory, 2, 1000);
      CHECK(all_finite(out));
      CHECK(peak(out) < 1.5F);
      CHECK(out.channel(0)[0] != 0.0F);
    }
  }
}

TEST_CASE("pan is of equal power: 0 dB in the middle, silence on the far side, +3.01 dB on the near one") {
  AudioBuffer memory(1, 10, SampleRate{48000});
  std::ranges::fill(memory.channel(0), 1.0F);
  const auto sides = [&](float pan) {
    const auto out = play({{0, 10}}, {.pan = pan}, memory, 2, 10);
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
  const auto memory = level(1.0F, 2000);
  const Trigger trigger{.gate_frames = 500};
  const auto out = play({{0, 2000}}, trigger, memory, 1, 2000);
  CHECK(std::ranges::all_of(out.channel(0).first(500), [](float s) { return s == 1.0F; }));
  CHECK(std::ranges::is_sorted(out.channel(0).subspan(499, release + 10), std::greater<>()));
  CHECK(largest_step(out.channel(0)) < 1.01F / release);
  CHECK(out.channel(0)[500 + release - 1] > 0.0F);
  CHECK(peak(out.view().slice({500 + release, 2000})) == 0.0F);
  CHECK(length_frames(trigger, 2000, release) == 500 + release);
}

TEST_CASE("attack and release of a trigger's own take as long as they say, and a gate in the rise makes no step") {
  const auto memory = level(1.0F, 4000);
  const Trigger gated{.attack_frames = 999, .gate_frames = 2000, .release_frames = 499};
  const auto out = play({{0, 4000}}, gated, memory, 1, 4000);
  for (std::size_t i = 0; i < 1000; ++i)
    CHECK(out.channel(0)[i] == doctest::Approx(static_cast<double>(i + 1) / 1000.0));
  CHECK(out.channel(0)[1999] == 1.0F);
  for (std::size_t i = 0; i < 499; ++i)
    CHECK(out.channel(0)[2000 + i] == doctest::Approx(static_cast<double>(499 - i) / 500.0));
  CHECK(out.channel(0)[2499] == 0.0F);
  const Trigger early{.attack_frames = 999, .gate_frames = 300, .release_frames = 499};
  const auto cut_short = play({{0, 4000}}, early, memory, 1, 4000);
  CHECK(largest_step(cut_short.channel(0)) < 0.0011F);
  CHECK(peak(cut_short) < 0.303F);
}

TEST_CASE("the slice's own fades rise from and fall to silence in even steps, mirrored in reverse") {
  const auto memory = level(1.0F, 100);
  const How how{.slice = {0, 100}, .fade_in_frames = 9, .fade_out_frames = 3};
  const auto out = play(how, {}, memory, 1, 100);
  for (std::size_t i = 0; i < 9; ++i) CHECK(out.channel(0)[i] == doctest::Approx(0.1 * static_cast<double>(i + 1)));
  CHECK(out.channel(0)[9] == 1.0F);
  CHECK(out.channel(0)[96] == 1.0F);
  CHECK(out.channel(0)[97] == doctest::Approx(0.75));
  CHECK(out.channel(0)[99] == doctest::Approx(0.25));
  const auto reversed = play(how, {.reverse = true}, memory, 1, 100);
  CHECK(std::equal(out.channel(0).begin(), out.channel(0).end(), reversed.channel(0).rbegin()));
}

TEST_CASE("a filter takes its band away in every channel alike, and glides where it is told to") {
  // A low pass of 1 kHz and Butterworth's q has -48 dB at 16 kHz by the analogue formula, more by the bilinear one.
  AudioBuffer memory(3, 20000, SampleRate{48000});
  for (int c = 0; c < 3; ++c) std::ranges::copy(sine(16000.0 / 48000.0, 20000).channel(0), memory.channel(c).begin());
  const Filter low{.kind = dsp::SvfKind::low_pass, .cutoff_hz = 1000.0};
  const auto out = play({{0, 20000}}, {.filter = low}, memory, 3, 20000);
  CHECK(peak(out.view().slice({1000, 20000})) < 0.004F);
  CHECK(std::ranges::equal(out.channel(0), out.channel(2)));
  auto closing = low;
  closing.cutoff_hz = 20000.0;
  closing.end_hz = 200.0;
  const auto glide = play({{0, 20000}}, {.filter = closing}, memory, 3, 20000);
  CHECK(peak(glide.view().slice({100, 1000})) > 0.7F);
  CHECK(peak(glide.view().slice({19000, 20000})) < 0.001F);
  CHECK(std::ranges::equal(glide.channel(1), glide.channel(2)));
}

TEST_CASE("a trigger with numbers outside their ranges is not sound") {
  const auto memory = noise(1, 100);
  Shelf shelf(memory);
  auto* const slot = shelf.cut({0, 100});
  CHECK(sound({.sample = slot}));
  for (const auto& bad :
       {Trigger{}, Trigger{.sample = slot, .speed = 0.0}, Trigger{.sample = slot, .speed = NAN},
        Trigger{.sample = slot, .gain = INFINITY}, Trigger{.sample = slot, .gate_frames = -1},
        Trigger{.sample = slot, .attack_frames = -1}, Trigger{.sample = slot, .filter = Filter{.cutoff_hz = NAN}},
        Trigger{.sample = slot, .filter = Filter{.q = 0.0}}, Trigger{.sample = slot, .filter = Filter{.end_hz = -1.0}}})
    CHECK_FALSE(sound(bad));
}
