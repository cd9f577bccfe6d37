#include "sfa/training/trainer.hpp"

#include <cmath>
#include <complex>

#include "networks/band_unet.hpp"
#include "networks/weights.hpp"

#include <doctest/doctest.h>  // after libtorch, which brings another CHECK

#include "sfa/audio/error.hpp"
#include "sfa/training/prefetch.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::training;
using separation::Checkpoint;

namespace {

TrainerOptions plain_options() {
  TrainerOptions options;
  options.steps = 40;
  options.warmup_steps = 5;
  options.learning_rate = 1e-2;
  options.device = separation::Device::cpu;
  options.precision = separation::Precision::float32;
  options.threads = 1;
  return options;
}

std::string bytes_of(const Checkpoint& checkpoint) {
  std::string bytes;
  separation::write_safetensors(checkpoint, [&](std::span<const std::byte> part) {
    bytes.append(reinterpret_cast<const char*>(part.data()), part.size());
  });
  return bytes;
}

/// As it comes back from a file.
Checkpoint again(const Checkpoint& checkpoint) {
  const auto bytes = std::make_shared<const std::string>(bytes_of(checkpoint));
  return separation::read_checkpoint(std::as_bytes(std::span(*bytes)), bytes);
}

double learn(Trainer& trainer, const ExampleMaker& maker, int steps) {
  double loss = 0.0;
  for (int i = 0; i < steps; ++i) loss = trainer.learn(std::vector{maker.make(static_cast<std::uint64_t>(trainer.step()))}).loss;
  return loss;
}

}  // namespace

TEST_CASE("the loss falls") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  for (const bool complex_masks : {false, true}) {
    Trainer trainer(toy::network(false, complex_masks), plain_options());
    const double first = learn(trainer, maker, 1);
    double last = 0.0;
    for (int i = 0; i < 5; ++i) last += learn(trainer, maker, 4) / 5.0;
    CHECK(trainer.step() == 21);
    CHECK(last < first - 2.0);
  }
}

TEST_CASE("a training that is taken up again ends as if it had never stopped") {
  auto options = plain_options();
  SUBCASE("float32 on one thread") {}
  SUBCASE("as it is by default") {
    options.precision = separation::Precision::automatic;
    options.threads = 0;
  }
  SUBCASE("bfloat16 on two threads") {
    options.precision = separation::Precision::bfloat16;
    options.threads = 2;
  }
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  Trainer undisturbed(toy::network(), options);
  learn(undisturbed, maker, 10);

  Trainer begun(toy::network(), options);
  learn(begun, maker, 4);
  const auto state = again(begun.state());
  auto other_seed = options;
  other_seed.seed = 99;  // the first weights are the state's, whatever they were here
  Trainer taken_up(toy::network(), other_seed);
  taken_up.resume(state);
  CHECK(taken_up.step() == 4);
  learn(taken_up, maker, 6);
  CHECK((bytes_of(taken_up.state()) == bytes_of(undisturbed.state())));
  CHECK((bytes_of(taken_up.network()) == bytes_of(undisturbed.network())));
}

TEST_CASE("batches that are accumulated count like one") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  Trainer once(toy::network(), plain_options()), twice(toy::network(), plain_options());
  const auto batch = maker.make(0);
  const auto one = once.learn(std::vector{batch}), two = twice.learn(std::vector{batch, batch});
  CHECK(two.loss == doctest::Approx(one.loss));
  CHECK(two.gradient_norm == doctest::Approx(one.gradient_norm).epsilon(1e-3));
}

TEST_CASE("the learning rate rises over the first steps and falls to a hundredth") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  auto options = plain_options();
  options.steps = 20;
  Trainer trainer(toy::network(), options);
  const auto batch = std::vector{maker.make(0)};
  std::vector<double> rates;
  for (int i = 0; i < 20; ++i) rates.push_back(trainer.learn(batch).learning_rate);
  CHECK(rates[0] == doctest::Approx(options.learning_rate / 5.0).epsilon(0.02));
  CHECK(rates[4] > rates[3]);
  for (std::size_t i = 5; i < 20; ++i) CHECK(rates[i] < rates[i - 1]);
  CHECK(rates[19] == doctest::Approx(0.01 * options.learning_rate));
}

