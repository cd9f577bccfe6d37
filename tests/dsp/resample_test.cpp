#include "sfa/dsp/resample.hpp"

#include <doctest/doctest.h>

#include <complex>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using sfa::AudioBuffer;
using sfa::AudioView;
using sfa::SampleRate;
using sfa::dsp::resample;

namespace {

// The amplitude of one frequency in the middle of a signal, through a hann window.
double amplitude_at(std::span<const float> signal, double frequency_hz, int rate_hz) {
  std::complex<double> sum = 0.0;
  double weight = 0.0;
  const auto size = static_cast<double>(signal.size());
  for (std::size_t n = 0; n < signal.size(); ++n) {
    const auto t = static_cast<double>(n);
    const double w = std::pow(std::sin(std::numbers::pi * t / size), 4.0);
    sum += w * static_cast<double>(signal[n]) *
           std::polar(1.0, -2.0 * std::numbers::pi * std::fmod(frequency_hz * t / rate_hz, 1.0));
    weight += w;
  }
  return 2.0 * std::abs(sum) / weight;
}

double rms(std::span<const float> signal) {
  double sum = 0.0;
  for (const float x : signal) sum += static_cast<double>(x) * x;
  return std::sqrt(sum / static_cast<double>(signal.size()));
}

}  // namespace

TEST_CASE("a sine keeps its frequency, level and phase at any rate") {
  for (const int from : {8000, 44100, 48000, 192000}) {
    for (const int to : {8000, 22050, 44100, 48000, 96000, 192000}) {
      CAPTURE(from);
      CAPTURE(to);
      const auto sine = test::sine(1000.0, from, static_cast<std::size_t>(from));
      const auto out = resample(AudioView(sine, SampleRate{from}), SampleRate{to});
      REQUIRE(out.rate().hz == to);
      REQUIRE(out.frames() == to);
      CHECK(amplitude_at(out.channel(0), 1000.0, to) == doctest::Approx(0.5).epsilon(1e-4));
      const auto wanted = test::sine(1000.0, to, static_cast<std::size_t>(to));
      double worst = 0.0;
      for (std::size_t n = wanted.size() / 4; n < wanted.size() * 3 / 4; ++n) {
        worst = std::max<double>(worst, std::abs(out.channel(0)[n] - wanted[n]));
      }
      CHECK(worst < 1e-5);
    }
  }
}

TEST_CASE("nothing above the new Nyquist frequency comes through, also not folded back") {
  const auto sine = test::sine(30000.0, 96000, 96000, 1.0);
  const auto out = resample(AudioView(sine, SampleRate{96000}), SampleRate{44100});
  CHECK(rms(out.channel(0).subspan(4000, 36000)) < 1e-7);  // -140 dB
}

TEST_CASE("the length is the nearest whole number of frames") {
  for (const int frames : {0, 1, 2, 3, 100, 4410, 44101}) {
    for (const int to : {8000, 16000, 44100, 48000, 192000}) {
      CAPTURE(frames);
      CAPTURE(to);
      const AudioBuffer in(2, frames, SampleRate{44100});
      const auto out = resample(in, SampleRate{to});
      CHECK(out.frames() == std::llround(frames * (to / 44100.0)));
      CHECK(out.channels() == 2);
    }
  }
}

TEST_CASE("channels are kept apart, equal rates change nothing") {
  AudioBuffer in(3, 5000, SampleRate{44100});
  const auto noise = test::noise(5000);
  std::copy(noise.begin(), noise.end(), in.channel(1).begin());
  const auto out = resample(in, SampleRate{48000});
  CHECK(rms(out.channel(0)) == 0.0);
  CHECK(rms(out.channel(1)) > 0.4);
  CHECK(rms(out.channel(2)) == 0.0);
  const auto same = resample(in, SampleRate{44100});
  CHECK(std::equal(same.channel(1).begin(), same.channel(1).end(), noise.begin()));
}

TEST_CASE("the extremes of what sound files hold can be converted") {
  const auto sine = test::sine(100.0, 1000, 1000);
  const auto up = resample(AudioView(sine, SampleRate{1000}), SampleRate{768000});
  CHECK(amplitude_at(up.channel(0), 100.0, 768000) == doctest::Approx(0.5).epsilon(1e-3));
  const auto down = resample(up, SampleRate{1000});
  CHECK(amplitude_at(down.channel(0), 100.0, 1000) == doctest::Approx(0.5).epsilon(1e-3));
  CHECK_THROWS_AS((void)resample(up, SampleRate{0}), sfa::Error);
}
