#include <doctest/doctest.h>

#include <array>
#include <set>

#include "sfa/audio/random.hpp"

using sfa::Random;

TEST_CASE("one seed and stream always give the same numbers") {
  Random a(42, 3), b(42, 3);
  for (int i = 0; i < 100; ++i) CHECK(a.bits() == b.bits());
}

TEST_CASE("seeds and streams do not repeat one another") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (std::uint64_t stream = 0; stream < 20; ++stream) seen.insert(Random(seed, stream).bits());
  CHECK(seen.size() == 400);
}

TEST_CASE("uniform numbers lie in [0, 1) with the mean and variance of the uniform distribution") {
  Random random(1);
  constexpr int count = 200000;
  double sum = 0.0, squares = 0.0;
  for (int i = 0; i < count; ++i) {
    const double x = random.uniform();
    REQUIRE(x >= 0.0);
    REQUIRE(x < 1.0);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / count;
  CHECK(mean == doctest::Approx(0.5).epsilon(0.005));
  CHECK(squares / count - mean * mean == doctest::Approx(1.0 / 12.0).epsilon(0.01));
}

TEST_CASE("below() reaches every value about equally often") {
  Random random(7);
  std::array<int, 10> counts{};
  for (int i = 0; i < 100000; ++i) ++counts.at(random.below(10));
  double chi_squared = 0.0;
  for (const int count : counts) chi_squared += (count - 10000.0) * (count - 10000.0) / 10000.0;
  CHECK(chi_squared < 27.9);  // 9 degrees of freedom, p = 0.001
}
