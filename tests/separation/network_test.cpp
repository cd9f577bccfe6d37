// The networks against the reference implementation's own output (tests/fixtures/separation/README.md).
#include "sfa/separation/network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "sfa/audio/error.hpp"
#include "sfa/io/mapped_file.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/separation/segmenter.hpp"
#include "sfa/separation/torch_runtime.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

const std::string fixtures = SFA_SOURCE_DIR "/tests/fixtures/separation/";

Checkpoint checkpoint(const std::string& name) {
  const auto file = io::map_file(fixtures + name + ".th");
  return read_checkpoint(file.bytes, file.owner);
}

struct Normal {
  double mean = 0.0, deviation = 0.0;
};

Normal normal_of(const AudioView& mix) {
  const auto mono = to_mono(mix);
  Normal normal;
  for (const float x : mono) normal.mean += static_cast<double>(x) / static_cast<double>(mono.size());
  for (const float x : mono) normal.deviation += (x - normal.mean) * (x - normal.mean);
  normal.deviation = std::sqrt(normal.deviation / static_cast<double>(mono.size() - 1)) + 1e-8;
  return normal;
}

// apply_model(model, mix, shifts=0, split=True, overlap=0.25) between the command line's normalisation.
std::vector<AudioBuffer> separated(Network& network, const AudioBuffer& mix) {
  const auto normal = normal_of(mix);
  const auto window = [&](FrameRange range) {
    AudioBuffer part(mix.channels(), range.size(), mix.rate());
    for (int c = 0; c < mix.channels(); ++c)
      for (Frames t = std::max<Frames>(0, range.begin); t < std::min(range.end, mix.frames()); ++t)
        part.channel(c)[static_cast<std::size_t>(t - range.begin)] =
            static_cast<float>((mix.channel(c)[static_cast<std::size_t>(t)] - normal.mean) / normal.deviation);
    return part;
  };
  Segmenter segmenter(network, mix.frames(), {});
  std::vector<AudioBuffer> stems(network.info().sources.size(), AudioBuffer(mix.channels(), mix.frames(), mix.rate()));
  while (!segmenter.finished()) {
    const auto at = segmenter.done();
    const auto block = segmenter.next(window, {});
    for (std::size_t s = 0; s < stems.size(); ++s)
      for (int c = 0; c < mix.channels(); ++c)
        for (Frames t = 0; t < block[s].frames(); ++t)
          stems[s].channel(c)[static_cast<std::size_t>(at + t)] = static_cast<float>(
              block[s].channel(c)[static_cast<std::size_t>(t)] * normal.deviation + normal.mean);
  }
  return stems;
}

struct Difference {
  double largest = 0.0, snr_db = 0.0;
};

Difference from_probe(const std::vector<AudioBuffer>& stems, const std::string& name) {
  constexpr Frames step = 49;
  const auto probe = io::read_sound(fixtures + name + ".probe.wav");
  REQUIRE(probe.channels() == static_cast<int>(stems.size()) * 2);
  Difference difference;
  double signal = 0.0, noise = 0.0;
  for (int channel = 0; channel < probe.channels(); ++channel) {
    const auto wanted = probe.channel(channel);
    const auto got = stems[static_cast<std::size_t>(channel / 2)].channel(channel % 2);
    REQUIRE(wanted.size() == (got.size() + step - 1) / step);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double error = got[i * step] - wanted[i];
      difference.largest = std::max(difference.largest, std::abs(error));
      signal += wanted[i] * wanted[i];
      noise += error * error;
    }
  }
  difference.snr_db = 10.0 * std::log10(signal / noise);
  return difference;
}

const std::vector<std::string> all{"htdemucs", "htdemucs_6s", "hdemucs_mmi", "mdx_magnitude",
                                   "mdx_hybrid_old", "mdx_multifreq", "mdx_time"};

}  // namespace

TEST_CASE("every architecture of the family gives the reference's output in float32") {
  if (!torch_runtime().problem.empty()) return;
  const auto mix = io::read_sound(fixtures + "mixture.wav");
  for (const auto& name : all) {
    CAPTURE(name);
    const auto network = make_network(checkpoint(name), {Device::cpu, Precision::float32, 2});
    CHECK(network->info().precision == Precision::float32);
    const auto difference = from_probe(separated(*network, mix), name);
    MESSAGE(name << ": differs by " << difference.largest);
    CHECK(difference.largest < 1e-4);
  }
}

TEST_CASE("in bfloat16 the family stays within 28 dB of the reference") {
  if (!torch_runtime().problem.empty()) return;
  const auto mix = io::read_sound(fixtures + "mixture.wav");
  for (const auto& name : all) {
    CAPTURE(name);
    const auto network = make_network(checkpoint(name), {Device::cpu, Precision::bfloat16, 2});
    CHECK(network->info().precision == Precision::bfloat16);
    const auto difference = from_probe(separated(*network, mix), name);
    MESSAGE(name << ": " << difference.snr_db << " dB");
    CHECK(difference.snr_db >= 28.0);
  }
}

