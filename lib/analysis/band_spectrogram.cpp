#include "sfa/analysis/band_spectrogram.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "frame_stream.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr int nominal_size = 2048;
constexpr int nominal_rate = 44100;
constexpr double lowest_hz = 27.5;
constexpr double highest_hz = 17000.0;
constexpr double bands_per_octave = 24.0;

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

const std::vector<Band>& filters() {
  static const auto bands = make_bands();
  return bands;
}

}  // namespace

struct BandAnalyzer::State {
  State(SampleRate rate, int frames_per_second)
      : fft(transform_size(static_cast<double>(nominal_size) * rate.hz / nominal_rate)),
        frames(rate, fft.size(), frames_per_second),
        window(dsp::make_window(dsp::Window::hann, fft.size())), windowed(window.size()),
        spectrum(static_cast<std::size_t>(fft.bins())), magnitudes(spectrum.size()), out(filters().size()) {
    const auto scale = static_cast<float>(nominal_size) / static_cast<float>(fft.size());
    for (auto& weight : window) weight *= scale;
  }
  std::span<const float> transform(std::span<const float> samples);

  dsp::Fft fft;
  FrameStream frames;
  std::vector<float> window, windowed;
  std::vector<std::complex<float>> spectrum;
  std::vector<float> magnitudes, out;
};

std::span<const float> BandAnalyzer::State::transform(std::span<const float> samples) {
  for (std::size_t i = 0; i < window.size(); ++i) windowed[i] = samples[i] * window[i];
  fft.forward(windowed, spectrum);
  const auto* parts = reinterpret_cast<const float*>(spectrum.data());  // std::complex is an array of two
  for (std::size_t k = 0; k < magnitudes.size(); ++k)
    magnitudes[k] = std::sqrt(parts[2 * k] * parts[2 * k] + parts[2 * k + 1] * parts[2 * k + 1]);
  for (std::size_t b = 0; b < out.size(); ++b) {
    const auto& [start, weights] = filters()[b];
    const auto first = static_cast<std::size_t>(start);
    const auto count = first < magnitudes.size() ? std::min(weights.size(), magnitudes.size() - first) : 0;
    float sum = 0.0F;
    for (std::size_t i = 0; i < count; ++i) sum += magnitudes[first + i] * weights[i];
    out[b] = std::log10(1.0F + sum);
  }
  return out;
}

BandAnalyzer::BandAnalyzer(SampleRate rate, int frames_per_second) {
  if (frames_per_second < 1 || frames_per_second > 1000)
    throw Error(Error::Kind::invalid_argument, "a band spectrogram has 1 to 1000 frames a second");
  state_ = std::make_unique<State>(rate, frames_per_second);
}
BandAnalyzer::~BandAnalyzer() = default;
BandAnalyzer::BandAnalyzer(BandAnalyzer&&) noexcept = default;
BandAnalyzer& BandAnalyzer::operator=(BandAnalyzer&&) noexcept = default;

int BandAnalyzer::bands() const { return static_cast<int>(filters().size()); }

void BandAnalyzer::add(std::span<const float> mono, const Sink& sink) {
  state_->frames.add(mono, [&](std::span<const float> samples) { sink(state_->transform(samples)); });
}

void BandAnalyzer::finish(const Sink& sink) {
  state_->frames.finish([&](std::span<const float> samples) { sink(state_->transform(samples)); });
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
