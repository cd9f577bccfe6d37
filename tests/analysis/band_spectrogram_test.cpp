#include "sfa/analysis/band_spectrogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

TEST_CASE("there is a frame for each hundredth of a second that begins inside the signal") {
  CHECK(band_spectrogram({}, SampleRate{44100}).frames == 0);
  CHECK(band_spectrogram(signals::silence(1.0, {44100}), {44100}).frames == 100);
  CHECK(band_spectrogram(std::vector<float>(1), {44100}).frames == 1);
  CHECK(band_spectrogram(std::vector<float>(442), {44100}).frames == 2);
  CHECK(band_spectrogram(signals::silence(3.0, {11025}), {11025}).frames == 300);
}

TEST_CASE("silence is zero in every band") {
  for (const float value : band_spectrogram(signals::silence(0.5, {48000}), {48000}).values) CHECK(value == 0.0F);
}

TEST_CASE("a sine of full scale stands in the same band at the window's gain, at any rate") {
  for (const int hz : {8000, 11025, 22050, 44100, 48000, 96000, 192000}) {
    CAPTURE(hz);
    const auto bands = band_spectrogram(signals::sine(1.0, {hz}, 1000.0, 1.0), {hz});
    const auto row = bands.row(50);
    const auto peak = std::ranges::max_element(row);
    // A Hann window of 2048 sums to 1024, and half of a sine's amplitude lies at its positive frequency;
    // the two neighbouring bins have half of that again.
    CHECK(*peak > std::log10(1.0F + 400.0F));
    CHECK(*peak < std::log10(1.0F + 1024.0F));
    // Bands begin on bins of 21.53 Hz: 1 kHz is bin 46.4, and with 24 bands an octave the bins up to 34
    // have a band each, those above follow the octaves: 33 + 24 log2(46.4 / 34) is 44.
    CHECK(std::abs((peak - row.begin()) - 43) <= 2);
  }
}

TEST_CASE("frames given piece by piece are those of the whole") {
  const SampleRate rate{44100};
  const auto mono = signals::noise(1.3, rate, 0.5);
  const auto whole = band_spectrogram(mono, rate);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{441}, std::size_t{5000}}) {
    BandAnalyzer analyzer(rate);
    std::vector<float> values;
    const auto keep = [&](std::span<const float> row) { values.insert(values.end(), row.begin(), row.end()); };
    for (std::size_t at = 0; at < mono.size(); at += piece)
      analyzer.add(std::span(mono).subspan(at, std::min(piece, mono.size() - at)), keep);
    analyzer.finish(keep);
    CHECK(values == whole.values);
  }
}
