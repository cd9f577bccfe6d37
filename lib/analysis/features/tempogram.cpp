#include "sfa/analysis/tempogram.hpp"

#include <algorithm>
#include <complex>
#include <vector>

#include "sfa/analysis/chroma_bank.hpp"
#include "sfa/dsp/fft.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::analysis {
namespace {

constexpr std::size_t size = Tempogram::lags, half = size / 2;
constexpr int transform = 2 * Tempogram::lags;  // so long that no lag wraps around

}  // namespace

struct Tempogram::State {
  std::vector<float> window = dsp::make_window(dsp::Window::hann, lags);
  dsp::Fft fft{transform};
  std::vector<float> strengths{};  // from half a window before the next frame
  std::vector<float> signal = std::vector<float>(static_cast<std::size_t>(transform));
  std::vector<std::complex<float>> spectrum = std::vector<std::complex<float>>(size + 1);
  std::size_t missing = 0;  // frames whose window is not complete

  void frame(const Sink& sink) {
    std::ranges::fill(signal, 0.0F);
    for (std::size_t i = 0; i < size; ++i) signal[i] = window[i] * strengths[i];
    fft.forward(signal, spectrum);
    for (auto& value : spectrum) value = std::norm(value);
    fft.inverse(spectrum, signal);
    const auto by_lag = std::span(signal).first(size);
    divide_by_largest(by_lag);
    sink(by_lag);
    strengths.erase(strengths.begin());
    --missing;
  }
};

Tempogram::Tempogram() : state_(std::make_unique<State>()) {}
Tempogram::~Tempogram() = default;
Tempogram::Tempogram(Tempogram&&) noexcept = default;
Tempogram& Tempogram::operator=(Tempogram&&) noexcept = default;

void Tempogram::add(float strength, const Sink& sink) {
  auto& strengths = state_->strengths;
  if (strengths.empty())  // up from 0 to the first value
    for (std::size_t i = 0; i < half; ++i)
      strengths.push_back(strength * static_cast<float>(i) / static_cast<float>(half));
  strengths.push_back(strength);
  ++state_->missing;
  if (strengths.size() == size) state_->frame(sink);
}

void Tempogram::finish(const Sink& sink) {
  auto& state = *state_;
  if (state.missing == 0) return;
  const float last = state.strengths.back();
  for (std::size_t i = 1; i <= half; ++i)  // down to 0
    state.strengths.push_back(last * static_cast<float>(half - i) / static_cast<float>(half));
  while (state.missing > 0) state.frame(sink);
}

}  // namespace sfa::analysis
