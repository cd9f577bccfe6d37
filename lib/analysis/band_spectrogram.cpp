#include "sfa/analysis/band_spectrogram.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr int nominal_size = 2048;
constexpr int nominal_rate = 44100;
constexpr double lowest_hz = 27.5;
constexpr double highest_hz = 17000.0;
constexpr double bands_per_octave = 24.0;

/// The smallest even size >= `least` without a prime factor above 7, which FFTW is fast at.
int transform_size(double least) {
  for (int size = std::max(4, static_cast<int>(std::ceil(least / 2.0)) * 2);; size += 2) {
    int rest = size;
    for (const int prime : {2, 3, 5, 7})
      while (rest % prime == 0) rest /= prime;
    if (rest == 1) return size;
  }
}

/// One triangular filter: weights of the bins from `first` on.
struct Band {
  int first;
  std::vector<float> weights;
};

/// Filters whose corners are the neighbours' centres. Corners are whole bins of the nominal
/// transform; where low bands fall on the same bin they become one.
std::vector<Band> make_bands() {
  std::vector<int> corners;
  for (double hz = lowest_hz; hz <= highest_hz; hz *= std::exp2(1.0 / bands_per_octave)) {
    const int bin = static_cast<int>(std::lround(hz * nominal_size / nominal_rate));
    if (corners.empty() || bin != corners.back()) corners.push_back(bin);
  }
  std::vector<Band> bands;
  for (std::size_t i = 0; i + 2 < corners.size(); ++i) {
    const int low = corners[i], centre = corners[i + 1], high = corners[i + 2];
    Band band{low + 1, {}};
    for (int bin = low + 1; bin < high; ++bin)
      band.weights.push_back(bin <= centre ? static_cast<float>(bin - low) / static_cast<float>(centre - low)
                                           : static_cast<float>(high - bin) / static_cast<float>(high - centre));
    bands.push_back(std::move(band));
  }
  return bands;
}

const std::vector<Band>& bands_of_all_rates() {
  static const auto bands = make_bands();
  return bands;
}

}  // namespace

struct BandAnalyzer::State {
  explicit State(SampleRate rate_)
      : rate(rate_), fft(transform_size(static_cast<double>(nominal_size) * rate_.hz / nominal_rate)),
        window(dsp::make_window(dsp::Window::hann, fft.size())), windowed(window.size()),
        spectrum(static_cast<std::size_t>(fft.bins())), magnitudes(spectrum.size()),
        out(bands_of_all_rates().size()), begin(-fft.size() / 2), pending(window.size() / 2, 0.0F) {
    const auto scale = static_cast<float>(nominal_size) / static_cast<float>(fft.size());
    for (auto& weight : window) weight *= scale;
  }

  [[nodiscard]] Frames centre() const {
    return (next * rate.hz + BandSpectrogram::frames_per_second / 2) / BandSpectrogram::frames_per_second;
  }
  void take(std::span<const float> mono, const Sink& sink);
  void transform(const float* samples);

  SampleRate rate;
  dsp::Fft fft;
  std::vector<float> window, windowed;
  std::vector<std::complex<float>> spectrum;
  std::vector<float> magnitudes, out;
  Frames begin;                // position of pending's first sample
  std::vector<float> pending;  // samples that frames to come still need
  Frames next = 0;             // frame
  Frames length = 0;           // of the signal so far
};

/// Appends `mono` and gives all frames whose window it completes and whose centre is in the signal.
void BandAnalyzer::State::take(std::span<const float> mono, const Sink& sink) {
  pending.insert(pending.end(), mono.begin(), mono.end());
  const auto end = begin + static_cast<Frames>(pending.size());
  Frames from = centre() - fft.size() / 2;
  for (; from + fft.size() <= end && centre() < length; ++next, from = centre() - fft.size() / 2) {
    transform(pending.data() + (from - begin));
    sink(out);
  }
  const auto done = std::clamp<Frames>(from - begin, 0, static_cast<Frames>(pending.size()));
  pending.erase(pending.begin(), pending.begin() + done);
  begin += done;
}

void BandAnalyzer::State::transform(const float* samples) {
  for (std::size_t i = 0; i < window.size(); ++i) windowed[i] = samples[i] * window[i];
  fft.forward(windowed, spectrum);
  const auto* parts = reinterpret_cast<const float*>(spectrum.data());  // std::complex is an array of two
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    magnitudes[k] = std::sqrt(parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1]);
  const auto& filters = bands_of_all_rates();
  for (std::size_t b = 0; b < filters.size(); ++b) {
    const auto first = static_cast<std::size_t>(filters[b].first);
    const auto count = first < magnitudes.size() ? std::min(filters[b].weights.size(), magnitudes.size() - first) : 0;
    float sum = 0.0F;
    for (std::size_t i = 0; i < count; ++i) sum += magnitudes[first + i] * filters[b].weights[i];
    out[b] = std::log10(1.0F + sum);
  }
}

BandAnalyzer::BandAnalyzer(SampleRate rate) : state_(std::make_unique<State>(rate)) {}
BandAnalyzer::~BandAnalyzer() = default;
BandAnalyzer::BandAnalyzer(BandAnalyzer&&) noexcept = default;
BandAnalyzer& BandAnalyzer::operator=(BandAnalyzer&&) noexcept = default;

int BandAnalyzer::bands() const { return static_cast<int>(bands_of_all_rates().size()); }

void BandAnalyzer::add(std::span<const float> mono, const Sink& sink) {
  constexpr std::size_t block = 65536;  // what `pending` may grow by
  for (std::size_t at = 0; at < mono.size(); at += block) {
    const auto part = mono.subspan(at, std::min(block, mono.size() - at));
    state_->length += static_cast<Frames>(part.size());
    state_->take(part, sink);
  }
}

void BandAnalyzer::finish(const Sink& sink) {
  state_->take(std::vector<float>(state_->window.size(), 0.0F), sink);
}

BandSpectrogram band_spectrogram(std::span<const float> mono, SampleRate rate) {
  BandAnalyzer analyzer(rate);
  BandSpectrogram result;
  result.bands = analyzer.bands();
  const auto keep = [&](std::span<const float> row) {
    result.values.insert(result.values.end(), row.begin(), row.end());
    ++result.frames;
  };
  analyzer.add(mono, keep);
  analyzer.finish(keep);
  return result;
}

}  // namespace sfa::analysis
