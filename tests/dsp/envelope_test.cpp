#include "sfa/dsp/envelope.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace sfa;
using dsp::Envelope;

TEST_CASE("it rises in even steps, holds, and falls in even steps to silence") {
  const Envelope envelope{.attack_frames = 4, .release_at = 10, .release_frames = 3};
  const std::vector<double> wanted{0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1, 0.75, 0.5, 0.25, 0, 0};
  for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(envelope.gain(static_cast<Frames>(i)) == doctest::Approx(wanted[i]));
  CHECK(envelope.end() == 13);
  CHECK(envelope.is_flat(4, 6));
  CHECK_FALSE(envelope.is_flat(4, 7));
  CHECK_FALSE(envelope.is_flat(3, 2));
}

TEST_CASE("released while it rises, it falls from where it was") {
  const Envelope envelope{.attack_frames = 99, .release_at = 50, .release_frames = 49};
  double before = 0.0, largest = 0.0;
  for (Frames i = 0; i <= envelope.end(); ++i) {
    largest = std::max(largest, std::abs(envelope.gain(i) - before));
    before = envelope.gain(i);
  }
  CHECK(largest <= 0.0103);
  CHECK(before == 0.0);
}

TEST_CASE("without a release it holds for ever") {
  const Envelope envelope{};
  CHECK(envelope.gain(0) == 1.0);
  CHECK(envelope.gain(1'000'000'000'000) == 1.0);
}
