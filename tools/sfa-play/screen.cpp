#include "screen.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace sfa::play {
namespace {

// Select Graphic Rendition, ECMA-48 section 8.3.117.
constexpr const char *dim = "2", *red = "31", *green = "32", *yellow = "33", *reverse = "7";
constexpr int meter_columns = 30;
constexpr double meter_floor_db = -60.0;

/// Text that counts its columns and stops at the last.
class Line {
 public:
  Line(const Style& style, int columns) : style_(style), left_(columns) {}

  Line& add(std::string_view text, const char* look = nullptr) {
    std::string fitting;
    for (const char c : text) {
      const bool begins_a_character = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      if (begins_a_character && --left_ < 0) break;
      fitting += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
    if (fitting.empty()) return *this;
    if (look != nullptr && style_.colour)
      text_ += fmt::format("\x1b[{}m{}\x1b[0m", look, fitting);
    else
      text_ += fitting;
    return *this;
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

double level_db(float level) { return to_decibels(static_cast<double>(level)).value; }

std::string decibels(float level) {
  const double db = level_db(level);
  return db > -100.0 ? fmt::format("{:6.1f}", db) : "  -inf";
}

const char* look_of(float level) { return level > 1.0F ? red : level > 0.7F ? yellow : green; }

int meter_place(float level) {
  const double part = (level_db(level) - meter_floor_db) / -meter_floor_db;
  return static_cast<int>(std::clamp(part, 0.0, 1.0) * meter_columns);
}

/// 2 dB a column up to full scale, and where the peak was.
void add_meter(Line& line, float level, float peak, bool utf8) {
  const int filled = meter_place(level), mark = std::max(meter_place(peak), filled);
  line.add("[");
  for (int i = 0; i < meter_columns; ++i) {
    if (i < filled)
      line.add(utf8 ? "█" : "#", look_of(level));
    else
      line.add(i == mark - 1 ? "|" : utf8 ? "·" : ".", i == mark - 1 ? look_of(peak) : dim);
  }
  line.add("]");
}

/// A column for each band, by 6 dB a step from -60 dB up.
void add_spectrum(Line& line, const std::vector<float>& levels_db, bool utf8) {
  constexpr std::array<const char*, 9> blocks{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array<const char*, 9> letters{" ", ".", ":", "-", "=", "+", "*", "%", "#"};
  constexpr float lowest_db = -60.0F, step_db = 6.0F;
  line.add("[");
  for (const float level : levels_db) {
    const float step = std::clamp((level - lowest_db) / step_db, 0.0F, 8.0F);
    line.add((utf8 ? blocks : letters)[static_cast<std::size_t>(step)], green);
  }
  line.add("]");
}

void add_loudness(Line& line, const Status& now, bool utf8) {
  line.add(" ~ ");
  add_spectrum(line, now.spectrum_db, utf8);
  line.add(now.momentary_lufs > -100.0 ? fmt::format("{:6.1f} LUFS", now.momentary_lufs) : "  -inf LUFS");
  constexpr float noticed_db = 0.05F;
  if (now.limiter_db > noticed_db) line.add(fmt::format("  limiter {:.1f} dB", -now.limiter_db), yellow);
  if (now.compressor_db > noticed_db) line.add(fmt::format("  compressor {:.1f} dB", -now.compressor_db), yellow);
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

void add_place(Line& line, const Desk& desk, const Selection& selection) {
  const auto& now = desk.status();
  line.add(!now.connected ? " ? " : now.paused ? "|| " : " > ", now.paused || !now.connected ? yellow : green);
  if (now.own_bpm) line.add(fmt::format("{}  ", desk.bars()));
  line.add(clock(to_seconds(now.position, now.rate)));
  if (now.length) line.add(" / " + clock(to_seconds(*now.length, now.rate)));
  if (now.own_bpm) line.add(fmt::format("  {:.1f} BPM", now.bpm));
  line.add(now.silenced ? "  muted" : fmt::format("  {:+.0f} dB", now.gain_db), now.silenced ? yellow : nullptr);
  if (now.own_bpm) line.add(fmt::format("  {:2} voices", now.voices));
  if (!now.loop.empty())
    line.add(fmt::format("  loop {}-{}", clock(to_seconds(now.loop.begin, now.rate)), clock(to_seconds(now.loop.end, now.rate))), yellow);
  if (selection.loop_begin) line.add("  loop from " + clock(to_seconds(*selection.loop_begin, now.rate)), yellow);
  if (!now.scene.empty()) line.add("  scene " + now.scene);
  if (now.fill) line.add("  fill", yellow);
  if (now.xruns > 0) line.add(fmt::format("  {} xruns", now.xruns), red);
  if (now.late_events > 0) line.add(fmt::format("  {} late", now.late_events), red);
  if (now.missing_slices > 0) line.add(fmt::format("  {} missing", now.missing_slices), red);
  if (now.starved_frames > 0) line.add(fmt::format("  {:.1f} s lost", to_seconds(now.starved_frames, now.rate).value), red);
}

void add_strip(Line& line, const Strip& strip, std::size_t number, bool chosen, bool utf8) {
  const auto name = fmt::format("{} {}{}{}", number, strip.name, strip.solo ? " S" : "", strip.mute ? " M" : "");
  line.add(fmt::format("  {:<18.18}", name), strip.mute ? dim : strip.solo ? yellow : chosen ? reverse : nullptr).add(" ");
  add_meter(line, strip.mute ? 0.0F : strip.peak, 0.0F, utf8);
  line.add(fmt::format(" {:+5.1f} dB{}", strip.volume_db, chosen ? " <" : ""));
}

void add_rule(Line& line, const RuleState& rule, bool chosen) {
  const auto text = fmt::format("{} {:<12.12} {} {:3.0f}%  {}", chosen ? ">" : " ", rule.id, rule.enabled ? "on " : "off",
                                rule.probability * 100.0, rule.text);
  line.add(text, chosen ? reverse : rule.enabled ? nullptr : dim);
}

}  // namespace

Style Style::from_environment() {
  const char* const no_colour = std::getenv("NO_COLOR");
  return {.colour = no_colour == nullptr || *no_colour == '\0', .utf8 = speaks_utf8()};
}

float Screen::held(std::size_t channel, float level, Time now) {
  if (held_.size() <= channel) held_.resize(channel + 1);
  auto& peak = held_[channel];
  if (level >= peak.level || now - peak.since > hold) peak = {level, now};
  return peak.level;
}

std::vector<std::string> Screen::lines(const Desk& desk, const Selection& selection, int columns, int rows, Time now) {
  const auto& status = desk.status();
  std::vector<std::string> all;
  const auto add = [&](auto fill) {
    Line line(style_, columns - 1);  // the last column would make the terminal wrap
    fill(line);
    all.push_back(line.text());
  };
  add([&](Line& line) { add_place(line, desk, selection); });
  for (std::size_t c = 0; c < std::min<std::size_t>(status.peaks.size(), 2); ++c)
    add([&](Line& line) {
      const float peak = held(c, status.peaks[c], now);
      line.add(status.peaks.size() == 1 ? " M " : c == 0 ? " L " : " R ");
      add_meter(line, status.peaks[c], peak, style_.utf8);
      line.add(decibels(status.peaks[c]) + " dB  peak").add(decibels(peak), look_of(peak)).add("  RMS" + decibels(status.rms[c]));
    });
  if (!status.spectrum_db.empty()) add([&](Line& line) { add_loudness(line, status, style_.utf8); });
  // A single track needs no name: it is the file that was just typed.
  if (status.strips.size() > 1 || (status.strips.size() == 1 && status.strips[0].mute))
    for (std::size_t i = 0; i < std::min<std::size_t>(status.strips.size(), status.rules.empty() ? 16 : 9); ++i)
      add([&](Line& line) { add_strip(line, status.strips[i], i + 1, i == selection.strip, style_.utf8); });
  const std::size_t below = 2;  // message and keys
  const auto room = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, rows - std::ssize(all) - static_cast<std::ptrdiff_t>(below)));
  const std::size_t shown = std::min(status.rules.size(), room);
  const std::size_t first = selection.rule >= shown ? selection.rule - shown + 1 : 0;
  for (std::size_t i = first; i < std::min(first + shown, status.rules.size()); ++i)
    add([&](Line& line) { add_rule(line, status.rules[i], i == selection.rule); });
  if (!status.message.empty()) add([&](Line& line) { line.add(" " + status.message, yellow); });
  add([&](Line& line) {
    line.add(status.rules.empty() ? " space pause  arrows seek, volume  1-9 mute  s1 solo  t , . volume  [ ] l loop  q quit"
                                  : " space pause  1-9 mute  r rule  e on/off  -+ chance  f fill  <> b tempo  []l loop",
             dim);
  });
  if (std::ssize(all) > rows) all.resize(static_cast<std::size_t>(std::max(1, rows)));
  return all;
}

}  // namespace sfa::play
