#include "sfa/midi/held_notes.hpp"

#include <algorithm>
#include <utility>

namespace sfa::midi {
namespace {

// MIDI 1.0 Detailed Specification, table II: channel voice messages.
constexpr int note_off = 0x80, note_on = 0x90, off_velocity = 64;

std::array<std::uint8_t, 3> bytes(int status, std::size_t key, int value) {
  return {static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(key), static_cast<std::uint8_t>(value)};
}

}  // namespace

HeldNotes::HeldNotes(Send send) : send_(std::move(send)) { ends_.fill(up); }

void HeldNotes::strike(int channel, int key, int velocity, Seconds end) {
  const auto place = static_cast<std::size_t>(channel) * keys + static_cast<std::size_t>(key);
  this->end(place);
  if (velocity == 0) return;
  send_(bytes(note_on + channel, static_cast<std::size_t>(key), velocity));
  ends_[place] = end.value;
  next_ = std::min(next_, end.value);
}

void HeldNotes::end(std::size_t place) {
  if (ends_[place] == up) return;
  ends_[place] = up;
  send_(bytes(note_off + static_cast<int>(place / keys), place % keys, off_velocity));
}

void HeldNotes::end_due(Seconds now) {
  if (now.value < next_) return;
  next_ = up;
  for (std::size_t place = 0; place < ends_.size(); ++place) {
    if (ends_[place] <= now.value) end(place);
    next_ = std::min(next_, ends_[place]);
  }
}

void HeldNotes::end_all() {
  for (std::size_t place = 0; place < ends_.size(); ++place) end(place);
  next_ = up;
}

}  // namespace sfa::midi
