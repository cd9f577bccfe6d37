// The parts that features are made of, by what their definitions say of simple spectra and sounds.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "sfa/analysis/chroma_bank.hpp"
#include "sfa/analysis/constant_q.hpp"
#include "sfa/analysis/mel.hpp"
#include "sfa/analysis/running_statistics.hpp"
#include "sfa/analysis/spectral_contrast.hpp"
#include "sfa/analysis/spectral_shape.hpp"
#include "sfa/analysis/spectral_tuning.hpp"
#include "sfa/analysis/tempogram.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::analysis;

namespace {

constexpr std::size_t bins = 1025;

std::vector<float> sine(double hz, int rate_hz, double seconds) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate_hz));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * hz * static_cast<double>(i) / rate_hz));
  return samples;
}

std::vector<std::vector<float>> constant_q(std::span<const float> mono, SampleRate rate, ConstantQOptions options = {}) {
  ConstantQ transform(rate, options);
  std::vector<std::vector<float>> rows;
  const auto keep = [&](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  transform.add(mono, keep);
  transform.finish(keep);
  return rows;
}

std::ptrdiff_t largest(const std::vector<float>& values) { return std::ranges::max_element(values) - values.begin(); }

}  // namespace

TEST_CASE("two equal lines have their centroid between them and half their distance as bandwidth") {
  std::vector<float> spectrum(bins);
  spectrum[100] = spectrum[300] = 2.0F;
  CHECK(spectral_centroid(spectrum, 10.0) == doctest::Approx(2000.0));
  CHECK(spectral_bandwidth(spectrum, 10.0, 2000.0) == doctest::Approx(1000.0));
  CHECK(spectral_rolloff(spectrum, 10.0) == doctest::Approx(3000.0));
  spectrum[100] = 20.0F;
  CHECK(spectral_rolloff(spectrum, 10.0) == doctest::Approx(1000.0));
}

TEST_CASE("an even spectrum is flat, a line is not") {
  std::vector<float> spectrum(bins, 0.01F);
  CHECK(spectral_flatness(spectrum) == doctest::Approx(1.0).epsilon(1e-5));
  std::ranges::fill(spectrum, 0.0F);
  spectrum[50] = 1.0F;  // the others count 1e-10
  CHECK(spectral_flatness(spectrum) == doctest::Approx(1e-10 * 1025 * std::pow(1e10, 1.0 / 1025)).epsilon(1e-4));
}

TEST_CASE("flux is what rose, not what fell") {
  const std::array<float, 3> before{1.0F, 5.0F, 0.0F}, now{3.0F, 1.0F, 0.5F};
  CHECK(spectral_flux(now, before) == doctest::Approx(2.5));
  CHECK(spectral_flux(before, before) == 0.0);
}

TEST_CASE("contrast is the level of an octave's loudest over its faintest") {
  SpectralContrast contrast({44100}, 2048);
  REQUIRE(contrast.bands() == 7);
  std::vector<float> spectrum(bins, 0.1F), levels(14);
  contrast.peaks_and_valleys(spectrum, levels);
  for (const float level : levels) CHECK(level == doctest::Approx(-10.0F));
  spectrum[14] = 10.0F;  // 301 Hz, in the band from 200 to 400, of which one bin makes a peak
  contrast.peaks_and_valleys(spectrum, levels);
  CHECK(levels[1] == doctest::Approx(10.0F));
  CHECK(levels[8] == doctest::Approx(-10.0F));
  CHECK(levels[2] == doctest::Approx(-10.0F));
}

TEST_CASE("mel bands are triangles of one area in Hz") {
  for (const auto scale : {MelScale::slaney, MelScale::htk}) {
    const MelBank bank({44100}, 16384, scale);
    std::vector<float> even(8193, 1.0F), mel(MelBank::bands);
    bank.apply(even, mel);
    for (std::size_t band = 20; band < mel.size(); ++band)
      CHECK(mel[band] * 44100.0F / 16384.0F == doctest::Approx(1.0F).epsilon(0.01));
  }
}

