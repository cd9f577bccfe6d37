// How near estimated stems come to the true ones, by the two figures that the field reports, both in decibels.
//
// nSDR, one ratio over the whole song and all channels:
//   10 log10 ((sum s^2 + e) / (sum (s - estimate)^2 + e)), e = 1e-7.
// Mitsufuji et al., "Music Demixing Challenge 2021", Frontiers in Signal Processing 1, 2022.
//
// SDR of BSS Eval version 4, the median of the same ratio, without e, over frames of one second that do not overlap.
// Stöter, Liutkus and Ito, "The 2018 Signal Separation Evaluation Campaign", LVA/ICA 2018. For images of sources,
// which stems are, the distortion filters of 512 taps only divide the error into spatial distortion, interference
// and artifacts: their sum, which SDR is about, is s - estimate whatever the filters are, so none are computed. What
// counts as a frame is as in museval, the reference implementation by the same authors:
// - What is left of the song behind its last whole second counts only if there is no whole one.
// - A frame counts for no stem at all if any stem, true or estimated, is silent in it: if all its samples, added up
//   over the channels, are 0. (So is sound that is in opposite phase left and right.)
// - A frame without any error, of infinite SDR, does not count for its stem.
// - Nor does museval take a song with a stem, true or estimated, that is silent throughout: here that stem has no
//   score and the others are scored without it.
// Memory grows by some bytes for each second of each stem.
#pragma once
#include <optional>
#include <span>
#include <vector>

#include "sfa/audio/buffer.hpp"

namespace sfa::separation {

struct Scores {
  std::optional<double> nsdr_db;  // none: the stem is silent
  std::optional<double> sdr_db;   // none: no frame counts
  friend bool operator==(const Scores&, const Scores&) = default;
};

/// The mean of the two in the middle of an even number. NaN are left out; none of nothing.
[[nodiscard]] std::optional<double> median(std::vector<double> values);

class SeparationScores {
 public:
  /// Of so many stems.
  SeparationScores(std::size_t stems, SampleRate rate);

  /// The next stretch of each stem, as it is and as it was estimated: one view for each, all of one shape.
  void add(std::span<const AudioView> stems, std::span<const AudioView> estimates);

  // Of what was added.

  /// In the order of the stems.
  [[nodiscard]] std::vector<Scores> scores() const;
  /// The SDR of each frame of a stem; NaN where it does not count.
  [[nodiscard]] std::vector<double> frame_sdr_db(std::size_t stem) const;

 private:
  struct Energies {
    double signal = 0.0, error = 0.0;
    bool is_silent = true, estimate_is_silent = true;
    void add(const AudioView& stem, const AudioView& estimate);
    void add(const Energies& other);
    [[nodiscard]] bool has_silence() const { return is_silent || estimate_is_silent; }
  };
  [[nodiscard]] Energies whole(std::size_t stem) const;

  SampleRate rate_;
  Frames frames_ = 0;
  std::vector<std::vector<Energies>> seconds_;  // of each stem, the last one begun perhaps
};

}  // namespace sfa::separation
