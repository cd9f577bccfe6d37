#include "sfa/rules/dice.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace sfa;

TEST_CASE("Philox gives the known answers of Random123") {
  // kat_vectors of Random123 1.09: philox4x32, 10 rounds.
  using Block = std::array<std::uint32_t, 4>;
  CHECK(rules::philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(rules::philox({~0U, ~0U, ~0U, ~0U}, {~0U, ~0U}) == Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(rules::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("draws are even over [0, 1), for events, draws and names alike") {
  const auto even = [](auto draw) {
    std::vector<int> counts(20);
    const int draws = 100000;
    for (int i = 0; i < draws; ++i) {
      const double u = draw(i);
      REQUIRE(u >= 0.0);
      REQUIRE(u < 1.0);
      ++counts[static_cast<std::size_t>(u * 20.0)];
    }
    double chi_squared = 0.0;
    for (const int count : counts) chi_squared += std::pow(count - draws / 20.0, 2) / (draws / 20.0);
    CHECK(chi_squared < 43.8);  // 19 degrees of freedom, p = 0.001
  };
  const rules::Stream stream(7, "drums/r1");
  even([&](int i) { return stream.at(static_cast<std::uint64_t>(i)).uniform(0); });
  even([&](int i) {
    return stream.at(static_cast<std::uint64_t>(i / 1000)).uniform(static_cast<std::uint16_t>(i % 1000));
  });
  even([&](int i) { return rules::Stream(7, "r" + std::to_string(i)).at(3).uniform(0); });
  even([&](int i) { return static_cast<double>(stream.at(static_cast<std::uint64_t>(i)).below(1, 20)) / 20.0; });
}

TEST_CASE("a draw is a matter of seed, name, event and number, and of nothing else") {
  const rules::Stream stream(1, "a");
  const double draw = stream.at(5).uniform(2);
  CHECK(draw == rules::Stream(1, "a").at(5).uniform(2));
  CHECK(draw != rules::Stream(2, "a").at(5).uniform(2));
  CHECK(draw != rules::Stream(1, "b").at(5).uniform(2));
  CHECK(draw != stream.at(6).uniform(2));
  CHECK(draw != stream.at(5).uniform(3));
}
