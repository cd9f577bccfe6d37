// The keys that are down: each comes up when its time is over, before it is struck again, or with all others. So no
// note is left hanging, whatever happens to what it belongs to.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::midi {

class HeldNotes {
 public:
  /// Gets the bytes of each message to be sent: note on and note off (velocity 64, as of keys without a measure of it).
  using Send = std::function<void(std::span<const std::uint8_t>)>;
  explicit HeldNotes(Send send);

  /// `channel` 0 to 15, `key` 0 to 127, `velocity` 0 to 127, of which 0 only ends what the key holds.
  void strike(int channel, int key, int velocity, Seconds end);
  /// Ends those whose end is not after `now`.
  void end_due(Seconds now);
  void end_all();

 private:
  void end(std::size_t place);
  static constexpr double up = std::numeric_limits<double>::infinity();
  static constexpr std::size_t keys = 128, channels = 16;
  Send send_;
  std::array<double, keys * channels> ends_;  // by channel and key; `up` for one that is not down
  double next_ = up;                           // no end is before it
};

}  // namespace sfa::midi
