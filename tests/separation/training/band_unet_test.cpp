#include "networks/band_unet.hpp"

#include <doctest/doctest.h>  // after libtorch, which brings another CHECK

#include "sfa/audio/error.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::separation::networks;
using torch::Tensor;

namespace {

/// With weights and statistics all drawn at random, so that no branch is silent as it is before training.
BandUNet untamed(const separation::ValueMap& arguments) {
  torch::manual_seed(1);
  const torch::NoGradGuard guard;
  BandUNet network(band_unet_plan(arguments));
  for (auto& item : network->named_parameters()) item.value().uniform_(-0.5, 0.5);
  for (auto& item : network->named_buffers())
    if (item.value().is_floating_point()) item.value().uniform_(0.5, 1.5);
  network->eval();
  return network;
}

Tensor features(std::int64_t frames) {
  torch::manual_seed(2);
  return torch::randn({1, separation::BandTransform::features, frames, 32}).contiguous(torch::MemoryFormat::ChannelsLast);
}

double furthest(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace

TEST_CASE("masks are not negative and share the mix out among the stems") {
  const torch::NoGradGuard guard;
  for (const bool causal : {false, true}) {
    const auto masks = untamed(toy::network(causal))->forward(features(10));
    CHECK(masks.sizes() == torch::IntArrayRef({1, 10, 32, 4, 2}));
    CHECK(masks.min().item<double>() >= 0.0);
    CHECK(furthest(masks.sum(3), torch::ones({1, 10, 32, 2})) < 1e-5);
  }
}

TEST_CASE("complex masks share the mix out, and turn nothing on the whole") {
  const torch::NoGradGuard guard;
  const auto masks = untamed(toy::network(false, true))->forward(features(10));
  CHECK(masks.sizes() == torch::IntArrayRef({1, 10, 32, 4, 2, 2}));
  const auto sum = masks.sum(3);
  CHECK(furthest(sum.select(-1, 0), torch::ones({1, 10, 32, 2})) < 1e-5);
  CHECK(sum.select(-1, 1).abs().max().item<double>() < 1e-5);
  CHECK(masks.select(-1, 1).abs().max().item<double>() > 0.01);
}

TEST_CASE("a causal network does not see later frames, another one does") {
  const torch::NoGradGuard guard;
  for (const bool causal : {false, true}) {
    auto network = untamed(toy::network(causal));
    const auto input = features(40);
    auto changed = input.clone();
    changed.slice(2, 25).uniform_(-1.0, 1.0);
    const auto before = network->forward(input), after = network->forward(changed);
    const double earlier = furthest(before.slice(1, 0, 25), after.slice(1, 0, 25));
    CHECK((causal ? earlier < 1e-6 : earlier > 1e-4));
    CHECK(furthest(before.slice(1, 25), after.slice(1, 25)) > 1e-3);
  }
}

TEST_CASE("frame by frame a causal network gives what it gives of the whole") {
  const torch::NoGradGuard guard;
  auto network = untamed(toy::network(true));
  const auto input = features(50), whole = network->forward(input);
  for (const std::vector<std::int64_t>& lengths : {std::vector<std::int64_t>(50, 1), {1, 9, 30, 2, 8}}) {
    BandUNetState state;
    std::vector<Tensor> parts;
    std::int64_t at = 0;
    for (const auto length : lengths) {
      parts.push_back(network->forward(input.slice(2, at, at + length).contiguous(torch::MemoryFormat::ChannelsLast), &state));
      at += length;
    }
    CHECK(furthest(torch::cat(parts, 1), whole) < 1e-5);
  }
}

TEST_CASE("norms that are part of the convolutions change nothing") {
  const torch::NoGradGuard guard;
  for (const bool causal : {false, true}) {
    auto network = untamed(toy::network(causal));
    const auto input = features(10), before = network->forward(input);
    network->fold_norms();
    CHECK(furthest(network->forward(input), before) < 1e-4);
  }
}

TEST_CASE("a plan is what its arguments say") {
  for (const bool causal : {false, true}) {
    const auto arguments = arguments_of(band_unet_plan(toy::network(causal, !causal)));
    CHECK((arguments == arguments_of(band_unet_plan(arguments))));
    for (const auto& [name, value] : toy::network(causal, !causal)) CHECK((arguments.at(name) == value));
  }
  CHECK(band_unet_plan({}).channels == BandUNetPlan{}.channels);
  CHECK(band_unet_plan({}).rate == 44100);
}

TEST_CASE("arguments that make no sense are refused") {
  using separation::Value;
  using separation::ValueList;
  const auto number = [](std::int64_t value) { return Value{value}; };
  const auto numbers = [](std::size_t count, std::int64_t value) { return Value{ValueList(count, Value{value})}; };
  for (const auto& [name, value] : std::vector<std::pair<std::string, Value>>{
           {"channels", numbers(2, 0)}, {"channels", numbers(2, 1025)}, {"channels", numbers(11, 4)}, {"channels", numbers(7, 4)},
           {"channels", number(4)}, {"bands", number(31)}, {"bands", number(0)}, {"bands", number(200)}, {"blocks", number(-1)},
           {"nfft", number(100)}, {"nfft", number(1 << 30)}, {"hop", number(0)}, {"samplerate", number(0)},
           {"mix", number(100000)}, {"mix_depth", number(-1)}, {"mixes", number(17)}, {"sources", Value{ValueList(1000, Value{std::string("a")})}}}) {
    CAPTURE(name);
    auto arguments = toy::network();
    arguments[name] = value;
    CHECK_THROWS_AS((void)band_unet_plan(arguments), Error);
  }
  auto huge = toy::network();  // each for itself would do
  huge["channels"] = numbers(2, 1024);
  huge["mix"] = number(4096);
  huge["mixes"] = number(16);
  CHECK_THROWS_WITH_AS((void)band_unet_plan(huge), "BandUNet: it is too large", Error);
}
