// A model over a sound, with networks whose output is known.
#include "sfa/separation/model_run.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "../io/scratch.hpp"
#include "sfa/io/stem_store.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

/// Source i is `gains[i]` times the mix. Counts itself and its runs; runs out of breath after `runs`.
class Gains final : public Network {
 public:
  Gains(std::vector<float> gains, int runs = 1 << 30) : gains_(std::move(gains)), runs_(runs) {
    info_.architecture = "Gains";
    info_.sources.resize(gains_.size());
    info_.rate = {44100};
    info_.channels = 2;
    info_.segment_frames = 4000;
    ++alive;
    most_alive = std::max(most_alive, alive);
  }
  ~Gains() override { --alive; }
  [[nodiscard]] const NetworkInfo& info() const override { return info_; }
  [[nodiscard]] Frames valid_length(Frames frames) const override { return frames; }
  [[nodiscard]] std::vector<AudioBuffer> run(const AudioView& mix, const Progress& progress) override {
    report(progress, 0.5);
    if (runs_-- == 0) throw Error(Error::Kind::cancelled, "killed");
    ++ran;
    std::vector<AudioBuffer> stems;
    for (const float gain : gains_) {
      stems.emplace_back(mix);
      for (int c = 0; c < mix.channels(); ++c)
        for (float& x : stems.back().channel(c)) x *= gain;
    }
    return stems;
  }

  static inline int alive = 0, most_alive = 0, ran = 0;

 private:
  NetworkInfo info_;
  std::vector<float> gains_;
  int runs_;
};

BlockSource read(const AudioBuffer& audio) {
  return [&audio, at = Frames{0}](Frames frames) mutable {
    AudioBuffer block(audio.view().slice({at, at + frames}));
    at += block.frames();
    return block;
  };
}

NetworkInput input_of(const AudioBuffer& audio, std::size_t sources) {
  return {audio.channels(), audio.rate(), {"Gains", std::vector<std::string>(sources, "x"), {44100}, 2}, read(audio),
          [&audio] { return read(audio); }};
}

OpenKept open_in(const io::StemStore& store, const NetworkInput& input, std::vector<std::size_t> sources) {
  return [&store, &input, sources](std::size_t member, std::size_t group, const Progress& progress) -> KeptSources {
    const auto key = "member" + std::to_string(member) + "-" + std::to_string(group);
    return {store.open(key, {static_cast<int>(sources.size()) * 2, input.frames(), input.network_rate()}, progress), sources};
  };
}

ModelMember member(std::vector<float> gains, std::vector<double> weights, int runs = 1 << 30) {
  return {[gains, runs] { return std::make_unique<Gains>(gains, runs); }, std::move(weights), {}, {}};
}

std::vector<AudioBuffer> all_of(ModelRun& run, const NetworkInput& input) {
  std::vector<AudioBuffer> stems(run.stems(), AudioBuffer(input.channels(), input.sound_frames(), input.sound_rate()));
  Frames at = 0;
  give_all(run, input, [&](std::span<const AudioBuffer> blocks) {
    for (std::size_t s = 0; s < stems.size(); ++s)
      for (int c = 0; c < stems[s].channels(); ++c)
        std::ranges::copy(blocks[s].channel(c), stems[s].channel(c).begin() + at);
    at += blocks.front().frames();
  });
  CHECK(at == input.sound_frames());
  return stems;
}

double difference(const AudioBuffer& a, const AudioBuffer& b, double gain = 1.0) {
  REQUIRE(a.channels() == b.channels());
  REQUIRE(a.frames() == b.frames());
  double largest = 0.0;
  for (int c = 0; c < a.channels(); ++c)
    for (std::size_t i = 0; i < a.channel(c).size(); ++i)
      largest = std::max(largest, std::abs(a.channel(c)[i] - gain * b.channel(c)[i]));
  return largest;
}

}  // namespace

TEST_CASE("sounds of any number of channels go through a network and come back as they were") {
  const io::StemStore store;
  for (const int channels : {1, 2, 3, 6}) {
    CAPTURE(channels);
    auto audio = scratch::noise(channels, 20000, 44100);
    const auto input = input_of(audio, 1);
    ModelRun run({member({1.0F}, {1.0})}, input, open_in(store, input, {0}), {});
    CHECK(difference(all_of(run, input).front(), audio) < 1e-5);
  }
}

TEST_CASE("at other rates a click comes back where it was, and the length to the sample") {
  const io::StemStore store;
  for (const int hz : {8000, 22050, 32000, 44100, 48000, 88200, 96000, 192000}) {
    CAPTURE(hz);
    const auto frames = static_cast<std::size_t>(hz) / 2 + 7;
    AudioBuffer audio(2, static_cast<Frames>(frames), {hz});
    for (const std::size_t at : {frames / 3, frames - 200})
      for (int c = 0; c < 2; ++c) audio.channel(c)[at] = 1.0F;
    const auto input = input_of(audio, 1);
    ModelRun run({member({1.0F}, {1.0})}, input, open_in(store, input, {0}), {});
    const auto stem = all_of(run, input).front();
    for (const auto part : {std::span(stem.channel(0)).first(frames / 2), std::span(stem.channel(0)).subspan(frames / 2)})
      CHECK(audio.channel(0)[static_cast<std::size_t>(std::ranges::max_element(part) - stem.channel(0).begin())] == 1.0F);
  }
}

