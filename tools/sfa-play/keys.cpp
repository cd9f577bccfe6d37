#include "keys.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sfa::play {
namespace {

constexpr double jump_seconds = 5.0;
constexpr double gain_step_db = 1.0, least_gain_db = -60.0, most_gain_db = 12.0;
constexpr std::string_view shifted_digits = "!@#$%^&*(";  // where the digits are as in the US

}  // namespace

std::vector<engine::Action> Keys::press(const Key& key) {
  switch (key.kind) {
    case Key::Kind::character: return press(key.character);
    case Key::Kind::left: return jump(-jump_seconds);
    case Key::Kind::right: return jump(jump_seconds);
    case Key::Kind::home: return can_go_back_ ? std::vector<engine::Action>{engine::Seek{}} : std::vector<engine::Action>{};
    case Key::Kind::up:
    case Key::Kind::down:
      status_.gain_db = std::clamp(status_.gain_db + (key.kind == Key::Kind::up ? gain_step_db : -gain_step_db),
                                   least_gain_db, most_gain_db);
      return {gain()};
  }
  return {};
}

std::vector<engine::Action> Keys::press(char character) {
  const bool solo = std::exchange(solo_next_, character == 's');
  if (character >= '1' && character <= '9') return toggle(static_cast<std::size_t>(character - '1'), solo);
  if (const auto digit = shifted_digits.find(character); digit != std::string_view::npos) return toggle(digit, true);
  switch (character) {
    case ' ':
      status_.paused = !status_.paused;
      return {engine::SetPaused{status_.paused}};
    case 'm':
      status_.silenced = !status_.silenced;
      return {gain()};
    case '0': return clear();
    case 'q':
    case '\x04':  // Ctrl-D
      quit_ = true;
      return {};
    default: return {};
  }
}

std::vector<engine::Action> Keys::jump(double seconds) const {
  if (!can_go_back_) return {};
  return {engine::Seek{.frame = to_frames({seconds}, rate_), .relative = true}};
}

std::vector<engine::Action> Keys::toggle(std::size_t track, bool solo) {
  if (track >= status_.tracks.size()) return {};
  auto& state = status_.tracks[track];
  const auto number = static_cast<int>(track);
  if (solo) {
    state.solo = !state.solo;
    return {engine::SetSolo{number, state.solo}};
  }
  state.mute = !state.mute;
  return {engine::SetMute{number, state.mute}};
}

std::vector<engine::Action> Keys::clear() {
  std::vector<engine::Action> actions;
  for (std::size_t i = 0; i < status_.tracks.size(); ++i) {
    status_.tracks[i].mute = status_.tracks[i].solo = false;
    actions.emplace_back(engine::SetMute{static_cast<int>(i), false});
    actions.emplace_back(engine::SetSolo{static_cast<int>(i), false});
  }
  return actions;
}

engine::Action Keys::gain() const {
  return engine::SetGain{status_.silenced ? 0.0F : to_gain({status_.gain_db})};
}

}  // namespace sfa::play