TEST_CASE("what a network misses is the energy of the difference") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  for (const bool complex_masks : {false, true}) {
    Trainer trainer(toy::network(false, complex_masks), plain_options());
    learn(trainer, maker, 5);
    constexpr Frames first = 3;
    constexpr int count = 6;
    const auto batch = maker.plain(songs[0], first, count);
    const auto judged = trainer.judge(batch);

    const auto state = trainer.state();
    separation::networks::BandUNet network(separation::networks::band_unet_plan(toy::network(false, complex_masks)));
    separation::networks::Weights weights(state, torch::kCPU);
    const torch::NoGradGuard guard;
    for (auto& item : network->named_parameters()) item.value().copy_(weights.take("average." + item.key(), item.value().sizes()));
    for (auto& item : network->named_buffers())
      if (item.value().is_floating_point()) item.value().copy_(weights.take("average." + item.key(), item.value().sizes()));
    network->eval();
    const auto features = torch::from_blob(const_cast<float*>(batch.features.data()), {1, count, 32, 4}).permute({0, 3, 1, 2});
    auto masks = network->forward(features)[0];
    if (!complex_masks) masks = torch::stack({masks, torch::zeros_like(masks)}, -1);
    const auto mask = masks.contiguous();
    const auto value = mask.accessor<float, 5>();

    separation::BandTransform transform(toy::transform);
    std::vector<double> error(toy::stems), power(toy::stems);
    for (int frame = 0; frame < count; ++frame) {
      std::vector<separation::MidSide> stems(toy::stems);
      for (std::size_t s = 0; s < stems.size(); ++s) {
        const auto begin = (first + frame) * toy::transform.hop_frames;
        auto sound = songs[0].stems[s]({begin, begin + toy::transform.size_frames});
        transform.analyze(sound.channel(0), sound.channel(1), stems[s]);
      }
      for (int band = 0; band < 32; ++band)
        for (auto k = static_cast<std::size_t>(transform.layout().begin(band)); k < static_cast<std::size_t>(transform.layout().end(band)); ++k)
          for (int side = 0; side < 2; ++side) {
            const auto bin = [&](const separation::MidSide& of) { return std::complex<double>((side == 0 ? of.mid : of.side)[k]); };
            std::complex<double> mix;
            for (const auto& stem : stems) mix += bin(stem);
            for (int s = 0; s < toy::stems; ++s) {
              const std::complex<double> m(value[frame][band][s][side][0], value[frame][band][s][side][1]);
              const auto own = bin(stems[static_cast<std::size_t>(s)]);
              error[static_cast<std::size_t>(s)] += std::norm(own - m * mix);
              power[static_cast<std::size_t>(s)] += std::norm(own);
            }
          }
    }
    for (std::size_t s = 0; s < toy::stems; ++s) {
      CHECK(judged.error[s] == doctest::Approx(error[s]).epsilon(1e-3));
      CHECK(judged.power[s] == doctest::Approx(power[s]).epsilon(1e-3));
    }
  }
}

TEST_CASE("the network that is kept can be tuned further") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  Trainer trainer(toy::network(true), plain_options());
  learn(trainer, maker, 10);
  const auto network = again(trainer.network());
  Trainer tuned(network, plain_options());
  CHECK(tuned.step() == 0);
  CHECK((bytes_of(tuned.network()) == bytes_of(trainer.network())));
  const auto batch = maker.plain(songs[0], 0, 20);
  const auto before = trainer.judge(batch), after = tuned.judge(batch);
  for (std::size_t s = 0; s < toy::stems; ++s) CHECK(after.error[s] == doctest::Approx(before.error[s]).epsilon(0.02));  // halved precision
  CHECK(learn(tuned, maker, 1) < learn(trainer, maker, 1) + 1.0);

  auto other = network;
  other.architecture = "HTDemucs";
  CHECK_THROWS_WITH_AS(Trainer(other, plain_options()), "HTDemucs: a network of this kind cannot be trained here", Error);
  auto cut = network;
  cut.tensors.erase(cut.tensors.begin());
  CHECK_THROWS_AS(Trainer(cut, plain_options()), Error);
}

TEST_CASE("a trainer tells what it needs to know of songs") {
  const Trainer trainer(toy::network(), plain_options());
  CHECK(trainer.rate() == toy::rate);
  CHECK(trainer.transform().size_frames == 256);
  CHECK(trainer.sources() == std::vector<std::string>{"drums", "bass", "other", "vocals"});
  CHECK(trainer.parameters() > 0);
}

TEST_CASE("a state of another network, or none, is refused") {
  const Trainer trainer(toy::network(), plain_options());
  const auto state = trainer.state();
  auto arguments = toy::network();
  arguments["bands"] = {std::int64_t{64}};
  arguments["mix"] = {std::int64_t{7}};
  Trainer other(arguments, plain_options());
  CHECK_THROWS_WITH_AS(other.resume(state), "its network has other values of bands, mix", Error);
  Trainer same(toy::network(), plain_options());
  CHECK_THROWS_WITH_AS(same.resume(trainer.network()), "is no training state", Error);
  auto cut = state;
  cut.tensors.erase("first.input.conv.weight");
  CHECK_THROWS_AS(same.resume(cut), Error);
  auto negative = state;
  negative.arguments["step"] = {std::int64_t{-1}};
  CHECK_THROWS_AS(same.resume(negative), Error);
}

TEST_CASE("a batch that is no number ends the training with a word") {
  const auto songs = toy::songs();
  auto batch = ExampleMaker(songs, toy::options()).make(0);
  batch.features[7] = std::nanf("");
  Trainer trainer(toy::network(), plain_options());
  CHECK_THROWS_WITH_AS(trainer.learn(std::vector{batch}), doctest::Contains("not finite"), Error);
}
