#include "stem_index.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "sha256.hpp"

namespace sfa::io {
namespace {

constexpr std::string_view first_line = "sfa stem store 1";
constexpr std::size_t digest_digits = 64;

std::string digest_of(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

/// Lines of words with single spaces between them; its digest was right, so only a version of another day
/// is to be feared.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::string_view line() {
    const auto end = text_.find('\n');
    if (end == std::string_view::npos) ok = false;
    const auto found = text_.substr(0, end);
    text_.remove_prefix(ok ? end + 1 : text_.size());
    return found;
  }
  std::string_view word_after(std::string_view name) {
    auto found = line();
    if (!found.starts_with(name) || found.size() <= name.size() || found[name.size()] != ' ') ok = false;
    return ok ? found.substr(name.size() + 1) : std::string_view();
  }
  Frames number(std::string_view text) {
    Frames value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0) ok = false;
    return ok ? value : 0;
  }
  [[nodiscard]] std::string_view rest() const { return text_; }

  bool ok = true;

 private:
  std::string_view text_;
};

}  // namespace

std::string to_bytes(const StemIndex& index) {
  auto text = fmt::format("{}\nkey {}\nchannels {}\nframes {}\nmade-with {}\nblocks {}\n", first_line, index.key,
                          index.channels, index.frames, index.made_with, index.blocks.size());
  for (const auto& block : index.blocks) text += fmt::format("{} {}\n", block.end, block.sha256);
  text += fmt::format("state {}\n", index.state.size());
  text.append(reinterpret_cast<const char*>(index.state.data()), index.state.size() * sizeof(float));
  return text + digest_of(text);
}

std::optional<StemIndex> stem_index_from(std::string_view bytes) {
  if (bytes.size() < digest_digits) return {};
  const auto text = bytes.substr(0, bytes.size() - digest_digits);
  if (digest_of(text) != bytes.substr(text.size())) return {};
  Lines lines(text);
  if (lines.line() != first_line) return {};
  StemIndex index;
  index.key = lines.word_after("key");
  index.channels = static_cast<int>(lines.number(lines.word_after("channels")));
  index.frames = lines.number(lines.word_after("frames"));
  index.made_with = lines.word_after("made-with");
  const auto blocks = lines.number(lines.word_after("blocks"));
  for (Frames i = 0; i < blocks && lines.ok; ++i) {
    const auto line = lines.line();
    const auto space = std::min(line.find(' '), line.size() - 1);
    const auto end = lines.number(line.substr(0, space));
    if (end <= index.done()) lines.ok = false;
    index.blocks.push_back({end, std::string(line.substr(space + 1))});
  }
  const auto floats = static_cast<std::size_t>(lines.number(lines.word_after("state")));
  const auto rest = lines.rest();
  const bool fits = rest.size() % sizeof(float) == 0 && rest.size() / sizeof(float) == floats;
  if (!lines.ok || index.done() > index.frames || !fits) return {};
  index.state.resize(floats);
  if (floats > 0) std::memcpy(index.state.data(), rest.data(), rest.size());
  return index;
}

}  // namespace sfa::io