TEST_CASE("members are averaged by their weights, stem by stem") {
  const io::StemStore store;
  const auto audio = scratch::noise(2, 15000, 44100);
  const auto input = input_of(audio, 3);
  const auto open = [&](std::size_t m, std::size_t group, const Progress& progress) -> KeptSources {
    return m == 0 ? open_in(store, input, {0, 2})(m, group, progress) : open_in(store, input, {0, 1, 2})(m, group, progress);
  };
  Gains::most_alive = 0;
  // The second stem is made by one of them only.
  ModelRun run({member({1.0F, 9.0F, 0.5F}, {3.0, 0.0, 1.0}), member({2.0F, 0.25F, 1.5F}, {1.0, 2.0, 1.0})}, input, open, {});
  REQUIRE(run.stems() == 3);
  const auto stems = all_of(run, input);
  // A gain applies to the sound at its norm; its mean, next to 0 here, is added again.
  CHECK(difference(stems[0], audio, 1.25) < 0.02);
  CHECK(difference(stems[1], audio, 0.25) < 0.02);
  CHECK(difference(stems[2], audio, 1.0) < 0.02);
  CHECK(Gains::most_alive == 1);
  CHECK(Gains::alive == 0);
}

TEST_CASE("a network runs only as far as its stems are read") {
  const io::StemStore store;
  const auto audio = scratch::noise(2, 60000, 44100);
  const auto input = input_of(audio, 1);
  ModelRun run({member({1.0F}, {1.0})}, input, open_in(store, input, {0}), {});
  Gains::ran = 0;
  (void)run.read({0, 2000});
  CHECK(Gains::ran == 1);
  (void)run.read({0, 3000});
  CHECK(Gains::ran == 1);
  (void)run.read({58000, 60000});
  CHECK(Gains::ran == 20);  // segments of 4000 begin each 3000 frames
}

TEST_CASE("a run that was killed at any moment and goes on gives the bytes of one that was not") {
  const auto audio = scratch::noise(3, 120000, 48000);
  const auto input = input_of(audio, 2);
  SegmentOptions plain, shifted;
  shifted.shifts = 2;
  for (auto options : {plain, shifted}) {
    options.segment_seconds = 0.6;
    const auto with = [&](const io::StemStore& store, int runs) {
      auto one = member({0.5F, 2.0F}, {1.0, 1.0}, runs);
      one.segments = options;
      return ModelRun({one}, input, open_in(store, input, {0, 1}), {}, std::chrono::milliseconds(0));
    };
    const io::StemStore nowhere;
    auto undisturbed = with(nowhere, 1 << 30);
    const auto wanted = all_of(undisturbed, input);
    const scratch::Folder folder;
    const io::StemStore store(io::ContentCache(folder / "cache"));
    Gains::ran = 0;
    int kills = 0;
    for (bool done = false; !done; ++kills) {
      REQUIRE(kills < 100);
      auto run = with(store, 3);
      try {
        const auto stems = all_of(run, input);
        for (std::size_t s = 0; s < 2; ++s)
          for (int c = 0; c < 3; ++c) CHECK(std::ranges::equal(stems[s].channel(c), wanted[s].channel(c)));
        done = true;
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::cancelled);
      }
    }
    CHECK(kills > 2);
  }
}

TEST_CASE("progress tells the part of what is still to be made, and can call it off") {
  const scratch::Folder folder;
  const io::StemStore store(io::ContentCache(folder / "cache"));
  const auto audio = scratch::noise(2, 60000, 44100);
  const auto input = input_of(audio, 1);
  double last = -1.0;
  bool stop_at_half = true;
  const auto progress = [&](double done) {
    CHECK(done >= last);
    CHECK(done <= 1.0);
    last = done;
    return !(stop_at_half && done > 0.5);
  };
  const auto run = [&] {
    ModelRun once({member({1.0F}, {1.0})}, input, open_in(store, input, {0}), progress, std::chrono::milliseconds(0));
    (void)once.read({0, 60000});
  };
  CHECK_THROWS_AS(run(), Error);
  stop_at_half = false;
  last = -1.0;
  double first = 2.0;
  const auto resumed = [&](double done) {
    first = std::min(first, done);
    return progress(done);
  };
  ModelRun rest({member({1.0F}, {1.0})}, input, open_in(store, input, {0}), resumed, std::chrono::milliseconds(0));
  (void)rest.read({0, 60000});
  CHECK(first < 0.1);
  CHECK(last > 0.9);
}
