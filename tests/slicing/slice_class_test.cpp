#include "sfa/slicing/slice_class.hpp"

#include <doctest/doctest.h>

#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

namespace {

constexpr SampleRate rate{44100};

SliceClass class_of(const std::vector<float>& samples) {
  return classify(slice_sound(AudioView(samples, rate), samples)).kind;
}

std::vector<float> sum(std::vector<float> a, const std::vector<float>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) a[i] += b[i];
  return a;
}

/// A sine that falls from `from_hz` to `to_hz`, most of the way in `fall` seconds.
std::vector<float> falling(double from_hz, double to_hz, double seconds, double fall = 0.03) {
  std::vector<float> samples(static_cast<std::size_t>(seconds * rate.hz));
  double phase = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<float>(0.8 * std::sin(phase));
    const double time = static_cast<double>(i) / rate.hz;
    phase += 2.0 * std::numbers::pi * (to_hz + (from_hz - to_hz) * std::exp(-time / fall)) / rate.hz;
  }
  return samples;
}

}  // namespace

TEST_CASE("drums made as drum machines make them get their names") {
  CHECK(class_of(decaying(falling(160.0, 45.0, 0.3), 0.4, rate)) == SliceClass::kick);
  CHECK(class_of(decaying(brightened(brightened(noise(0.2, rate))), 0.1, rate)) == SliceClass::closed_hat);
  const auto ringing = class_of(decaying(brightened(brightened(noise(2.0, rate))), 2.5, rate));
  CHECK((ringing == SliceClass::cymbal || ringing == SliceClass::open_hat));
  const auto head = decaying(falling(260.0, 180.0, 0.25), 0.25, rate);
  CHECK(class_of(sum(head, decaying(noise(0.25, rate, 0.35), 0.3, rate))) == SliceClass::snare);
  CHECK(class_of(decaying(falling(230.0, 110.0, 0.5, 0.2), 0.9, rate)) == SliceClass::tom);
}

TEST_CASE("what has a pitch is tonal, what hisses on is noise, what is not there is silence") {
  CHECK(class_of(sawtooth(220.0, 0.5, rate)) == SliceClass::tonal);
  CHECK(class_of(decaying(sawtooth(330.0, 0.5, rate), 1.0, rate)) == SliceClass::tonal);
  CHECK(class_of(noise(1.0, rate, 0.3)) == SliceClass::noise);
  CHECK(class_of(noise(0.2, rate, 0.3)) == SliceClass::noise);
  CHECK(class_of(noise(1.0, rate, 0.0005)) == SliceClass::silence);
  CHECK(class_of(std::vector<float>(100)) == SliceClass::silence);
}

TEST_CASE("the level does not change the class") {
  for (const double amplitude : {0.01, 0.1, 1.0, 4.0}) {
    auto tone = sawtooth(440.0, 0.5, rate);
    for (float& sample : tone) sample *= static_cast<float>(amplitude);
    CHECK(class_of(tone) == SliceClass::tonal);
    CHECK(class_of(decaying(brightened(brightened(noise(0.2, rate, amplitude))), 0.1, rate)) == SliceClass::closed_hat);
  }
}

TEST_CASE("a verdict comes with a probability, and never names the group of hats") {
  for (const auto& samples : {sine(440.0, 0.5, rate), noise(0.1, rate), decaying(falling(160.0, 45.0, 0.3), 0.4, rate)}) {
    const auto verdict = classify(slice_sound(AudioView(samples, rate), samples));
    CHECK(verdict.confidence > 1.0 / 12.0);
    CHECK(verdict.confidence <= 1.0);
    CHECK(verdict.kind != SliceClass::hat);
  }
}

TEST_CASE("what rings on from before a hat does not make it a kick") {
  const auto kick = decaying(falling(160.0, 50.0, 0.6), 0.8, rate);
  const auto hat = decaying(brightened(brightened(noise(0.2, rate, 0.05))), 0.1, rate);
  const std::size_t begin = 8820, looked_back = 2205;
  std::vector<float> samples(kick.begin() + begin, kick.begin() + begin + 8820);
  samples = sum(std::move(samples), hat);
  const std::vector<float> before(kick.begin() + (begin - looked_back), kick.begin() + begin);
  CHECK(group(classify(slice_sound(AudioView(samples, rate), samples, before)).kind) == SliceClass::hat);
}
