// Slices of a sound: the document sfa.bank as a plain struct. A bank refers to frames of its
// source and never holds samples.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/source.hpp"

namespace sfa::slicing {

/// What a slice sounds like (see slice_class.hpp). `hat` is what banks of older versions say of either
/// hat, and the group of both.
enum class SliceClass {
  kick, snare, clap, closed_hat, open_hat, tom, cymbal, percussion, bass, tonal, vocal, noise, silence, hat
};

/// All of them, in this order.
[[nodiscard]] std::span<const SliceClass> slice_classes();

/// The lower-case name that documents use: "kick", "closed_hat".
[[nodiscard]] const char* name(SliceClass kind);

/// The class of that name, if there is one.
[[nodiscard]] std::optional<SliceClass> slice_class(std::string_view name);

/// The group of a class: hat for both hats, else the class itself.
[[nodiscard]] SliceClass group(SliceClass kind);

/// What banks of older versions go without.
struct SliceDetail {
  static constexpr int mfcc_count = 13;
  double loudness_lufs = -120.0;  // highest momentary loudness of the slice played alone, floor -120
  double bandwidth_hz = 0.0;      // deviation of frequency around the centroid
  double decay = 0.0;             // seconds from its loudest moment until it stays 20 dB below that
  double pitch_hz = 0.0;          // 0 where there is none
  double pitch_confidence = 0.0;  // 0 to 1: the share of power that repeats with the pitch's period
  std::array<float, mfcc_count> mfcc{};  // mean mel-frequency cepstral coefficients
};

struct SliceFeatures {
  double peak_db = 0.0;        // dBFS, floor -120
  double rms_db = 0.0;         // dBFS, floor -120
  double centroid_hz = 0.0;    // spectral centroid
  double flatness = 0.0;       // spectral flatness, 0 (tone) to 1 (noise)
  double attack = 0.0;         // seconds from the slice's begin to its peak
  std::optional<SliceDetail> detail{};
};

struct Slice {
  int id = 0;                  // what events call it; ascending in a bank, without gaps when freshly sliced
  FrameRange range;            // in the source's frames
  std::optional<Frames> attack_frame{};  // of the source: where the attack is, in the range
  SliceFeatures features;
  SliceClass kind = SliceClass::percussion;
  std::optional<double> confidence{};    // of the class, 0 to 1
  int note = -1;               // MIDI note of a slice of one pitch, -1 otherwise
  int group = -1;              // slices that sound alike share one, counted from 0; -1 where not asked for
  double gain_db = 0.0;        // to be applied when it is played or exported, as fades are
  int fade_in_frames = 0;      // to be applied when it is played or exported
  int fade_out_frames = 0;
  std::string path;            // its own sound file, if one was written; else empty
};

struct Grid {
  double bpm = 0.0;            // 0 where unknown
  std::vector<double> beats;   // seconds
  std::vector<double> downbeats{};  // those that begin bars; none where that is not known
};

struct Bank {
  Source source;
  std::vector<Slice> slices;   // by id
  Grid grid;
};

/// The slice with that id, or null. A bank that somebody picked slices from has gaps in its ids.
[[nodiscard]] const Slice* find(const Bank& bank, int id);

}  // namespace sfa::slicing
