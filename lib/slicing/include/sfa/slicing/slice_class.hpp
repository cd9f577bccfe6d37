// A name for a sound.
#pragma once
#include "sfa/slicing/slice_features.hpp"

namespace sfa::slicing {

struct Verdict {
  SliceClass kind = SliceClass::silence;
  double confidence = 1.0;  // 0 to 1: how often such a verdict is right
};

/// Silence where no sample is above -60 dBFS; else what a small network says that was trained on hits of drum
/// kits, notes, phrases and noises (models/slice_class.md tells of what, and how well it does). Where several
/// drums sound at once, the one that leads names the slice: kick, snare, clap or tom before hats and cymbals,
/// unless those are much louder. Never SliceClass::hat, which is a group.
[[nodiscard]] Verdict classify(const SliceSound& sound);

}  // namespace sfa::slicing
