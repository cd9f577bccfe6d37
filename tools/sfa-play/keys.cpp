#include "keys.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace sfa::play {
namespace {

constexpr Seconds jump{5.0};
constexpr double gain_step_db = 1.0, least_gain_db = -60.0, most_gain_db = 12.0;
constexpr double chance_step = 0.05, tempo_step = 1.0;
constexpr std::string_view shifted_digits = "!@#$%^&*(";  // where the digits are as in the US

}  // namespace

const Selection& Keys::selection() {
  if (const auto rules = desk_.status().rules.size(); selection_.rule >= rules) selection_.rule = rules > 0 ? rules - 1 : 0;
  return selection_;
}

void Keys::press(const Key& key) {
  (void)selection();
  const double gain = desk_.status().gain_db;
  switch (key.kind) {
    case Key::Kind::character: return press(key.character);
    case Key::Kind::left: return desk_.seek_by({-jump.value});
    case Key::Kind::right: return desk_.seek_by(jump);
    case Key::Kind::home: return desk_.seek(0);
    case Key::Kind::up: return desk_.set_gain(std::min(gain + gain_step_db, std::max(gain, most_gain_db)));
    case Key::Kind::down: return desk_.set_gain(std::max(gain - gain_step_db, std::min(gain, least_gain_db)));
  }
}

void Keys::press(char character) {
  const bool solo = std::exchange(solo_next_, character == 's');
  if (character >= '1' && character <= '9') return toggle(static_cast<std::size_t>(character - '1'), solo);
  if (const auto digit = shifted_digits.find(character); digit != std::string_view::npos) return toggle(digit, true);
  const auto& now = desk_.status();
  switch (character) {
    case ' ': return desk_.pause(!now.paused);
    case 'm': return desk_.silence(!now.silenced);
    case '0': return desk_.clear();
    case 'x': return desk_.stop();
    case 't':
      if (!now.strips.empty()) selection_.strip = (selection_.strip + 1) % std::min<std::size_t>(9, now.strips.size());
      return;
    case ',': return change_volume(-gain_step_db);
    case '.': return change_volume(gain_step_db);
    case 'r':
    case '\t':
      if (!now.rules.empty()) selection_.rule = (selection_.rule + 1) % now.rules.size();
      return;
    case 'R':
      if (!now.rules.empty()) selection_.rule = (selection_.rule + now.rules.size() - 1) % now.rules.size();
      return;
    case 'e':
      if (selection_.rule < now.rules.size()) desk_.set_rule(now.rules[selection_.rule].id, {}, !now.rules[selection_.rule].enabled);
      return;
    case '-': return change_chance(-chance_step);
    case '+':
    case '=': return change_chance(chance_step);
    case 'f': return desk_.set_fill(!now.fill);
    case '<': return change_tempo(-tempo_step);
    case '>': return change_tempo(tempo_step);
    case 'b': return desk_.tap();
    case '[': return mark_loop(false);
    case ']': return mark_loop(true);
    case 'l':
      selection_.loop_begin.reset();
      return desk_.set_loop({});
    case 'q':
    case '\x04':  // Ctrl-D
      quit_ = true;
      return;
    default: return;
  }
}

void Keys::toggle(std::size_t strip, bool solo) {
  if (strip >= desk_.status().strips.size()) return;
  const auto& state = desk_.status().strips[strip];
  solo ? desk_.solo(strip, !state.solo) : desk_.mute(strip, !state.mute);
}

void Keys::change_volume(double db) {
  const auto& strips = desk_.status().strips;
  if (selection_.strip >= strips.size()) return;
  desk_.set_volume(selection_.strip, std::clamp(strips[selection_.strip].volume_db + db, least_gain_db, most_gain_db));
}

void Keys::change_chance(double by) {
  const auto& rules = desk_.status().rules;
  if (selection_.rule >= rules.size()) return;
  const auto& rule = rules[selection_.rule];
  desk_.set_rule(rule.id, std::clamp(std::round((rule.probability + by) * 100.0) / 100.0, 0.0, 1.0), {});
}

void Keys::change_tempo(double by) {
  if (desk_.status().own_bpm) desk_.set_tempo(std::clamp(desk_.status().bpm + by, 10.0, 1000.0));
}

/// By whole bars where there are bars.
void Keys::mark_loop(bool end) {
  const Frames here = desk_.nearest_bar(desk_.status().position);
  if (!end) {
    selection_.loop_begin = here;
    return;
  }
  const Frames begin = selection_.loop_begin.value_or(desk_.status().loop.begin);
  if (here <= begin) return;
  selection_.loop_begin.reset();
  desk_.set_loop({begin, here});
}

}  // namespace sfa::play
