#include "sfa/separation/segmenter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

using namespace sfa;
using namespace sfa::separation;

namespace {

constexpr SampleRate rate{1000};

// Two stems: what it hears, and the number of the run, so that weights show.
class Echo final : public Network {
 public:
  explicit Echo(Frames segment, bool fixed = false) {
    info_.sources = {"same", "run"};
    info_.rate = rate;
    info_.channels = 2;
    info_.segment_frames = segment;
    info_.fixed_segment = fixed;
  }
  const NetworkInfo& info() const override { return info_; }
  Frames valid_length(Frames frames) const override { return (frames + 15) / 16 * 16; }
  std::vector<AudioBuffer> run(const AudioView& mix, const Progress&) override {
    AudioBuffer run(mix.channels(), mix.frames(), mix.rate());
    for (int c = 0; c < mix.channels(); ++c) std::ranges::fill(run.channel(c), static_cast<float>(lengths.size()));
    lengths.push_back(mix.frames());
    return {AudioBuffer(mix), run};
  }
  std::vector<Frames> lengths;

 private:
  NetworkInfo info_;
};

AudioBuffer noise(Frames frames) {
  AudioBuffer mix(2, frames, rate);
  Random random(3);
  for (int c = 0; c < 2; ++c)
    for (auto& sample : mix.channel(c)) sample = static_cast<float>(random.uniform(-1.0, 1.0));
  return mix;
}

SoundWindow window_of(const AudioBuffer& mix) {
  return [&mix](FrameRange range) {
    AudioBuffer part(mix.channels(), range.size(), mix.rate());
    for (int c = 0; c < mix.channels(); ++c)
      for (Frames t = std::max<Frames>(0, range.begin); t < std::min(range.end, mix.frames()); ++t)
        part.channel(c)[static_cast<std::size_t>(t - range.begin)] = mix.channel(c)[static_cast<std::size_t>(t)];
    return part;
  };
}

std::vector<std::vector<float>> all(Segmenter& segmenter, const AudioBuffer& mix) {
  std::vector<std::vector<float>> stems(2);
  while (!segmenter.finished()) {
    const auto block = segmenter.next(window_of(mix), {});
    CHECK(block.front().frames() > 0);
    for (std::size_t s = 0; s < stems.size(); ++s)
      stems[s].insert(stems[s].end(), block[s].channel(0).begin(), block[s].channel(0).end());
  }
  return stems;
}

float farthest(const std::vector<float>& got, const AudioBuffer& mix) {
  REQUIRE(got.size() == static_cast<std::size_t>(mix.frames()));
  float most = 0.0F;
  for (std::size_t t = 0; t < got.size(); ++t) most = std::max(most, std::abs(got[t] - mix.channel(0)[t]));
  return most;
}

}  // namespace

TEST_CASE("segments of a network that changes nothing join to what went in") {
  for (const Frames frames : {1L, 7L, 99L, 100L, 101L, 350L, 1024L}) {
    for (const double overlap : {0.0, 0.25, 0.5, 0.9}) {
      for (const int shifts : {0, 1, 3}) {
        CAPTURE(frames);
        CAPTURE(overlap);
        CAPTURE(shifts);
        const auto mix = noise(frames);
        Echo network(100);
        Segmenter segmenter(network, frames, {.overlap = overlap, .shifts = shifts, .seed = 5});
        CHECK(farthest(all(segmenter, mix)[0], mix) < 1e-5F);
      }
    }
  }
}

TEST_CASE("neighbours fade by triangles, as apply.py has it") {
  const auto mix = noise(175);
  Echo network(100);
  Segmenter segmenter(network, 175, {});
  const auto run = all(segmenter, mix)[1];
  REQUIRE(network.lengths.size() == 3);  // from 0, 75 and 150
  CHECK(run[0] == 0.0F);
  CHECK(run[74] == 0.0F);
  // At frame 75 the first weighs 25 / 50, the second 1 / 50.
  CHECK(run[75] == doctest::Approx(1.0 / 26.0));
  CHECK(run[99] == doctest::Approx(25.0 / 26.0));
  CHECK(run[120] == doctest::Approx(1.0));
  // At 160 the second weighs 15 / 50, the third 11 / 50.
  CHECK(run[160] == doctest::Approx((15.0 + 2.0 * 11.0) / 26.0));
}

TEST_CASE("a short last segment is as long as the network likes, or a whole segment where that is fixed") {
  const auto mix = noise(103);
  Echo free(100), fixed(100, true);
  Segmenter loose(free, 103, {}), tight(fixed, 103, {});
  CHECK(farthest(all(loose, mix)[0], mix) < 1e-6F);
  CHECK(farthest(all(tight, mix)[0], mix) < 1e-6F);
  CHECK(free.lengths == std::vector<Frames>{112, 32});  // 28 frames are left
  CHECK(fixed.lengths == std::vector<Frames>{100, 100});
}

TEST_CASE("shifts come from the seed") {
  const auto mix = noise(2000);
  const auto runs = [&](std::uint64_t seed) {
    Echo network(700);
    Segmenter segmenter(network, 2000, {.shifts = 2, .seed = seed});
    return all(segmenter, mix)[1];
  };
  CHECK(runs(1) == runs(1));
  CHECK(runs(1) != runs(2));
}

TEST_CASE("what was saved goes on to the same bits") {
  const auto mix = noise(1500);
  const SegmentOptions options{.overlap = 0.4, .shifts = 2, .seed = 9};
  Echo straight(200);
  Segmenter whole(straight, 1500, options);
  const auto wanted = all(whole, mix)[0];
  Echo first(200);
  Segmenter before(first, 1500, options);
  std::vector<float> got;
  const auto take = [&](Segmenter& from) {
    const auto block = from.next(window_of(mix), {});
    got.insert(got.end(), block[0].channel(0).begin(), block[0].channel(0).end());
  };
  for (int i = 0; i < 4; ++i) take(before);
  Echo second(200);
  Segmenter after(second, 1500, options);
  after.restore(before.done(), before.save());
  CHECK(after.done() == before.done());
  while (!after.finished()) take(after);
  CHECK(got == wanted);
}

TEST_CASE("damaged state and odd options are refused") {
  Echo network(200);
  Segmenter segmenter(network, 1500, {});
  const auto mix = noise(1500);
  (void)segmenter.next(window_of(mix), {});
  const auto state = segmenter.save();
  Segmenter other(network, 1500, {});
  for (std::size_t size = 0; size < state.size(); size += 37)
    CHECK_THROWS_AS(other.restore(segmenter.done(), {state.begin(), state.begin() + static_cast<std::ptrdiff_t>(size)}), Error);
  auto wrong = state;
  wrong[0] = std::nanf("");
  CHECK_THROWS_AS(other.restore(segmenter.done(), wrong), Error);
  CHECK_THROWS_AS(other.restore(1501, state), Error);
  CHECK_THROWS_AS(Segmenter(network, 0, {}), Error);
  CHECK_THROWS_AS(Segmenter(network, 10, {.overlap = 1.0}), Error);
  CHECK_THROWS_AS(Segmenter(network, 10, {.overlap = std::nan("")}), Error);
  CHECK_THROWS_AS(Segmenter(network, 10, {.segment_seconds = 0.0}), Error);
  CHECK_THROWS_AS(Segmenter(network, 10, {.shifts = -1}), Error);
  Echo fixed(200, true);
  CHECK_THROWS_AS(Segmenter(fixed, 10, {.segment_seconds = 0.5}), Error);
}
