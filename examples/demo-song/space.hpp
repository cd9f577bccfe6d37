// The room around the instruments: reverberation and echo, mixed into a stereo buffer.
#pragma once
#include "sfa/audio/buffer.hpp"

namespace demo {

struct Room {
  double decay_seconds = 1.2;  // until the reverberation is 60 dB down
  double damping = 0.3;        // 0 bright to 1 dark
  double level = 0.2;          // of the reverberation beside the dry sound
};

/// Adds reverberation by a feedback delay network.
/// Jot and Chaigne, "Digital delay networks for designing artificial reverberators", AES 1991.
void add_room(sfa::AudioBuffer& stereo, const Room& room);

/// Adds echoes that cross from side to side.
void add_echo(sfa::AudioBuffer& stereo, double delay_seconds, double feedback, double level);

}  // namespace demo
