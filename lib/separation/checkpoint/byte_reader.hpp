// Little-endian numbers and runs of bytes from a buffer, never from beyond it.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sfa/audio/error.hpp"

namespace sfa::separation {

[[noreturn]] inline void damaged(const std::string& what) {
  throw Error(Error::Kind::invalid_data, "damaged checkpoint: " + what);
}

[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }

  /// Both throw where there are not as many bytes left.
  std::span<const std::byte> take(std::uint64_t count) {
    if (count > left()) damaged("it ends too early");
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }
  template <std::unsigned_integral Number>
  Number number() {
    Number value = 0;
    int shift = 0;
    for (const std::byte byte : take(sizeof(Number))) {
      value = static_cast<Number>(value | static_cast<Number>(static_cast<Number>(byte) << shift));
      shift += 8;
    }
    return value;
  }

  /// Up to the next line feed, which is taken, too, and left out.
  std::string_view line() {
    const auto rest = as_text(bytes_.subspan(position_));
    const auto length = rest.find('\n');
    if (length == std::string_view::npos) damaged("it ends too early");
    position_ += length + 1;
    return rest.substr(0, length);
  }

 private:
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace sfa::separation
