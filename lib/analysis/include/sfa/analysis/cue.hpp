// The points of a song that a DJ would mark.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

inline constexpr std::array cue_types{"first_beat", "intro", "drop", "break", "outro", "mix_in", "mix_out"};

/// By time; none where no bars are known.
///
/// first_beat   the first downbeat that sounds.
/// intro, outro where a first and a last section begin that are quieter than the rest, or have that role.
/// drop         a section at whose begin the low end rises by 3 dB or more, in the 4 bars after against the 4
///              before or from one bar to the next, and which is as loud as the song gets.
/// break        a section at whose begin the low end, or the whole, falls by 5 dB or more, and that is not the
///              song's end: a part of full power follows.
/// mix_in       where to start the song under another: a phrase of 32, 16, 8 or 4 bars, the longest that fits,
///              before the first section of full power; that section itself where nothing goes before.
/// mix_out      where to start the next song over this one: where the last section of full power ends, if at
///              least 4 bars follow; else where the last section begins that has 8 bars to go.
///
/// `phrase_bars` is the longest of 32, 16, 8 and 4 that divides the bars from there to the next section
/// boundary, for mix_in the phrase itself; 0 where none does.
///
/// A drop's confidence grows with its level, that of mix points with the boundary's; they and those of intros and of loud
/// outros are brought to how often such cues were right on generated songs and songs from MIDI files. A break's and a
/// quiet outro's grow with the depth of the fall, and nobody has counted how often they are right. first_beat has that of
/// its beat. `sections` from find_sections of the same bars.
[[nodiscard]] std::vector<Cue> find_cues(std::span<const Bar> bars, std::span<const Section> sections);

}  // namespace sfa::analysis
