// The plain data in a checkpoint besides its tensors: a network's keyword arguments, training
// settings. Data alone: nothing in it can be called, whatever file it came from.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace sfa::separation {

struct Value;
using ValueList = std::vector<Value>;
using ValueMap = std::map<std::string, Value>;

/// A quotient of whole numbers, as checkpoints give the length of a segment: 39/5 s.
struct Fraction {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;  // > 0
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

/// Something that a checkpoint refers to by name and that is not built: a class, a function's result.
struct Opaque {
  std::string name;  // "demucs.htdemucs.HTDemucs"
  friend bool operator==(const Opaque&, const Opaque&) = default;
};

struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Fraction, Opaque, ValueList, ValueMap> data;

  [[nodiscard]] bool is_none() const { return std::holds_alternative<std::monostate>(data); }
  friend bool operator==(const Value& a, const Value& b) { return a.data == b.data; }
};

}  // namespace sfa::separation
