#include "sfa/engine/sample.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

/// A second of one level each; none of slice 13.
class LevelMaker : public SampleMaker {
 public:
  std::unique_ptr<const Sample> make(const SampleSpec& spec) override {
    if (spec.slice == 13) throw std::runtime_error("no such slice");
    auto made = std::make_unique<Sample>();
    made->own = AudioBuffer(1, 48000, SampleRate{48000});
    std::ranges::fill(made->own.channel(0), static_cast<float>(spec.slice));
    made->audio = made->own.view();
    made->range = made->audio.range();
    return made;
  }
};

constexpr std::size_t second_bytes = 48000 * sizeof(float);

}  // namespace

TEST_CASE("offline a slice is made when it is taken, once") {
  SampleStore store(std::make_unique<LevelMaker>(), SampleStore::Use::offline);
  auto& slot = store.slot({.slice = 3});
  CHECK(&slot == &store.slot({.slice = 3}));
  CHECK(&slot != &store.slot({.slice = 3, .stretch = 2.0}));
  const auto* const sample = slot.take();
  REQUIRE(sample != nullptr);
  CHECK(sample->audio.channel(0)[7] == 3.0F);
  CHECK(slot.take() == sample);
  slot.give_back();
  slot.give_back();
  CHECK(store.bytes() == second_bytes);
}

TEST_CASE("live a slice is not there at first, and is when the store has had time") {
  SampleStore store(std::make_unique<LevelMaker>(), SampleStore::Use::live);
  auto& slot = store.slot({.slice = 3});
  CHECK(slot.take() == nullptr);
  CHECK(store.wait_until_ready({10.0}));
  const auto* const sample = slot.take();
  REQUIRE(sample != nullptr);
  CHECK(sample->audio.channel(0)[7] == 3.0F);
  slot.give_back();
}

TEST_CASE("a slice that cannot be made is missing, and the store says why") {
  for (const auto use : {SampleStore::Use::offline, SampleStore::Use::live}) {
    SampleStore store(std::make_unique<LevelMaker>(), use);
    auto& slot = store.slot({.slice = 13});
    CHECK(store.failure() == nullptr);
    CHECK(slot.take() == nullptr);
    CHECK(store.wait_until_ready({10.0}));
    CHECK(slot.take() == nullptr);
    CHECK_THROWS_WITH(std::rethrow_exception(store.failure()), "no such slice");
  }
}

TEST_CASE("what is unused longest is let go when there is too much, and never what is in use") {
  SampleStore store(std::make_unique<LevelMaker>(), SampleStore::Use::live, 3 * second_bytes);
  const auto fetch = [&](int slice) {
    auto& slot = store.slot({.slice = slice});
    if (!slot.ready()) slot.want();
    CHECK(store.wait_until_ready({10.0}));
    return slot.take();
  };
  REQUIRE(fetch(0) != nullptr);  // kept in use
  for (int i = 1; i < 6; ++i) {
    REQUIRE(fetch(i) != nullptr);
    store.slot({.slice = i}).give_back();
  }
  CHECK(store.bytes() <= 3 * second_bytes);
  CHECK(store.slot({.slice = 0}).ready());
  CHECK(store.slot({.slice = 5}).ready());
  CHECK_FALSE(store.slot({.slice = 1}).ready());
  REQUIRE(fetch(1) != nullptr);  // and made again when it is wanted
  store.slot({.slice = 1}).give_back();
  store.slot({.slice = 0}).give_back();
}

TEST_CASE("an engine that takes while the store lets go sees whole samples or none") {
  SampleStore store(std::make_unique<LevelMaker>(), SampleStore::Use::live, second_bytes);
  std::vector<SampleSlot*> slots;
  for (int i = 0; i < 4; ++i) slots.push_back(&store.slot({.slice = i}));
  int seen = 0;
  bool whole = true;
  for (int round = 0; round < 5000 && seen < 300; ++round) {
    const auto index = static_cast<std::size_t>(round % 4);
    if (const auto* const sample = slots[index]->take()) {
      ++seen;
      whole = whole && sample->audio.channel(0)[0] == static_cast<float>(index) &&
              sample->audio.channel(0)[47999] == static_cast<float>(index);
      slots[index]->give_back();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  }
  CHECK(whole);
  CHECK(seen > 0);
  CHECK(store.wait_until_ready({10.0}));
}

TEST_CASE("a stretched slice is longer by the factor, and keeps its fades") {
  const auto tone = sine(0.01, 9600);
  const Sample sample{.own = {}, .audio = tone.view(), .range = {0, 9600}, .fade_in_frames = 5, .fade_out_frames = 7};
  const auto twice = stretched(sample, 2.0);
  CHECK(twice.range == FrameRange{0, 19200});
  CHECK(twice.fade_in_frames == 5);
  CHECK(twice.fade_out_frames == 7);
}
