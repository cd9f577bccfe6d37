// The frames at which a sound is cut.
#pragma once
#include <span>
#include <vector>

#include "sfa/slicing/survey.hpp"

namespace sfa::slicing {

/// An onset, looked at sample by sample. Frames count from the sound's begin.
struct Attack {
  Frames start = 0;       // where it begins to rise (attack_start)
  Frames centre = 0;      // where it is heard (attack_centre)
  float strength = 0.0F;  // of the onset
};

/// Of all onsets of a survey, in order of their starts.
[[nodiscard]] std::vector<Attack> attacks(const Sound& sound, const Survey& survey, const Progress& progress = {});

/// Those that keep `distance` frames (>= 1) from stronger ones and from `end`, in order of their starts; at the
/// begin of the sound there may be one, too.
[[nodiscard]] std::vector<Attack> far_enough_apart(std::vector<Attack> attacks, Frames distance, FrameRange range);

/// 0 and the starts of the other parts, whose lengths differ by one frame at most.
/// Throws Error::invalid_argument unless 1 <= parts <= frames.
[[nodiscard]] std::vector<Frames> equal_points(Frames frames, int parts);

/// The frames of the times (seconds, ascending) that lie inside 0 .. frames and at least
/// `min_length` seconds apart.
[[nodiscard]] std::vector<Frames> time_points(std::span<const double> times, Frames frames, SampleRate rate,
                                              double min_length);

/// Where silence begins that lasts `least` frames or longer, and where it ends; counted from the survey's range.
/// Silent is what stays below `threshold`, an amplitude, for the length of a level.
[[nodiscard]] std::vector<Frames> silence_points(const Survey& survey, double threshold, Frames least);

}  // namespace sfa::slicing
