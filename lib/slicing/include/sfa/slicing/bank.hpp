// Slices of a sound: the document sfa.bank as a plain struct. A bank refers to frames of its
// source and never holds samples.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/source.hpp"

namespace sfa::slicing {

/// What a slice sounds like, by rules of thumb over its features.
enum class SliceClass { kick, snare, hat, cymbal, tom, percussion, tonal, noise, silence };

/// The lower-case name that documents use.
[[nodiscard]] const char* name(SliceClass kind);

/// The class of that name, if there is one.
[[nodiscard]] std::optional<SliceClass> slice_class(std::string_view name);

struct SliceFeatures {
  double peak_db = 0.0;        // dBFS, floor -120
  double rms_db = 0.0;         // dBFS, floor -120
  double centroid_hz = 0.0;    // spectral centroid
  double flatness = 0.0;       // spectral flatness, 0 (tone) to 1 (noise)
  double attack = 0.0;         // seconds from the slice's begin to its peak
};

struct Slice {
  int id = 0;                  // what events call it; ascending in a bank, without gaps when freshly sliced
  FrameRange range;            // in the source's frames
  SliceFeatures features;
  SliceClass kind = SliceClass::percussion;
  int note = -1;               // MIDI note of a tonal slice, -1 otherwise
  int fade_in_frames = 0;      // to be applied when it is played or exported
  int fade_out_frames = 0;
  std::string path;            // its own WAV, if --wav wrote one; else empty
};

struct Grid {
  double bpm = 0.0;            // 0 where unknown
  std::vector<double> beats;   // seconds
};

struct Bank {
  Source source;
  std::vector<Slice> slices;   // by id; freshly sliced also by frame, and not overlapping
  Grid grid;
};

/// The slice with that id, or null. A bank that somebody picked slices from has gaps in its ids.
[[nodiscard]] const Slice* find(const Bank& bank, int id);

}  // namespace sfa::slicing
