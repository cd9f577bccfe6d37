#include "sfa/analysis/beat_activation.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::analysis;

TEST_CASE("activation is between 0 and 1 and peaks where a sound sets in") {
  const SampleRate rate{44100};
  const auto activation = beat_activation(band_spectrogram(signals::clicks(5.0, rate, 60.0, 0.5), rate));
  REQUIRE(activation.size() == 500);
  for (const float value : activation) CHECK((value >= 0.0F && value <= 1.0F));
  for (int beat = 0; beat < 5; ++beat) {
    const auto from = activation.begin() + 100 * beat;
    CHECK(std::abs((std::max_element(from, from + 100) - from) - 50) <= 1);
  }
}

TEST_CASE("quiet beats count like loud ones after a while") {
  const SampleRate rate{44100};
  auto samples = signals::clicks(20.0, rate, 120.0);
  for (std::size_t i = samples.size() / 2; i < samples.size(); ++i) samples[i] *= 0.1F;
  const auto activation = beat_activation(band_spectrogram(samples, rate));
  CHECK(*std::max_element(activation.begin() + 1500, activation.begin() + 1800) == doctest::Approx(1.0));
}

TEST_CASE("nothing activates in silence") {
  CHECK(beat_activation({}).empty());
  const auto activation = beat_activation(band_spectrogram(signals::silence(3.0, {44100}), {44100}));
  CHECK(std::ranges::all_of(activation, [](float value) { return value == 0.0F; }));
}
