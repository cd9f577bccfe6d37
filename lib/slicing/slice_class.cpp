#include "sfa/slicing/slice_class.hpp"

namespace sfa::slicing {
namespace {

/// A tuned drum repeats itself almost as well as a voice does, but its power lies lower.
bool is_tonal(const SliceSound& sound) {
  const double aperiodicity = sound.pitch.aperiodicity, flatness = sound.features.flatness;
  if (sound.pitch.frequency_hz <= 0.0) return false;
  return (aperiodicity < 0.06 && flatness < 0.01) ||
         (aperiodicity < 0.2 && flatness < 0.002 && sound.centre_hz > 300.0);
}

/// Steady noise peaks some 5 to 14 dB above its mean power; what dies away, more.
bool is_noise(const SliceSound& sound) {
  return sound.features.flatness > 0.6 && sound.features.peak_db - sound.features.rms_db < 15.0;
}

bool is_kick(const SliceSound& sound) { return sound.bands.low > 0.6 && sound.centre_hz < 112.0; }

bool is_knock(const SliceSound& sound) {
  return sound.bands.high > 0.5 && sound.bands.top < 0.1 && sound.decay < 0.1;
}

bool is_metal(const SliceSound& sound) {
  return sound.bands.high + sound.bands.top > 0.6 || sound.bands.top > 0.2;
}

bool is_tom(const SliceSound& sound) {
  return sound.centre_hz < 300.0 && sound.bands.top < 0.012 && sound.decay > 0.12;
}

bool is_snare(const SliceSound& sound) { return sound.centre_hz < 1000.0 && sound.bands.top > 0.0015; }

}  // namespace

SliceClass classify(const SliceSound& sound) {
  if (sound.features.peak_db < -60.0) return SliceClass::silence;
  if (is_tonal(sound)) return SliceClass::tonal;
  if (is_noise(sound)) return SliceClass::noise;
  if (is_kick(sound)) return SliceClass::kick;
  if (is_knock(sound)) return SliceClass::percussion;
  if (is_metal(sound)) return sound.decay > 0.35 ? SliceClass::cymbal : SliceClass::hat;
  if (is_tom(sound)) return SliceClass::tom;
  return is_snare(sound) ? SliceClass::snare : SliceClass::percussion;
}

}  // namespace sfa::slicing
