#include "sfa/analysis/spectral_tuning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "hop_frames.hpp"
#include "magnitudes.hpp"

namespace sfa::analysis {
namespace {

constexpr double lowest_hz = 150.0, highest_hz = 4000.0, a0_hz = 27.5;
constexpr float least_of_loudest = 0.1F;
constexpr int steps = 100;  // between two notes

struct Peak {
  float height;
  std::uint8_t step;  // of its offset from the nearest note
};

std::uint8_t step_of(double hz, int notes_per_octave) {
  double offset = notes_per_octave * std::log2(hz / a0_hz);
  offset -= std::floor(offset);
  if (offset >= 0.5) offset -= 1.0;
  return static_cast<std::uint8_t>(std::clamp(static_cast<int>(std::floor((offset + 0.5) * steps)), 0, steps - 1));
}

void find_peaks(std::span<const float> spectrum, double bin_hz, int notes_per_octave, std::vector<Peak>& peaks) {
  const float least = least_of_loudest * std::ranges::max(spectrum);
  const auto height = [&](std::size_t k) { return spectrum[k] > least ? spectrum[k] : 0.0F; };
  const auto first = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(lowest_hz / bin_hz)));
  for (auto k = first; k + 1 < spectrum.size() && static_cast<double>(k) * bin_hz < highest_hz; ++k) {
    if (!(height(k) > height(k - 1) && height(k) >= height(k + 1))) continue;
    const float curve = spectrum[k + 1] + spectrum[k - 1] - 2.0F * spectrum[k];
    const float slope = (spectrum[k + 1] - spectrum[k - 1]) / 2.0F;
    const float shift = std::abs(slope) >= std::abs(curve) ? 0.0F : -slope / curve;
    const double hz = (static_cast<double>(k) + double{shift}) * bin_hz;
    peaks.push_back({spectrum[k] + 0.5F * slope * shift, step_of(hz, notes_per_octave)});
  }
}

float median_height(std::vector<Peak> peaks) {
  const auto middle = peaks.begin() + static_cast<std::ptrdiff_t>(peaks.size() / 2);
  const auto lower = [](const Peak& a, const Peak& b) { return a.height < b.height; };
  std::ranges::nth_element(peaks, middle, lower);
  if (peaks.size() % 2 == 1) return middle->height;
  return (middle->height + std::max_element(peaks.begin(), middle, lower)->height) / 2.0F;
}

}  // namespace

double estimate_tuning(std::span<const float> mono, SampleRate rate, const SpectralTuning& options) {
  HopFrames frames(options.size_frames, options.hop_frames);
  Magnitudes spectrum(options.size_frames);
  const double bin_hz = static_cast<double>(rate.hz) / options.size_frames;
  std::vector<Peak> peaks;
  const auto take = [&](std::span<const float> window) {
    spectrum.compute(window);
    find_peaks(options.of_power ? spectrum.power() : spectrum.magnitudes(), bin_hz, options.notes_per_octave, peaks);
  };
  frames.add(mono, take);
  frames.finish(mono.empty() ? 0 : 1 + static_cast<Frames>(mono.size()) / options.hop_frames, take);
  if (peaks.empty()) return 0.0;

  const float least = median_height(peaks);
  std::array<int, steps> counts{};
  for (const auto& peak : peaks)
    if (peak.height >= least) ++counts[peak.step];
  return static_cast<double>(std::ranges::max_element(counts) - counts.begin()) / steps - 0.5;
}

}  // namespace sfa::analysis
