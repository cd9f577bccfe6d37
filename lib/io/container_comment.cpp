#include "container_comment.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "descriptor.hpp"

namespace sfa::io {
namespace {

constexpr std::size_t align = 8;  // of a W64's chunks and an AU's samples
constexpr std::size_t au_head_bytes = 24, au_offset_at = 4;
constexpr std::size_t w64_head_bytes = 40, w64_size_at = 16, w64_chunk_head_bytes = 24;
constexpr std::string_view w64_junk("junk\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A", 16);

std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  auto text = little_endian(value, bytes);
  std::ranges::reverse(text);
  return text;
}

}  // namespace

std::uint64_t room_for_comment(Container container, std::string_view comment) noexcept {
  if (comment.empty()) return 0;
  const auto aligned = [](std::uint64_t bytes) { return (bytes + align - 1) / align * align; };
  const auto terminated = comment.size() + 1;
  if (container == Container::au) return aligned(terminated);
  if (container == Container::w64) return aligned(w64_chunk_head_bytes + terminated);
  return 0;
}

int put_comment(int descriptor, Container container, std::string_view comment) {
  const auto room = room_for_comment(container, comment);
  if (room == 0) return 0;
  const bool is_au = container == Container::au;
  std::string start(is_au ? au_head_bytes : w64_head_bytes, '\0');
  if (read_at(descriptor, room, std::as_writable_bytes(std::span(start))) < start.size()) return EIO;
  const auto whole = start.size() + room;
  if (is_au) {
    start.replace(au_offset_at, 4, big_endian(whole, 4));
  } else {
    start.replace(w64_size_at, 8, little_endian(size_of(descriptor), 8));
    start.append(w64_junk).append(little_endian(w64_chunk_head_bytes + comment.size() + 1, 8));
  }
  start.append(comment).resize(whole, '\0');
  return ::lseek(descriptor, 0, SEEK_SET) < 0 ? errno : write_all(descriptor, start);
}

}  // namespace sfa::io
