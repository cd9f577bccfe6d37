#include "sfa/engine/spsc_ring.hpp"

#include <doctest/doctest.h>

#include <thread>

using sfa::engine::SpscRing;

TEST_CASE("what goes into the ring comes out in order, and no more fits than its capacity") {
  SpscRing<int> ring(5);
  CHECK(ring.capacity() == 8);
  for (int i = 0; i < 8; ++i) CHECK(ring.push(i));
  CHECK_FALSE(ring.push(8));
  CHECK(ring.size() == 8);
  int value = -1;
  for (int i = 0; i < 8; ++i) {
    REQUIRE(ring.pop(value));
    CHECK(value == i);
  }
  CHECK_FALSE(ring.pop(value));
  CHECK(ring.front() == nullptr);
}

TEST_CASE("two threads pass every element through the ring once and in order") {
  constexpr int count = 200000;
  struct Pair { int number = 0; int square = 0; };
  SpscRing<Pair> ring(64);
  std::thread producer([&] {
    for (int i = 0; i < count;) {
      if (ring.push({i, i % 1000 * (i % 1000)}))
        ++i;
      else
        std::this_thread::yield();
    }
  });
  int expected = 0, wrong = 0;
  while (expected < count) {
    Pair pair;
    if (!ring.pop(pair)) {
      std::this_thread::yield();
      continue;
    }
    wrong += pair.number != expected || pair.square != expected % 1000 * (expected % 1000);
    ++expected;
  }
  producer.join();
  CHECK(wrong == 0);
}
