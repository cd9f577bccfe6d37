#include "sfa/dsp/true_peak.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/signals.hpp"

using namespace sfa;
using dsp::TruePeak;

namespace {

double highest_of(const std::vector<float>& signal) {
  TruePeak meter;
  std::vector<float> peaks(signal.size());
  meter.process(signal, peaks);
  return static_cast<double>(*std::max_element(peaks.begin() + 100, peaks.end() - 100));
}

}  // namespace

TEST_CASE("sines have their amplitude as true peak, as far as four-fold oversampling can tell") {
  // Between two of four times as many samples, half a step from each, a sine is cos(pi f / 4 rate) of its peak. BS.1770-4, annex 2: a sine of a quarter of the rate at 45 degrees has samples 3 dB below its peak.
  for (const double cycles : {0.01, 0.1, 0.25, 0.3, 0.4}) {
    for (const double phase : {0.0, 0.125, 0.3}) {
      std::vector<float> tone(5000);
      for (std::size_t i = 0; i < tone.size(); ++i)
        tone[i] = static_cast<float>(std::sin(2.0 * std::numbers::pi * (cycles * static_cast<double>(i) + phase)));
      CAPTURE(cycles);
      const double level = 20.0 * std::log10(highest_of(tone));
      CHECK(level < 0.1);
      CHECK(level > 20.0 * std::log10(std::cos(std::numbers::pi * cycles / 4.0)) - 0.1);
    }
  }
}

TEST_CASE("a peak is told when its delay is over, and samples count as they are") {
  std::vector<float> impulse(100), peaks(100);
  impulse[40] = -2.0F;
  TruePeak meter;
  meter.process(impulse, peaks);
  CHECK(peaks[40 + TruePeak::delay_frames] == 2.0F);
  CHECK(peaks[40 + TruePeak::delay_frames - 1] == 2.0F);  // up to the next sample, included
  CHECK(peaks[40 + TruePeak::delay_frames + 1] < 2.0F);
  CHECK(peaks[27] == 0.0F);
}

TEST_CASE("cutting into blocks changes nothing") {
  const auto noise = test::noise(1000);
  std::vector<float> whole(1000), cut(1000);
  TruePeak a, b;
  a.process(noise, whole);
  for (std::size_t at = 0; at < 1000; at += 40) b.process(std::span(noise).subspan(at, 40), std::span(cut).subspan(at, 40));
  CHECK(whole == cut);
}
