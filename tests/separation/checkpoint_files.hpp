// Checkpoints for tests: those committed, and others put together by hand.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/separation/checkpoint.hpp"

namespace checkpoint_files {

using namespace sfa;
using namespace sfa::separation;
using namespace std::string_literals;

/// tests/fixtures/separation/NAME.
inline std::string fixture(const std::string& name) {
  std::ifstream file(SFA_SOURCE_DIR "/tests/fixtures/separation/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no fixture " + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Reads bytes at an address that is a multiple of 64, as a mapping's is, and just as long as they are, so
/// that a sanitizer sees any step beyond them.
inline Checkpoint read(std::string_view content) {
  const std::shared_ptr<std::byte> owner(new (std::align_val_t{64}) std::byte[content.size()], [](std::byte* bytes) {
    ::operator delete[](bytes, std::align_val_t{64});
  });
  std::memcpy(owner.get(), content.data(), content.size());
  return read_checkpoint({owner.get(), content.size()}, owner);
}

/// Little-endian.
template <typename Integer>
std::string number(Integer value) {
  std::string text;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    text += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  return text;
}

// Pickles: the opcodes of Python's pickletools.

inline std::string text(const std::string& words) {
  return "X" + number(static_cast<std::uint32_t>(words.size())) + words;
}
inline std::string integer(std::int64_t value) { return "\x8a\x08"s + number(value); }
inline std::string global(const std::string& module, const std::string& name) {
  return "c" + module + "\n" + name + "\n";
}
inline std::string tuple(const std::string& items) { return "(" + items + "t"; }
inline std::string dict(const std::string& items) { return "}(" + items + "u"; }
inline std::string pickle(const std::string& object) { return "\x80\x02"s + object + "."; }

/// A storage of the legacy format: its key, and its bytes.
using Storage = std::pair<std::string, std::string>;

/// A file as torch.save(..., _use_new_zipfile_serialization=False) writes it, of floats.
inline std::string legacy(const std::string& object, const std::vector<Storage>& storages = {}) {
  std::string keys = "](";
  std::string data;
  for (const auto& [key, bytes] : storages) {
    keys += text(key);
    data += number(static_cast<std::uint64_t>(bytes.size() / sizeof(float))) + bytes;
  }
  return pickle("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"s) + pickle("M\xe9\x03"s) +
         pickle(dict(text("little_endian") + "\x88")) + pickle(object) + pickle(keys + "e") + data;
}

/// {klass: HTDemucs, args: (), kwargs: ..., state: ...} and what else is given.
inline std::string package(const std::string& kwargs, const std::string& state, const std::string& more = {}) {
  return dict(text("klass") + global("demucs.htdemucs", "HTDemucs") + text("args") + ")" + text("kwargs") + kwargs +
              text("state") + state + more);
}

struct View {
  std::int64_t storage_count = 6;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape = {6};
  std::vector<std::int64_t> strides = {1};
};

/// A float tensor that looks into storage "0".
inline std::string tensor(const View& view) {
  const auto integers = [](const std::vector<std::int64_t>& values) {
    std::string items;
    for (const auto value : values) items += integer(value);
    return tuple(items);
  };
  const auto storage = tuple(text("storage") + global("torch", "FloatStorage") + text("0") + text("cpu") +
                             integer(view.storage_count) + "N") + "Q";
  return global("torch._utils", "_rebuild_tensor_v2") +
         tuple(storage + integer(view.offset) + integers(view.shape) + integers(view.strides) + "\x89N") + "R";
}

/// 0, 1, 2, ...
inline Storage six_floats() {
  std::string bytes;
  for (int i = 0; i < 6; ++i) bytes += number(std::bit_cast<std::uint32_t>(static_cast<float>(i)));
  return {"0", bytes};
}

/// IEEE 754 binary16.
inline double from_half(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31;
  const double fraction = bits & 1023;
  const double magnitude = exponent == 0    ? std::ldexp(fraction, -24)
                           : exponent == 31 ? (fraction == 0 ? HUGE_VAL : std::nan(""))
                                            : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

template <typename Number>
Number element(const StoredTensor& tensor, std::size_t index) {
  Number value;
  std::memcpy(&value, tensor.bytes.data() + index * sizeof value, sizeof value);
  return value;
}

inline double value(const StoredTensor& tensor, std::size_t index) {
  switch (tensor.element) {
    case Element::boolean: case Element::uint8: return element<std::uint8_t>(tensor, index);
    case Element::int8: return element<std::int8_t>(tensor, index);
    case Element::int16: return element<std::int16_t>(tensor, index);
    case Element::int32: return element<std::int32_t>(tensor, index);
    case Element::int64: return static_cast<double>(element<std::int64_t>(tensor, index));
    case Element::float16: return from_half(element<std::uint16_t>(tensor, index));
    case Element::bfloat16: return std::bit_cast<float>(std::uint32_t{element<std::uint16_t>(tensor, index)} << 16);
    case Element::float32: return element<float>(tensor, index);
    case Element::float64: return element<double>(tensor, index);
  }
  return 0.0;
}

inline std::vector<double> values(const StoredTensor& tensor) {
  std::vector<double> all(tensor.bytes.size() / size_of(tensor.element));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = value(tensor, i);
  return all;
}

inline bool same(const Value& a, const Value& b);

inline bool same(const ValueMap& a, const ValueMap& b) {
  bool equal = a.size() == b.size();
  for (auto i = a.begin(), k = b.begin(); equal && i != a.end(); ++i, ++k) {
    equal = i->first == k->first && same(i->second, k->second);
  }
  return equal;
}

inline bool same(const Value& a, const Value& b) {
  if (a.data.index() != b.data.index()) return false;
  return std::visit([&](const auto& left) {
    using Kind = std::decay_t<decltype(left)>;
    const auto& right = std::get<Kind>(b.data);
    if constexpr (std::is_same_v<Kind, Fraction>) {
      return left.numerator == right.numerator && left.denominator == right.denominator;
    } else if constexpr (std::is_same_v<Kind, Opaque>) {
      return left.name == right.name;
    } else if constexpr (std::is_same_v<Kind, ValueMap>) {
      return same(left, right);
    } else if constexpr (std::is_same_v<Kind, ValueList>) {
      return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                        [](const Value& one, const Value& other) { return same(one, other); });
    } else {
      return left == right;
    }
  }, a.data);
}

inline bool same(const StoredTensor& a, const StoredTensor& b) {
  return a.element == b.element && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

inline bool same(const Checkpoint& a, const Checkpoint& b) {
  bool equal = a.architecture == b.architecture && same(a.arguments, b.arguments);
  equal = equal && a.tensors.size() == b.tensors.size();
  for (auto i = a.tensors.begin(), k = b.tensors.begin(); equal && i != a.tensors.end(); ++i, ++k) {
    equal = i->first == k->first && same(i->second, k->second);
  }
  return equal;
}

/// The message with which reading fails; empty where it does not.
inline std::string error_of(std::string_view content) {
  try {
    (void)read(content);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

inline Error::Kind kind_of(std::string_view content) {
  try {
    (void)read(content);
  } catch (const Error& error) {
    return error.kind;
  }
  throw std::runtime_error("nothing was thrown");
}

}  // namespace checkpoint_files
