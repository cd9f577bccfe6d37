// The networks against the reference implementation's own output (tests/fixtures/separation/README.md).
#include "sfa/separation/network.hpp"

#include <doctest/doctest.h>

#include <cmath>

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
