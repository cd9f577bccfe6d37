#include "ogg_serial.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "descriptor.hpp"

namespace sfa::io {
namespace {

constexpr std::uint32_t serial = 0x00616673;  // "sfa"
constexpr std::size_t head_bytes = 27, serial_at = 14, checksum_at = 22, segments_at = 26;
constexpr std::size_t largest_page = head_bytes + 255 + 255 * 255;

// Generator 0x04C11DB7, most significant bit first, no inversions: RFC 3533, section 6, field 7.
constexpr std::array<std::uint32_t, 256> checksum_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i << 24;
    for (int bit = 0; bit < 8; ++bit) value = value & 0x80000000U ? value << 1 ^ 0x04C11DB7U : value << 1;
    table[i] = value;
  }
  return table;
}();

std::uint32_t checksum(std::span<const std::byte> page) {
  std::uint32_t value = 0;
  for (const auto byte : page)
    value = value << 8 ^ checksum_table[value >> 24 ^ std::to_integer<std::uint32_t>(byte)];
  return value;
}

}  // namespace

int set_ogg_serial(int descriptor) noexcept {
  std::array<std::byte, largest_page> buffer;
  const auto size = size_of(descriptor);
  for (std::uint64_t at = 0; at < size;) {
    const auto there = std::span(buffer).first(read_at(descriptor, at, buffer));
    if (there.size() < head_bytes || std::memcmp(there.data(), "OggS", 4) != 0) return EIO;
    const auto segments = std::to_integer<std::size_t>(there[segments_at]);
    if (there.size() < head_bytes + segments) return EIO;
    const auto lacing = there.subspan(head_bytes, segments);
    const auto bytes = std::accumulate(
        lacing.begin(), lacing.end(), head_bytes + segments,
        [](std::size_t sum, std::byte length) { return sum + std::to_integer<std::size_t>(length); });
    if (there.size() < bytes) return EIO;
    const auto page = there.first(bytes);
    std::memcpy(page.data() + serial_at, &serial, sizeof serial);
    std::memset(page.data() + checksum_at, 0, sizeof(std::uint32_t));
    const auto sum = checksum(page);
    std::memcpy(page.data() + checksum_at, &sum, sizeof sum);
    if (const int error = write_at(descriptor, at, page.first(head_bytes))) return error;
    at += bytes;
  }
  return 0;
}

}  // namespace sfa::io
