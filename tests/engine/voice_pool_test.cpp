#include "sfa/engine/voice_pool.hpp"

#include <doctest/doctest.h>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

constexpr Frames release = 144;
constexpr Frames fade = 192;  // 4 ms
constexpr SampleRate rate{48000};

/// Slices of steady levels 1, 2, 4, .. that the sum tells apart, on one lane.
class Stage {
 public:
  explicit Stage(int voices) : pool(voices, 1, release, rate) {
    for (int i = 0; i < 8; ++i) {
      for (Frames f = 0; f < 1000; ++f)
        memory_.channel(0)[static_cast<std::size_t>(i * 1000 + f)] = static_cast<float>(1 << i);
    }
  }
  /// The slice of level 2^number.
  Trigger slice(int number, Frames gate_frames = 0, int mute_group = 0) {
    auto* const sample = shelf_.cut({number * 1000, (number + 1) * 1000});
    return {.sample = sample, .gate_frames = gate_frames, .mute_group = mute_group};
  }
  std::vector<float> render(Frames frames) {
    AudioBuffer out(1, frames, rate);
    for_each_piece(frames, piece_frames, [&](FrameRange range) {
      const auto part = block_of(out).part(range);
      pool.render({&part, 1});
    });
    return {out.channel(0).begin(), out.channel(0).end()};
  }

 private:
  AudioBuffer memory_{1, 8000, rate};
  Shelf shelf_{memory_};

 public:
  VoicePool pool;
};

}  // namespace

// The written-down scenario: three voices, and what is left when a fourth comes.

TEST_CASE("a free voice is taken before any other") {
  Stage stage(3);
  stage.pool.start(stage.slice(0));
  stage.pool.start(stage.slice(1));
  stage.render(100);
  stage.pool.start(stage.slice(2));
  CHECK(stage.render(1)[0] == 7.0F);
  CHECK(stage.pool.stolen() == 0);
}

TEST_CASE("then the one whose gate ended first, however loud it is") {
  Stage stage(3);
  stage.pool.start(stage.slice(0));
  stage.pool.start(stage.slice(5, 60));  // its gate ends at 60, 40 frames before the next one's
  stage.pool.start(stage.slice(4, 100));
  stage.render(120);
  stage.pool.start(stage.slice(1));
  stage.render(fade);
  // The first is steady, the last released one would have gone on until 244 but for its own end.
  CHECK(stage.pool.stolen() == 1);
  CHECK(stage.render(1)[0] == 3.0F);
}

TEST_CASE("then the quietest") {
  Stage stage(3);
  for (const int number : {3, 1, 2}) stage.pool.start(stage.slice(number));
  stage.render(100);
  stage.pool.start(stage.slice(0));
  const auto out = stage.render(fade + 1);
  CHECK(out[fade] == 13.0F);  // 8 + 4 + 1: the second is gone
  CHECK(out[0] == doctest::Approx(13.0 + 2.0 * fade / (fade + 1.0)));
}

TEST_CASE("then, of equally quiet ones, the oldest") {
  Stage stage(2);
  stage.pool.start(stage.slice(0));
  stage.render(300);
  stage.pool.start(stage.slice(0));
  stage.render(300);
  stage.pool.start(stage.slice(3));
  stage.render(fade);
  CHECK(stage.render(1)[0] == 9.0F);
  stage.render(350);  // the younger one ends 1000 frames after its start, at 1300; the oldest would have at 1000
  CHECK(stage.pool.active() == 2);
}

TEST_CASE("what gives way fades over 4 ms, and no step is larger than that of the fade") {
  Stage stage(1);
  stage.pool.start(stage.slice(1));
  auto out = stage.render(100);
  stage.pool.start({.sample = stage.slice(0).sample, .attack_frames = 500});
  const auto rest = stage.render(400);
  out.insert(out.end(), rest.begin(), rest.end());
  CHECK(largest_step(std::span(out).subspan(1)) < 2.0F / fade);
}

TEST_CASE("a voice that has not been heard gives way without a trace, so that only the newest of many sound") {
  Stage stage(4);
  for (int i = 0; i < 50; ++i) stage.pool.start(stage.slice(i < 46 ? 7 : 0));
  CHECK(stage.pool.active() == 4);
  CHECK(stage.pool.stolen() == 46);
  CHECK(stage.render(1)[0] == 4.0F);
}

TEST_CASE("however often voices are stolen, there are never more than twice as many") {
  Stage stage(4);
  for (int i = 0; i < 200; ++i) {
    stage.pool.start(stage.slice(i % 8));
    stage.render(3);
    CHECK(stage.pool.active() <= 8);
  }
  stage.render(fade);
  CHECK(stage.pool.active() <= 4);
}

TEST_CASE("a sound silences those of its mute group and no others") {
  Stage stage(8);
  stage.pool.start(stage.slice(0, 0, 1));
  stage.pool.start(stage.slice(1, 0, 2));
  stage.pool.start(stage.slice(2));
  stage.render(10);
  stage.pool.start(stage.slice(3, 0, 1));
  stage.render(fade);
  CHECK(stage.render(1)[0] == 14.0F);
  CHECK(stage.pool.stolen() == 0);
}

TEST_CASE("a trigger that is not sound, or on no lane of ours, is passed over") {
  Stage stage(2);
  stage.pool.start({});
  auto elsewhere = stage.slice(0);
  elsewhere.lane = 1;
  stage.pool.start(elsewhere);
  elsewhere.lane = -1;
  stage.pool.start(elsewhere);
  CHECK(stage.pool.active() == 0);
}