TEST_CASE("the same samples give the same bits on any number of threads") {
  if (!torch_runtime().problem.empty()) return;
  const auto mix = io::read_sound(fixtures + "mixture.wav", FrameRange{0, 44100});
  for (const std::string name : {"htdemucs", "hdemucs_mmi", "mdx_time"}) {
    for (const auto precision : {Precision::float32, Precision::bfloat16}) {
      CAPTURE(name);
      std::vector<std::vector<AudioBuffer>> results;
      for (const int threads : {1, 2, 3})
        results.push_back(make_network(checkpoint(name), {Device::cpu, precision, threads})->run(mix, {}));
      for (const auto& result : results)
        for (std::size_t s = 0; s < result.size(); ++s)
          for (int c = 0; c < mix.channels(); ++c)
            CHECK(std::ranges::equal(result[s].channel(c), results.front()[s].channel(c)));
    }
  }
}

TEST_CASE("a network can be stopped between its layers") {
  if (!torch_runtime().problem.empty()) return;
  const auto mix = io::read_sound(fixtures + "mixture.wav", FrameRange{0, 44100});
  const auto network = make_network(checkpoint("htdemucs"), {Device::cpu, Precision::float32, 2});
  std::vector<double> told;
  (void)network->run(mix, [&](double done) {
    told.push_back(done);
    return true;
  });
  CHECK(told.size() == 18);  // 4 + 4 layers of the U-nets, 5 of the transformer on either side
  CHECK(std::ranges::is_sorted(told));
  CHECK(told.back() == 1.0);
  int calls = 0;
  try {
    (void)network->run(mix, [&](double) { return ++calls < 5; });
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::cancelled);
  }
  CHECK(calls == 5);
}

TEST_CASE("what is no network of this family is refused in one line") {
  if (!torch_runtime().problem.empty()) return;
  const auto complaint = [](const Checkpoint& wrong) -> std::string {
    try {
      (void)make_network(wrong, {Device::cpu, Precision::float32, 1});
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing";
  };
  const auto right = checkpoint("htdemucs");
  REQUIRE(complaint(right) == "nothing");
  auto wrong = right;
  wrong.architecture = "Wavenet";
  CHECK(complaint(wrong) == "Wavenet: no network of this name is known");
  wrong = right;
  wrong.tensors.erase("encoder.1.conv.bias");
  CHECK(complaint(wrong) == "HTDemucs: tensor encoder.1.conv.bias is missing");
  wrong = right;
  wrong.tensors["odd"] = right.tensors.at("encoder.1.conv.bias");
  CHECK(complaint(wrong) == "HTDemucs with these arguments has no tensor odd");
  wrong = right;
  wrong.tensors["encoder.1.conv.bias"].shape = {1};
  wrong.tensors["encoder.1.conv.bias"].bytes = right.tensors.at("encoder.1.conv.bias").bytes.first(
      size_of(right.tensors.at("encoder.1.conv.bias").element));
  CHECK(complaint(wrong).starts_with("HTDemucs: tensor encoder.1.conv.bias is 1, not "));
  wrong = right;
  const std::vector<float> poison(1, std::nanf(""));
  auto& bias = wrong.tensors["encoder.1.conv.bias"];
  std::vector<float> values(bias.bytes.size() / size_of(bias.element), 0.0F);
  values[0] = poison[0];
  bias.element = Element::float32;
  bias.bytes = std::as_bytes(std::span(values));
  CHECK(complaint(wrong) == "HTDemucs: tensor encoder.1.conv.bias holds NaN or infinity");
  const auto with = [&](const std::string& name, Value value) {
    auto changed = right;
    changed.arguments[name] = std::move(value);
    return complaint(changed);
  };
  CHECK(with("depth", {std::int64_t{-1}}) == "argument depth of the network must be between 1 and 12");
  CHECK(with("depth", {std::string("deep")}) == "argument depth of the network is no number");
  CHECK(with("channels", {1e18}).starts_with("argument channels of the network must be between"));
  CHECK(with("channels", {std::nan("")}).starts_with("argument channels of the network must be between"));
  CHECK(with("growth", {16.0}) == "the network's channels outgrow all bounds");
  CHECK(with("sources", {std::int64_t{4}}) == "argument sources of the network is no list");
  CHECK(with("t_sparse_self_attn", {true}) == "networks with t_sparse_self_attn=True are not supported");
  CHECK(with("stride", {std::int64_t{3}}) == "networks whose kernel is no multiple of the stride are not supported");
  CHECK(with("nfft", {std::int64_t{100}}) == "nfft must be a multiple of 16");
}

#if !SFA_BUILT_WITH_TORCH
TEST_CASE("without libtorch a network says what is missing") {
  CHECK_THROWS_WITH_AS((void)make_network({}, {}), "networks need libtorch: built without libtorch", Error);
}
#endif
