// Standard MIDI Files, format 1.
// "Standard MIDI Files 1.0", RP-001, in The Complete MIDI 1.0 Detailed Specification, MIDI Manufacturers
// Association 1996.
#pragma once
#include <string>

#include "sfa/midi/sequence.hpp"

namespace sfa::midi {

/// The bytes of a file. Notes of one key that overlap on a track and channel are told apart: the earlier
/// ends where the later begins, and of two that begin together the louder and longer remains.
/// Throws Error::invalid_argument for what is outside the ranges in sequence.hpp, Error::unsupported for
/// over 65534 tracks or a track of 4 GiB.
[[nodiscard]] std::string standard_midi_file(const Sequence& sequence);

/// A number of 28 bits as the file has it: 7 bits a byte, the highest first, bit 7 set in all but the last.
[[nodiscard]] std::string variable_length(Ticks value);

}  // namespace sfa::midi
