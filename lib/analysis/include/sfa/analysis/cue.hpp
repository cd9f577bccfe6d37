// The points of a song that a DJ would mark.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

/// By time; none where no bars are known.
///
/// first_beat   the first downbeat that sounds.
/// intro, outro where a first and a last section begin that are quieter than the rest, or have that role.
/// drop         a section before which at least 2 bars had little low end (3 dB less than the song's usual, or
/// more
///              below), and whose low end is back, 5 dB up or more, and stays for 4 bars.
/// break        the opposite: the low end, or the whole, falls by 5 dB and more after at least 4 bars of it, and
/// what
///              follows is not the end of the song.
/// mix_in       where to start the song under another: a phrase of 32, 16, 8 or 4 bars, the longest that fits,
///              before the first section of full power; that section itself where nothing goes before.
/// mix_out      where to start the next song over this one: where the last section of full power ends, if at
///              least 4 bars follow; else the last phrase of 16, 8 or 4 bars.
///
/// `phrase_bars` is the longest of 32, 16, 8 and 4 that divides the bars from there to the next section
/// boundary, for mix_in the phrase itself; 0 where none does.
///
/// Confidences grow with the size of the jump, that of mix points with the boundary's. `sections` from
/// find_sections of the same bars.
[[nodiscard]] std::vector<Cue> find_cues(std::span<const Bar> bars, std::span<const Section> sections);

}  // namespace sfa::analysis
