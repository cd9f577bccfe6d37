// What all JSON documents share: their "format" member, and what paths in them mean. A relative path in
// a document is relative to the document's own folder. A document on a pipe has no folder yet: it is
// written with absolute paths, and a relative one in it is relative to the working folder.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"

namespace sfa::io {

/// A longer text is no document: 128 MiB.
inline constexpr std::size_t longest_document_bytes = std::size_t{128} << 20;

/// The text of the document at `path`, or on standard input for "-", without a byte order mark. Throws as
/// io::read_file.
[[nodiscard]] std::string read_document(const std::string& path);

/// The format that a text says it has ("sfa.bank"); empty for what is not a JSON object with a
/// "format". Of JSON Lines the first line counts.
[[nodiscard]] std::string document_format(std::string_view text);

/// How the working folder calls the file that stands as `path` in the document `document` (a stream,
/// or empty, for a pipe). Absolute paths and an empty one are left as they are.
[[nodiscard]] std::string path_from(const std::string& document, const std::string& path);

/// How the document `document` calls the file that the working folder calls `path`: the inverse, and
/// absolute for a pipe. Throws Error::unsupported for a name that is not UTF-8, which JSON cannot hold.
[[nodiscard]] std::string path_for(const std::string& document, const std::string& path);

/// What `work` gives. What it complains of is told with the name of what it is about, a file ("-" is standard
/// input): "bank.json: slices[3].end: must be ...".
template <typename Work>
[[nodiscard]] auto about(const std::string& path, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw Error(error.kind, input_name(path) + ": " + error.what());
  }
}

/// What `parse` (bank_from_json, ...) makes of `text`, read from `path`, with complaints about that.
template <typename Parse>
[[nodiscard]] auto parse_document(const std::string& path, std::string_view text, Parse parse) {
  return about(path, [&] { return parse(text); });
}

}  // namespace sfa::io
