// A sample between samples: the cubic through four points that has the right slopes at the two
// inner ones (Catmull and Rom, "A class of local interpolating splines", 1974; in the form of
// Niemitalo, "Polynomial interpolators for high-quality resampling of oversampled audio", 2001,
// "4-point, 3rd-order Hermite"). On a sample it gives that very sample.
#pragma once

namespace sfa::dsp {

/// Between `now` (part 0) and `next` (part 1).
[[nodiscard]] inline float hermite(float before, float now, float next, float after, float part) {
  const float slope = 0.5F * (next - before);
  const float curve = before - 2.5F * now + 2.0F * next - 0.5F * after;
  const float cubic = 0.5F * (after - before) + 1.5F * (now - next);
  return ((cubic * part + curve) * part + slope) * part + now;
}

}  // namespace sfa::dsp
