// The released networks in their full size, with weights that were never trained.
#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/random.hpp"
#include "sfa/separation/network.hpp"
#include "sfa/separation/torch_runtime.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

Value names(std::initializer_list<const char*> list) {
  ValueList values;
  for (const char* name : list) values.push_back({std::string(name)});
  return {values};
}

Value whole(std::int64_t number) { return {number}; }

// As the released checkpoints have them, where they differ from the classes' own defaults.
ValueMap htdemucs() {
  return {{"sources", names({"drums", "bass", "other", "vocals"})},
          {"bottom_channels", whole(512)},
          {"dconv_mode", whole(3)},
          {"segment", {Fraction{39, 5}}}};
}

ValueMap htdemucs_6s() {
  auto arguments = htdemucs();
  arguments["sources"] = names({"drums", "bass", "other", "vocals", "guitar", "piano"});
  arguments["bottom_channels"] = whole(0);
  return arguments;
}

ValueMap hdemucs_mmi() {
  return {{"sources", names({"drums", "bass", "other", "vocals"})}, {"segment", whole(44)}};
}

AudioBuffer noise(Frames frames) {
  AudioBuffer mix(2, frames, {44100});
  Random random(7);
  for (int c = 0; c < 2; ++c)
    for (auto& sample : mix.channel(c)) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return mix;
}

double snr_db(const std::vector<AudioBuffer>& wanted, const std::vector<AudioBuffer>& got) {
  double signal = 0.0, noise = 0.0;
  for (std::size_t s = 0; s < wanted.size(); ++s) {
    for (int c = 0; c < wanted[s].channels(); ++c) {
      for (std::size_t t = 0; t < wanted[s].channel(c).size(); ++t) {
        const double want = wanted[s].channel(c)[t], error = got[s].channel(c)[t] - want;
        signal += want * want;
        noise += error * error;
      }
    }
  }
  return 10.0 * std::log10(signal / noise);
}

}  // namespace

TEST_CASE("full-size networks have the released ones' numbers of parameters and tensors, and run") {
  if (!torch_runtime().problem.empty()) return;
  struct Released {
    const char* name;
    const char* architecture;
    ValueMap arguments;
    std::int64_t parameters;
    std::size_t tensors;
  };
  const std::vector<Released> all{{"htdemucs", "HTDemucs", htdemucs(), 41984456, 533},
                                  {"htdemucs_6s", "HTDemucs", htdemucs_6s(), 27414996, 525},
                                  {"hdemucs_mmi", "HDemucs", hdemucs_mmi(), 83637832, 395}};
  for (const auto& released : all) {
    CAPTURE(released.name);
    const auto checkpoint = untrained_checkpoint(released.architecture, released.arguments, 1);
    CHECK(checkpoint.tensors.size() == released.tensors);
    const auto network = make_network(checkpoint, {Device::cpu, Precision::float32, 2});
    CHECK(network->info().parameters == released.parameters);
    const auto mix = noise(3 * 44100);
    const auto stems = network->run(mix, {});
    REQUIRE(stems.size() == network->info().sources.size());
    for (const auto& stem : stems) {
      CHECK(stem.frames() == mix.frames());
      CHECK(all_finite(stem));
      CHECK(peak(stem) > 0.0F);
    }
  }
}

TEST_CASE("the full-size network stays within 45 dB of itself in bfloat16") {
  if (!torch_runtime().problem.empty()) return;
  const auto checkpoint = untrained_checkpoint("HTDemucs", htdemucs(), 1);
  const auto mix = noise(343980);
  const auto exact = make_network(checkpoint, {Device::cpu, Precision::float32, 2})->run(mix, {});
  const auto rounded = make_network(checkpoint, {Device::cpu, Precision::bfloat16, 2})->run(mix, {});
  const double snr = snr_db(exact, rounded);
  MESSAGE(snr << " dB");
  CHECK(snr >= 45.0);
}
