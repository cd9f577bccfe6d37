// The messages that rules send along with their events, by the numbers that the engine tells of them (engine::Cue).
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "sfa/audio/units.hpp"
#include "sfa/rules/event.hpp"

namespace sfa::play {

struct EventMessages {
  std::vector<rules::Midi> midi;
  std::vector<rules::Osc> osc;
  Seconds length;                // of what the event plays: how long a note is held
};

/// Written by whoever makes events, read by whoever sends.
class Messages {
 public:
  /// As many as a tape can go back; 0 stands for all.
  explicit Messages(std::size_t most = 0) : most_(most) {}
  void put(std::uint32_t number, EventMessages messages);
  [[nodiscard]] std::optional<EventMessages> find(std::uint32_t number) const;

 private:
  std::size_t most_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, EventMessages> kept_;
};

}  // namespace sfa::play
