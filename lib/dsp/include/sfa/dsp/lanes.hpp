// Four floats side by side, which the compiler works on in one instruction where there is one. What is added to what
// is written down, so that the result is the same, bit for bit, on every machine and with every compiler that knows
// GCC's vector extensions.
#pragma once
#include <cstring>
#include <span>

namespace sfa::dsp {

using Lanes __attribute__((vector_size(16))) = float;
inline constexpr int lane_count = 4;

[[nodiscard]] inline Lanes load_lanes(const float* from) {
  Lanes loaded;
  std::memcpy(&loaded, from, sizeof loaded);
  return loaded;
}
[[nodiscard]] inline float sum(Lanes s) { return (s[0] + s[2]) + (s[1] + s[3]); }

/// The highest absolute value, 0 of none. A NaN is passed over.
[[nodiscard]] inline float highest(std::span<const float> samples) {
  Lanes most{};
  std::size_t i = 0;
  for (; i + lane_count <= samples.size(); i += lane_count) {
    const Lanes x = load_lanes(samples.data() + i);
    const Lanes absolute = x < 0.0F ? -x : x;
    most = absolute > most ? absolute : most;
  }
  float found = 0.0F;
  for (int lane = 0; lane < lane_count; ++lane) found = most[lane] > found ? most[lane] : found;
  for (; i < samples.size(); ++i) {
    const float absolute = samples[i] < 0.0F ? -samples[i] : samples[i];
    found = absolute > found ? absolute : found;
  }
  return found;
}

}  // namespace sfa::dsp
