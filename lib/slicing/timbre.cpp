#include "timbre.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::slicing {
namespace {

constexpr std::array<double, Timbre::stretches + 1> edges{0.0, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64};
// Centres in Hz. Neighbours are at least a bin of their transform apart, so that none is empty.
constexpr std::array low_centres{10.0, 32.0, 54.0, 75.0, 97.0, 129.0, 172.0, 237.0, 323.0, 452.0, 625.0, 861.0, 1033.0};
constexpr std::array high_centres{861.0,  1033.0, 1377.0, 1894.0, 2583.0,  3445.0, 4565.0,
                                  6029.0, 7924.0, 10335.0, 13436.0, 17000.0, 20500.0};
constexpr int low_bands = static_cast<int>(low_centres.size()) - 2;
static_assert(low_bands + static_cast<int>(high_centres.size()) - 2 == Timbre::bands);
constexpr double floor_db = 80.0, power_floor = 1e-14;

using Powers = std::array<double, Timbre::bands * Timbre::stretches>;

int even_size(double seconds, SampleRate rate) {
  return 2 * std::max(4, static_cast<int>(std::lround(seconds * rate.hz / 2.0)));
}

/// A transform and the triangles over its bins.
class BandReader {
 public:
  BandReader(std::span<const double> centres, double window_seconds, SampleRate rate)
      : fft_(even_size(window_seconds, rate)), window_(dsp::make_window(dsp::Window::hann, fft_.size())),
        samples_(window_.size()), spectrum_(static_cast<std::size_t>(fft_.bins())) {
    double sum = 0.0;
    for (const float weight : window_) sum += weight;
    for (auto& weight : window_) weight = static_cast<float>(weight / sum);
    const double hz_per_bin = static_cast<double>(rate.hz) / fft_.size();
    for (std::size_t i = 0; i + 2 < centres.size(); ++i) bands_.push_back(triangle(centres.subspan(i, 3), hz_per_bin));
  }

  [[nodiscard]] std::size_t size() const { return samples_.size(); }

  /// Adds the mean power in each band of the window that begins at `begin`, zero beyond the signal.
  void add(std::span<const float> signal, std::size_t begin, double* powers) {
    const auto part = signal.subspan(begin, std::min(samples_.size(), signal.size() - begin));
    for (std::size_t i = 0; i < part.size(); ++i) samples_[i] = part[i] * window_[i];
    std::fill(samples_.begin() + static_cast<std::ptrdiff_t>(part.size()), samples_.end(), 0.0F);
    fft_.forward(samples_, spectrum_);
    for (const Band& band : bands_) {
      double power = 0.0;
      for (std::size_t k = 0; k < band.weights.size(); ++k) power += band.weights[k] * std::norm(spectrum_[band.first + k]);
      *powers++ += power;
    }
  }

 private:
  struct Band {
    std::size_t first = 0;
    std::vector<float> weights;  // of sum 1; none above half the sample rate
  };

  [[nodiscard]] Band triangle(std::span<const double> corners, double hz_per_bin) const {
    Band band;
    band.first = static_cast<std::size_t>(std::ceil(corners[0] / hz_per_bin));
    float sum = 0.0F;
    for (std::size_t k = band.first; k < spectrum_.size() && static_cast<double>(k) * hz_per_bin < corners[2]; ++k) {
      const double hz = static_cast<double>(k) * hz_per_bin;
      const double weight = hz < corners[1] ? (hz - corners[0]) / (corners[1] - corners[0])
                                            : (corners[2] - hz) / (corners[2] - corners[1]);
      band.weights.push_back(static_cast<float>(weight));
      sum += band.weights.back();
    }
    for (float& weight : band.weights) weight /= std::max(sum, 1e-9F);
    return band;
  }

  dsp::Fft fft_;
  std::vector<float> window_, samples_;
  std::vector<std::complex<float>> spectrum_;
  std::vector<Band> bands_;
};

/// The mean over the windows that begin in each stretch.
void read(BandReader& reader, std::span<const float> signal, SampleRate rate, double hop_seconds, int first_band,
          int bands, Powers& powers) {
  std::array<int, Timbre::stretches> windows{};
  const auto end = static_cast<Frames>(signal.size());
  int stretch = 0;
  for (int i = 0;; ++i) {
    const double time = i * hop_seconds;
    const Frames begin = to_frames({time}, rate);
    while (stretch < Timbre::stretches && time > edges[static_cast<std::size_t>(stretch) + 1] - 1e-9) ++stretch;
    if (stretch == Timbre::stretches || begin >= end) break;
    reader.add(signal, static_cast<std::size_t>(begin), &powers[static_cast<std::size_t>(stretch * Timbre::bands + first_band)]);
    ++windows[static_cast<std::size_t>(stretch)];
  }
  for (int s = 0; s < Timbre::stretches; ++s)
    for (int b = 0; b < bands; ++b)
      powers[static_cast<std::size_t>(s * Timbre::bands + first_band + b)] /=
          std::max(1, windows[static_cast<std::size_t>(s)]);
}

}  // namespace

Timbre timbre_of(std::span<const float> signal, std::span<const float> before, SampleRate rate) {
  Timbre timbre;
  Powers powers{};
  std::array<double, Timbre::bands> powers_before{};
  BandReader low(low_centres, 0.0464, rate), high(high_centres, 0.0116, rate);
  read(low, signal, rate, 0.01, 0, low_bands, powers);
  read(high, signal, rate, 0.005, low_bands, Timbre::bands - low_bands, powers);
  timbre.has_before = before.size() >= low.size();
  if (timbre.has_before) {
    low.add(before, before.size() - low.size(), powers_before.data());
    high.add(before, before.size() - high.size(), powers_before.data() + low_bands);
  }
  const double highest = *std::ranges::max_element(powers) + power_floor;
  const auto level = [highest](double power) {
    const double below_highest = 10.0 * std::log10((power + power_floor) / highest);
    return static_cast<float>(std::clamp(1.0 + below_highest / floor_db, 0.0, 2.0));
  };
  std::ranges::transform(powers, timbre.levels.begin(), level);
  if (timbre.has_before) std::ranges::transform(powers_before, timbre.before.begin(), level);
  const double duration = to_seconds(static_cast<Frames>(signal.size()), rate).value;
  while (timbre.heard < Timbre::stretches && edges[static_cast<std::size_t>(timbre.heard)] < duration) ++timbre.heard;
  std::fill(timbre.levels.begin() + timbre.heard * Timbre::bands, timbre.levels.end(), 0.0F);
  return timbre;
}

double similarity(const Timbre& a, const Timbre& b) {
  double product = 0.0, left = 0.0, right = 0.0;
  for (std::size_t i = 0; i < a.levels.size(); ++i) {
    product += double{a.levels[i]} * b.levels[i];
    left += double{a.levels[i]} * a.levels[i];
    right += double{b.levels[i]} * b.levels[i];
  }
  return left > 0.0 && right > 0.0 ? std::clamp(product / std::sqrt(left * right), 0.0, 1.0) : 0.0;
}

}  // namespace sfa::slicing
