#include "status_line.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace sfa::play {
namespace {

// Select Graphic Rendition, ECMA-48 section 8.3.117.
constexpr const char *dim = "2", *red = "31", *green = "32", *yellow = "33";

/// Text that counts its columns and stops at the last.
class Line {
 public:
  Line(const Style& style, int columns) : style_(style), left_(columns) {}

  void add(std::string_view text, const char* look = nullptr) {
    std::string fitting;
    for (const char c : text) {
      const bool begins_a_character = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      if (begins_a_character && --left_ < 0) break;
      fitting += c;
    }
    if (fitting.empty()) return;
    if (look != nullptr && style_.colour)
      text_ += fmt::format("\x1b[{}m{}\x1b[0m", look, fitting);
    else
      text_ += fitting;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Style& style_;
  int left_;
  std::string text_;
};

std::string clock(Seconds time) {
  const auto tenths = static_cast<long long>(std::floor(std::max(0.0, time.value) * 10.0));
  const auto hours = tenths / 36000, minutes = tenths / 600 % 60;
  const double seconds = static_cast<double>(tenths % 600) / 10.0;
  return hours > 0 ? fmt::format("{}:{:02}:{:04.1f}", hours, minutes, seconds) : fmt::format("{}:{:04.1f}", minutes, seconds);
}

/// One character as high as the level: 6 dB a step, the highest from -3 dBFS on.
std::string_view bar(float level, bool utf8) {
  static constexpr std::array<std::string_view, 9> blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static constexpr std::array<std::string_view, 9> letters{" ", ".", ":", "-", "=", "+", "*", "%", "#"};
  const double decibels = to_decibels(static_cast<double>(level)).value;
  const double step = std::isfinite(decibels) ? std::clamp(std::ceil((decibels + 45.0) / 6.0) + 1.0, 0.0, 8.0) : 0.0;
  return (utf8 ? blocks : letters)[static_cast<std::size_t>(step)];
}

const char* look_of(float level) { return level > 1.0F ? red : level > 0.7F ? yellow : green; }

void add_track(Line& line, const Status::Track& track, std::size_t number, bool utf8) {
  line.add(fmt::format("  {} {}", number, track.name), track.mute ? dim : track.solo ? yellow : nullptr);
  if (track.solo) line.add(" S", yellow);
  if (track.mute) line.add(" M", dim);
  line.add(" ");
  line.add(bar(track.peak, utf8), look_of(track.peak));
}

bool speaks_utf8() {
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view locale = value;
    return locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
  }
  return false;
}

}  // namespace

Style Style::from_environment() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return {.colour = no_colour == nullptr || *no_colour == '\0', .utf8 = speaks_utf8()};
}

std::string status_line(const Status& status, const Style& style, int columns) {
  Line line(style, columns - 1);  // the last column would make the terminal wrap
  line.add(status.paused ? "|| " : " > ", status.paused ? yellow : green);
  line.add(clock(status.position));
  if (status.duration_known) line.add(" / " + clock(status.duration));
  line.add(status.silenced ? "  muted" : fmt::format("  {:+.0f} dB", status.gain_db), status.silenced ? yellow : nullptr);
  line.add("  [");
  line.add(bar(status.peak, style.utf8), look_of(status.peak));
  line.add("]");
  if (status.tracks.empty()) line.add(fmt::format("  {:2} voices", status.voices));
  // A single track needs no name: it is the file that was just typed.
  if (status.tracks.size() > 1 || (status.tracks.size() == 1 && status.tracks[0].mute))
    for (std::size_t i = 0; i < status.tracks.size(); ++i) add_track(line, status.tracks[i], i + 1, style.utf8);
  if (status.underruns > 0) line.add(fmt::format("  {} underruns", status.underruns), red);
  if (status.lost.value > 0.0) line.add(fmt::format("  {:.1f} s lost", status.lost.value), red);
  return line.text();
}

}  // namespace sfa::play
