#include "sfa/io/document.hpp"

#include <filesystem>

#include "descriptor.hpp"
#include "json_reader.hpp"
#include "sfa/io/atomic_file.hpp"

namespace sfa::io {
namespace fs = std::filesystem;

namespace {

bool on_pipe(const std::string& document) { return document.empty() || is_stream(document); }

std::string format_of(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  if (text[text.find_first_not_of(" \t\r\n")] != '{') return {};
  try {
    const json::Value value = json::parse(text);
    const auto format = value.find("format");
    return format != value.end() && format->is_string() ? format->get<std::string>() : std::string();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::string read_document(const std::string& path) {
  auto text = read_file(path, longest_document_bytes);
  text.erase(0, byte_order_mark_length(text));
  return text;
}

std::string document_format(std::string_view text) {
  const std::string whole = format_of(text);
  return whole.empty() ? format_of(text.substr(0, text.find('\n'))) : whole;
}

std::string path_from(const std::string& document, const std::string& path) {
  const fs::path folder = on_pipe(document) ? fs::path() : fs::path(document).parent_path();
  if (path.empty() || folder.empty() || fs::path(path).is_absolute()) return path;
  return (folder / path).string();  // not made normal: "link/.." is not "." where link is a symbolic link
}

namespace {

std::string called(const std::string& document, const std::string& path) {
  if (path.empty() || fs::path(path).is_absolute()) return path;
  if (on_pipe(document)) return fs::absolute(path).lexically_normal().string();
  const fs::path folder = fs::path(document).parent_path();
  // Absolute first: proximate() leaves a relative path that does not exist yet as it is.
  return folder.empty() ? path : fs::proximate(fs::absolute(path), fs::absolute(folder)).string();
}

}  // namespace

std::string path_for(const std::string& document, const std::string& path) {
  auto name = called(document, path);
  if (!json::is_utf8(name))
    throw Error(Error::Kind::unsupported, path + ": its path is not UTF-8 and cannot stand in a JSON document");
  return name;
}

}  // namespace sfa::io
