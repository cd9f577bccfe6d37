// Reading and writing the JSON documents: what every json_*.cpp shares. Private to lib/io.
//
//   const json::Document document(text, "sfa.bank", 1);
//   const json::Reader& root = document.root();
//   bank.grid.bpm = root.object("grid").number("bpm", {.min = 0.0});
//   for (const json::Reader& entry : root.array("slices")) slice.id = entry.integer("id");
//
// Whatever is wrong is Error::invalid_data that names the member: "slices[3].id: must be a whole
// number of at least 0".
#pragma once
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sfa::io::json {

using Value = nlohmann::json;           // for reading
using Object = nlohmann::ordered_json;  // for writing: members stay in the order they were set

/// Bounds of a number, both included. JSON has no infinities and no NaN.
struct Between {
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
};

/// One object in a document, with its path for messages. Refers to the document's values, so it must
/// not outlive it. A member is absent if it is not there or null; the `_or` forms then give `fallback`,
/// the others throw.
class Reader {
 public:
  Reader(const Value& value, std::string path);

  [[nodiscard]] bool has(const char* name) const;

  [[nodiscard]] double number(const char* name, Between bounds = {}) const;
  [[nodiscard]] double number_or(const char* name, double fallback, Between bounds = {}) const;

  /// A level in decibels: null is silence, -infinity.
  [[nodiscard]] double level(const char* name) const;

  /// A whole number from `min` to `max`. 4.0 is whole, too.
  template <typename Integer = int>
  [[nodiscard]] Integer integer(const char* name, Integer min = 0,
                                Integer max = std::numeric_limits<Integer>::max()) const;
  template <typename Integer = int>
  [[nodiscard]] Integer integer_or(const char* name, Integer fallback, Integer min = 0,
                                   Integer max = std::numeric_limits<Integer>::max()) const {
    return has(name) ? integer<Integer>(name, min, max) : fallback;
  }

  /// A string without NUL.
  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] std::string text_or(const char* name, const std::string& fallback) const;

  [[nodiscard]] bool flag(const char* name) const;
  [[nodiscard]] bool flag_or(const char* name, bool fallback) const;

  [[nodiscard]] Reader object(const char* name) const;
  [[nodiscard]] std::optional<Reader> object_if(const char* name) const;

  /// An array of objects; `array_or_empty` lets it be absent.
  [[nodiscard]] std::vector<Reader> array(const char* name) const;
  [[nodiscard]] std::vector<Reader> array_or_empty(const char* name) const;

  /// An array of numbers, and one of strings.
  [[nodiscard]] std::vector<double> numbers(const char* name, Between bounds = {}) const;
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;

  /// The value behind a member, for what is none of the above; throws if it is absent.
  [[nodiscard]] const Value& value(const char* name) const;

  /// The object itself.
  [[nodiscard]] const Value& self() const { return *value_; }

  /// Throws Error::invalid_data "path.name: must be EXPECTED". An empty name means this object.
  [[noreturn]] void fail(const std::string& name, const std::string& expected) const;

 private:
  [[nodiscard]] std::string path_to(const std::string& name) const;
  [[nodiscard]] const Value* find(const char* name) const;

  const Value* value_;
  std::string path_;
};

/// A parsed document. Throws Error::invalid_data for text that is not JSON in UTF-8, is longer than
/// 128 MiB, nests deeper than 64 levels, is no object or one of another "format", and
/// Error::unsupported for a "version" above `version`.
class Document {
 public:
  Document(std::string_view text, const std::string& format, int version);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  [[nodiscard]] const Reader& root() const { return root_; }

 private:
  Value value_;
  Reader root_;
};

/// Any JSON text within Document's limits.
[[nodiscard]] Value parse(std::string_view text);

/// A document's first members: "format", "version" and, unless `recipe` is empty, "made_by".
[[nodiscard]] Object begin_document(const std::string& format, int version, const std::string& recipe);

/// A number, or null if it is not finite.
[[nodiscard]] Object number(double value);

/// Whether JSON can hold `text`.
[[nodiscard]] bool is_utf8(const std::string& text);

/// The text of a document: indented by two spaces, or on one line; with a final newline. Throws
/// Error::unsupported if a string in it (a file's name) is not UTF-8, and tells which.
[[nodiscard]] std::string dump(const Object& document, bool compact);

}  // namespace sfa::io::json
