#include "sfa/dsp/stretch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "dsp/signals.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/fft.hpp"

using namespace sfa;

namespace {

constexpr SampleRate rate{48000};

AudioBuffer stereo(const std::vector<float>& left, const std::vector<float>& right) {
  AudioBuffer made(2, static_cast<Frames>(left.size()), rate);
  std::ranges::copy(left, made.channel(0).begin());
  std::ranges::copy(right, made.channel(1).begin());
  return made;
}

/// The frequency with the most energy, to half a bin.
double strongest_hz(std::span<const float> signal) {
  dsp::Fft fft(16384);
  std::vector<std::complex<float>> bins(static_cast<std::size_t>(fft.bins()));
  fft.forward(signal.first(16384), bins);
  const auto most = std::ranges::max_element(bins, {}, [](auto bin) { return std::abs(bin); });
  return static_cast<double>(most - bins.begin()) * rate.hz / 16384.0;
}

}  // namespace

TEST_CASE("the length is the factor's, to the frame, and the pitch stays") {
  const auto tone = stereo(test::sine(1000.0, rate.hz, 48000), test::sine(700.0, rate.hz, 48000));
  for (const double ratio : {0.5, 0.8, 1.25, 2.0}) {
    const auto made = dsp::stretch(tone, ratio);
    CAPTURE(ratio);
    CHECK(made.frames() == std::llround(48000 * ratio));
    CHECK(made.channels() == 2);
    CHECK(strongest_hz(made.channel(0).subspan(2000)) == doctest::Approx(1000.0).epsilon(0.005));
    CHECK(strongest_hz(made.channel(1).subspan(2000)) == doctest::Approx(700.0).epsilon(0.005));
    CHECK(peak(made) == doctest::Approx(0.5).epsilon(0.15));
  }
}

TEST_CASE("clicks come where the factor puts them") {
  std::vector<float> clicks(48000);
  for (const std::size_t at : {8000, 20000, 36000}) clicks[at] = clicks[at + 1] = 0.9F;
  const auto made = dsp::stretch(AudioView(clicks, rate), 1.5);
  for (const std::size_t at : {8000, 20000, 36000}) {
    const auto around = made.channel(0).subspan(at * 3 / 2 - 3000, 6000);
    const auto loudest = std::ranges::max_element(around, {}, [](float s) { return std::abs(s); }) - around.begin();
    CHECK(std::abs(loudest - 3000) < 480);  // 10 ms
  }
}

TEST_CASE("the same sound gives the same bytes, and a factor of 1 the sound itself") {
  const auto noise = stereo(test::noise(20000, 1), test::noise(20000, 2));
  const auto a = dsp::stretch(noise, 1.3), b = dsp::stretch(noise, 1.3), same = dsp::stretch(noise, 1.0);
  for (int c = 0; c < 2; ++c) {
    CHECK(std::ranges::equal(a.channel(c), b.channel(c)));
    CHECK(std::ranges::equal(same.channel(c), noise.channel(c)));
  }
}

TEST_CASE("very short sounds and none at all have their length too; factors out of range are refused") {
  for (const Frames frames : {0, 1, 50}) CHECK(dsp::stretch(AudioBuffer(1, frames, rate), 2.0).frames() == 2 * frames);
  for (const double bad : {0.0, -1.0, 17.0, 0.06, static_cast<double>(NAN)})
    CHECK_THROWS_AS((void)dsp::stretch(AudioBuffer(1, 100, rate), bad), Error);
}
