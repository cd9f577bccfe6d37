#include "sfa/separation/engine.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

// Two stems that add up to the mix, in shares that differ from call to call, as if the engine had heard
// each stretch anew.
class Shares final : public Engine {
 public:
  explicit Shares(Stretch stretch, std::optional<SampleRate> rate = {}) : stretch_(stretch), info_{"shares", {"a", "b"}, rate, ""} {}
  const EngineInfo& info() const override { return info_; }
  Stretch stretch(int, SampleRate) const override { return stretch_; }
  std::vector<AudioBuffer> separate(const AudioView& mix, const Progress& progress) override {
    longest = std::max(longest, mix.frames());
    ++calls;
    const float share = calls % 2 == 0 ? 0.25F : 0.75F;
    std::vector<AudioBuffer> stems(2, AudioBuffer(mix));
    for (int c = 0; c < mix.channels(); ++c) {
      for (auto& sample : stems[0].channel(c)) sample *= share;
      for (auto& sample : stems[1].channel(c)) sample *= 1.0F - share;
    }
    report(progress, 1.0);
    return stems;
  }
  Frames longest = 0;
  int calls = 0;

 private:
  Stretch stretch_;
  EngineInfo info_;
};

AudioBuffer noise(int channels, Frames frames, SampleRate rate = {}) {
  Random random(7);
  AudioBuffer audio(channels, frames, rate);
  for (int c = 0; c < channels; ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return audio;
}

}  // namespace

TEST_CASE("stretches join without a gap: every length comes out whole, and the stems add up to the mix") {
  for (Frames frames = 0; frames < 60; ++frames) {
    CAPTURE(frames);
    Shares engine({10, 3});
    const auto mix = noise(2, frames);
    const auto stems = separate(engine, mix);
    REQUIRE(stems.size() == 2);
    CHECK(engine.longest <= 10);
    for (int c = 0; c < 2; ++c) {
      REQUIRE(stems[0].frames() == frames);
      for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
        REQUIRE(std::abs(stems[0].channel(c)[i] + stems[1].channel(c)[i] - mix.channel(c)[i]) < 1e-6F);
    }
  }
}

TEST_CASE("one stretch fades into the next without a step") {
  Shares engine({1000, 200});
  AudioBuffer ones(1, 5000, SampleRate{});
  std::ranges::fill(ones.channel(0), 1.0F);
  const auto stem = separate(engine, ones).front();
  REQUIRE(engine.calls > 2);
  const auto samples = stem.channel(0);
  CHECK(*std::ranges::min_element(samples) == doctest::Approx(0.25));
  CHECK(*std::ranges::max_element(samples) == doctest::Approx(0.75));
  for (std::size_t i = 1; i < samples.size(); ++i) REQUIRE(std::abs(samples[i] - samples[i - 1]) < 0.5F / 200);
}

TEST_CASE("blocks come in order while the source is being read") {
  Shares engine({10, 3});
  const auto mix = noise(1, 95);
  Frames read = 0, written = 0, furthest = 0;
  separate(
      engine,
      [&](Frames frames) {
        AudioBuffer block(mix.view().slice({read, read + frames}));
        read += block.frames();
        return block;
      },
      [&](std::span<const AudioBuffer> stems) {
        CHECK(stems[0].frames() == stems[1].frames());
        written += stems[0].frames();
        furthest = std::max(furthest, read - written);
      });
  CHECK(written == 95);
  CHECK(furthest <= 10);
}

TEST_CASE("progress rises to 1 and can stop the work") {
  Shares engine({10, 3});
  std::vector<double> heard;
  (void)separate(engine, noise(1, 95), [&](double done) { heard.push_back(done); return true; });
  CHECK(std::ranges::is_sorted(heard));
  CHECK(heard.back() == 1.0);
  CHECK(heard.front() < 0.2);
  CHECK_THROWS_AS((void)separate(engine, noise(1, 95), [](double done) { return done < 0.5; }), Error);
}

TEST_CASE("an engine with a rate of its own refuses another") {
  Shares engine({10, 3}, SampleRate{44100});
  CHECK(separate(engine, noise(1, 20, SampleRate{44100})).size() == 2);
  CHECK_THROWS_AS((void)separate(engine, noise(1, 20, SampleRate{48000})), Error);
}

TEST_CASE("every engine that is listed can be made, others cannot") {
  for (const auto& info : engines()) {
    CHECK(make_engine(info.name)->info().name == info.name);
    CHECK_FALSE(info.note.empty());
  }
  CHECK_THROWS_AS((void)make_engine("magic"), Error);
}
