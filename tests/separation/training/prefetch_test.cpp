#include "sfa/training/prefetch.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "sfa/audio/error.hpp"
#include "toy_songs.hpp"

using namespace sfa;
using namespace sfa::training;

TEST_CASE("batches come in the order of their steps, the same for any number of threads") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  for (int threads = 1; threads <= 4; ++threads) {
    CAPTURE(threads);
    Prefetch prefetch(maker, 7, threads);
    for (std::uint64_t step = 7; step < 15; ++step) CHECK(toy::same(prefetch.next(), maker.make(step)));
    CHECK(prefetch.waited_seconds() >= 0.0);
  }
}

TEST_CASE("what making a batch threw comes with its step") {
  auto song = toy::song(1);
  std::atomic<int> reads = 0;
  song.stems[0] = [&, drums = song.stems[0]](FrameRange range) {
    if (++reads > 6) throw Error(Error::Kind::invalid_data, "drums.wav: is damaged");
    return drums(range);
  };
  const std::vector songs{song};
  const ExampleMaker maker(songs, toy::options());  // reads the drums three times a step
  for (int threads = 1; threads <= 4; ++threads) {
    CAPTURE(threads);
    reads = 0;
    Prefetch prefetch(maker, 0, threads);
    int made = 0;
    try {
      for (; made < 10; ++made) (void)prefetch.next();
    } catch (const Error& error) {
      CHECK(std::string(error.what()) == "drums.wav: is damaged");
    }
    CHECK(made <= 2);  // several threads may share the reads that go well among more steps
    if (threads == 1) CHECK(made == 2);
  }
}

TEST_CASE("it ends with batches begun and none taken") {
  const auto songs = toy::songs();
  const ExampleMaker maker(songs, toy::options());
  const Prefetch prefetch(maker, 0, 4);
}
