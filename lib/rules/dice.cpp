#include "sfa/rules/dice.hpp"

namespace sfa::rules {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key) {
  // Multipliers and Weyl constants of Salmon et al., section 4.
  constexpr std::uint64_t m0 = 0xD2511F53U, m1 = 0xCD9E8D57U;
  constexpr std::uint32_t w0 = 0x9E3779B9U, w1 = 0xBB67AE85U;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = m0 * c[0], b = m1 * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ key[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + w0, key[1] + w1};
  }
  return c;
}

std::uint64_t Dice::bits(std::uint16_t draw) const {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
  const std::uint64_t moment = event_ << 16 | draw;
  const auto block = philox({low(moment), high(moment), low(stream_), high(stream_)}, {low(seed_), high(seed_)});
  return std::uint64_t{block[1]} << 32 | block[0];
}

std::size_t Dice::below(std::uint16_t draw, std::size_t count) const {
  return static_cast<std::size_t>((static_cast<unsigned __int128>(bits(draw)) * count) >> 64);
}

Stream::Stream(std::uint64_t seed, std::string_view name) : seed_(seed) {
  // Fowler, Noll and Vo: draft-eastlake-fnv, section 5.
  for (const char c : name) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
}

}  // namespace sfa::rules
