#include "container_extent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string_view>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"
#include "wav_stream.hpp"

namespace sfa::io {
namespace {

// RFC 3533, section 6: a head whose last byte counts the segments, their lengths, the segments.
constexpr std::size_t ogg_head_bytes = 27;
constexpr std::uint64_t largest_ogg_page = ogg_head_bytes + 255 + 255 * 255;

struct Extent {
  std::uint64_t begin = 0;  // of the samples, in bytes
  std::uint64_t bytes = 0;
};

class Bytes {
 public:
  explicit Bytes(int descriptor) : descriptor_(descriptor), size_(size_of(descriptor)) {}
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// `count` bytes at `offset`; empty if they are not all there.
  [[nodiscard]] std::string at(std::uint64_t offset, std::size_t count) const {
    std::string bytes(count, '\0');
    if (offset > size_ || read_at(descriptor_, offset, std::as_writable_bytes(std::span(bytes))) < count) return {};
    return bytes;
  }

 private:
  int descriptor_;
  std::uint64_t size_;
};

std::uint64_t big(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::uint64_t little(std::string_view bytes) { return big(std::string(bytes.rbegin(), bytes.rend())); }

// A container is a row of chunks, each an id and a size before its body.
struct Chunks {
  std::size_t first;       // where the row begins
  std::size_t id_bytes;
  std::size_t size_bytes;
  bool big_endian;
  std::uint64_t counted;   // bytes of the chunk's own head that its size includes
  std::uint64_t align;     // each chunk begins at a multiple of this from its container's start
  std::string_view id;     // of the chunk that holds the samples
};

std::optional<Extent> find(const Bytes& file, const Chunks& chunks) {
  const auto head_bytes = chunks.id_bytes + chunks.size_bytes;
  std::uint64_t at = chunks.first;
  for (int count = 0; count < 10000; ++count) {
    const auto head = file.at(at, head_bytes);
    if (head.empty()) return {};
    const auto field = std::string_view(head).substr(chunks.id_bytes);
    const auto stated = chunks.big_endian ? big(field) : little(field);
    const auto body = stated < chunks.counted ? 0 : stated - chunks.counted;
    if (head.starts_with(chunks.id)) return Extent{at + head_bytes, body};
    if (body > file.size()) return {};
    at += head_bytes + body;
    at += (chunks.align - at % chunks.align) % chunks.align;
  }
  return {};
}

std::optional<Extent> wav_extent(const Bytes& file, bool rf64) {
  auto extent = find(file, {12, 4, 4, false, 0, 2, "data"});
  if (!extent) return {};
  if (rf64 && extent->bytes == 0xFFFFFFFF)
    if (const auto sizes = find(file, {12, 4, 4, false, 0, 2, "ds64"}))
      if (const auto field = file.at(sizes->begin + 8, 8); !field.empty()) extent->bytes = little(field);
  if (is_unknown_size(extent->bytes)) return {};
  return extent;
}

std::optional<Extent> au_extent(const Bytes& file, bool big_endian) {
  const auto fields = file.at(4, 8);
  if (fields.empty()) return {};
  const auto number = [&](std::size_t at) {
    const auto field = std::string_view(fields).substr(at, 4);
    return big_endian ? big(field) : little(field);
  };
  if (number(4) == 0xFFFFFFFF) return {};
  return Extent{number(0), number(4)};
}

std::optional<Extent> caf_samples(const Bytes& file) { return find(file, {8, 4, 8, true, 0, 1, "data"}); }

/// 64-bit sizes that nobody means: all bits set (CAF), or all but the sign (ffmpeg's W64).
bool is_endless(const Extent& extent) { return extent.bytes >= std::uint64_t{1} << 62; }

std::optional<Extent> unless_endless(std::optional<Extent> extent) {
  return extent && is_endless(*extent) ? std::nullopt : extent;
}

std::optional<Extent> promised(const Bytes& file) {
  const auto magic = file.at(0, 16);
  if (magic.starts_with("RIFF") || magic.starts_with("RF64")) return wav_extent(file, magic.starts_with("RF64"));
  if (magic.starts_with("FORM")) {
    const auto extent = find(file, {12, 4, 4, true, 0, 2, "SSND"});
    const bool is_from_sox_pipe = extent && extent->bytes >= 0x7F000000;
    return is_from_sox_pipe ? std::nullopt : extent;
  }
  if (magic.starts_with("caff")) return unless_endless(caf_samples(file));
  if (magic.starts_with("riff")) return unless_endless(find(file, {40, 16, 8, false, 24, 8, "data"}));
  if (magic.starts_with(".snd")) return au_extent(file, true);
  if (magic.starts_with("dns.")) return au_extent(file, false);
  return {};
}

/// Whether the file ends within its last Ogg page, whose segment table tells how long it should be.
bool ends_within_page(const Bytes& file) {
  const auto begin = file.size() - std::min(file.size(), largest_ogg_page);
  const auto tail = file.at(begin, static_cast<std::size_t>(file.size() - begin));
  const auto last = tail.rfind(std::string_view("OggS\0", 5));
  if (last == std::string::npos) return false;
  const auto page = std::string_view(tail).substr(last);
  if (page.size() < ogg_head_bytes) return true;
  const auto lacing = page.substr(ogg_head_bytes, static_cast<unsigned char>(page[ogg_head_bytes - 1]));
  const auto bytes =
      std::accumulate(lacing.begin(), lacing.end(), std::size_t{0},
                      [](std::size_t sum, char length) { return sum + static_cast<unsigned char>(length); });
  return page.size() < ogg_head_bytes + static_cast<unsigned char>(page[ogg_head_bytes - 1]) + bytes;
}

}  // namespace

bool is_endless_caf(int descriptor) {
  const Bytes file(descriptor);
  if (file.at(0, 4) != "caff") return false;
  const auto samples = caf_samples(file);
  return samples && is_endless(*samples);
}

void check_extent(int descriptor, const std::string& name) {
  const Bytes file(descriptor);
  if (file.at(0, 4) == "OggS" && ends_within_page(file))
    throw Error(Error::Kind::invalid_data, name + ": cut short in the middle of an Ogg page");
  const auto extent = promised(file);
  if (!extent) return;
  const auto there = file.size() - std::min(extent->begin, file.size());
  if (there < extent->bytes)
    throw Error(Error::Kind::invalid_data,
                fmt::format("{}: cut short after {} of {} bytes of sound", name, there, extent->bytes));
}

}  // namespace sfa::io