TEST_CASE("the mel scales have their published corners") {
  // Of 128 bands up to 8 kHz: Slaney's 1 kHz is mel 15 of 45.245, HTK's is 1000 of 2840.0 (HTK Book, 5.13).
  const auto band_of_1_khz = [](MelScale scale) {
    const MelBank bank({16000}, 16000, scale);
    std::vector<float> line(8001), mel(MelBank::bands);
    line[1000] = 1.0F;
    bank.apply(line, mel);
    return static_cast<double>(largest(mel));
  };
  CHECK(std::abs(band_of_1_khz(MelScale::slaney) - (15.0 / 45.245 * 129 - 1)) <= 0.5);
  CHECK(std::abs(band_of_1_khz(MelScale::htk) - (1000.0 / 2840.0 * 129 - 1)) <= 0.5);
}

TEST_CASE("the cepstrum keeps the energy of a spectrum") {
  Random random(3);
  std::vector<float> levels(MelBank::bands), coefficients(MelBank::bands);
  for (auto& level : levels) level = static_cast<float>(random.uniform(-50, 0));
  MelCepstrum(MelBank::bands).apply(levels, coefficients);
  const auto energy = [](const auto& v) { return std::inner_product(v.begin(), v.end(), v.begin(), 0.0); };
  CHECK(energy(coefficients) == doctest::Approx(energy(levels)).epsilon(1e-5));
  CHECK_THROWS_AS(MelCepstrum(0), Error);
  CHECK_THROWS_AS(MelCepstrum(129), Error);
}

TEST_CASE("a bin at A4 counts for A, and for what is A when the tuning is told") {
  std::vector<float> line(4097), classes(12);
  line[82] = 1.0F;  // of 8192 at 44.1 kHz: 441.4 Hz
  ChromaBank({44100}, 8192, 0.0).apply(line, classes);
  CHECK(largest(classes) == 9);
  CHECK(classes[9] == 1.0F);
  ChromaBank({44100}, 8192, -0.94).apply(line, classes);  // A4 a semitone lower: this is B flat
  CHECK(largest(classes) == 10);
}

TEST_CASE("C, and C with its fifth, lie where Harte's equations put them") {
  std::array<float, 12> chroma{};
  chroma[0] = 1.0F;
  const std::array<float, 6> c{0, 1, 0, 1, 0, 0.5F};
  const auto close = [](const auto& a, const auto& b) {
    return std::ranges::equal(a, b, [](float x, float y) { return std::abs(x - y) < 1e-6F; });
  };
  CHECK(close(tonnetz(chroma), c));
  chroma[7] = 1.0F;  // 7 fifths' turns of 7/12 each: 49/12, a twelfth of a circle on
  const auto fifth = tonnetz(chroma);
  CHECK(fifth[0] == doctest::Approx(0.5 * std::sin(std::numbers::pi / 6)));
  CHECK(fifth[1] == doctest::Approx(0.5 * (1 + std::cos(std::numbers::pi / 6))));
  CHECK(close(tonnetz(std::array<float, 12>{}), std::array<float, 6>{}));
}

TEST_CASE("a chord's tuning is found, in parts of a semitone or of a third of it") {
  for (const double offset : {-0.4, -0.13, 0.0, 0.22}) {
    std::vector<float> chord(44100);
    for (const int note : {0, 4, 7, 12, 16}) {
      const auto tone = sine(440.0 * std::exp2((note + offset) / 12.0), 44100, 1.0);
      for (std::size_t i = 0; i < chord.size(); ++i) chord[i] += tone[i];
    }
    CHECK(std::abs(estimate_tuning(chord, {44100}) - offset) <= 0.05);
    double thirds = offset * 3.0;
    thirds -= std::round(thirds);
    CHECK(std::abs(std::remainder(estimate_tuning(chord, {44100}, {.notes_per_octave = 36}) - thirds, 1.0)) <= 0.15);
  }
  CHECK(estimate_tuning(std::vector<float>(44100), {44100}) == 0.0);
  CHECK(estimate_tuning({}, {44100}) == 0.0);
}

TEST_CASE("a tone stands in its own bin of the constant-Q transform, in every octave alike") {
  std::vector<float> heights;
  for (int octave = 1; octave < 7; ++octave) {
    const auto rows = constant_q(sine(32.703195662574829 * std::exp2(octave + 9.0 / 12.0), 44100, 6.0), {44100});
    REQUIRE(rows.size() == 1 + 6 * 44100 / 512);
    const auto& middle = rows[rows.size() / 2];
    CHECK(middle.size() == 252);
    CHECK(largest(middle) == octave * 36 + 27);
    heights.push_back(middle[static_cast<std::size_t>(octave * 36 + 27)] * std::exp2f(0.5F * static_cast<float>(octave)));
  }
  for (const float height : heights) CHECK(height == doctest::Approx(heights[0]).epsilon(0.01));
}

TEST_CASE("tuned by a third of a semitone, a tone moves by a bin") {
  const auto tone = sine(440.0, 44100, 4.0);
  const auto plain = constant_q(tone, {44100}), tuned = constant_q(tone, {44100}, {.tuning_bins = 1.0});
  CHECK(largest(plain[170]) - largest(tuned[170]) == 1);
}

TEST_CASE("at low rates the constant-Q transform has fewer octaves, and bad hops are refused") {
  CHECK(ConstantQ({8000}, {}).bins() == 6 * 36);
  CHECK(ConstantQ({192000}, {}).bins() == 7 * 36);
  CHECK(constant_q({}, {8000}).empty());
  for (const int hop : {0, 32, 500}) CHECK_THROWS_AS(ConstantQ({44100}, {.hop_frames = hop}), Error);
}

TEST_CASE("bins fold to the pitch classes nearest to them") {
  std::vector<float> row(72), chroma(12);
  row[35] = 1.0F;  // a third of a semitone below C
  row[36] = row[37] = 1.0F;
  row[38] = 5.0F;  // a third below C sharp
  fold_to_chroma(row, 36, chroma);
  CHECK(chroma[0] == 3.0F);
  CHECK(chroma[1] == 5.0F);
}

TEST_CASE("onsets every 20 frames repeat at 20, 40, 60 ...") {
  Tempogram tempogram;
  std::vector<std::vector<float>> rows;
  const auto keep = [&](std::span<const float> row) { rows.emplace_back(row.begin(), row.end()); };
  for (int i = 0; i < 1000; ++i) tempogram.add(i % 20 == 0 ? 1.0F : 0.0F, keep);
  CHECK(rows.size() == 1000 - 191);
  tempogram.finish(keep);
  REQUIRE(rows.size() == 1000);
  const auto& middle = rows[500];
  CHECK(middle[0] == 1.0F);
  for (std::size_t lag = 1; lag < 300; ++lag) CHECK((middle[lag] > 1e-3F) == (lag % 20 == 0));
  CHECK(middle[20] > middle[40]);  // windows overlap less
}

TEST_CASE("statistics of a million values are exact but for the median, which is near") {
  RunningStatistics running;
  Random random(5);
  double sum = 0.0;
  for (int i = 0; i < 1000000; ++i) {
    const auto value = static_cast<float>(random.uniform(0, 1));
    sum += double{value};
    running.add(value * value);
  }
  const auto result = running.result();
  CHECK(result.mean == doctest::Approx(1.0 / 3).epsilon(0.005));  // of x^2 over 0 to 1
  CHECK(result.deviation == doctest::Approx(std::sqrt(1.0 / 5 - 1.0 / 9)).epsilon(0.005));
  CHECK(result.median == doctest::Approx(0.25).epsilon(0.03));
  CHECK(result.minimum >= 0.0);
  CHECK(result.maximum <= 1.0);
}
