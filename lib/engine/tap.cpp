#include "sfa/engine/tap.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numeric>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/window.hpp"

namespace sfa::engine {
namespace {

constexpr double lowest_hz = 30.0, highest_hz = 18000.0;

int fft_size(SampleRate rate) {
  constexpr double window_seconds = 0.085;  // 4096 frames at 48 kHz
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(64.0, window_seconds * rate.hz))));
}

}  // namespace

Scope::Scope(SampleRate rate, int bands)
    : rate_(rate),
      bands_(std::max(1, bands)),
      highest_hz_(std::min(highest_hz, rate.hz / 2.0)),
      loudness_(rate, 2, {}),
      fft_(fft_size(rate)),
      window_(dsp::make_window(dsp::Window::hann, fft_.size())),
      recent_(static_cast<std::size_t>(fft_.size())),
      levels_(static_cast<std::size_t>(bands_), floor_db) {}

bool Scope::read(Tap& tap) {
  bool any = false;
  for (const TapPiece* piece = tap.front(); piece != nullptr; piece = tap.front()) {
    any = true;
    loudness_.add(AudioView(piece->samples[0].data(), 2, piece_frames, piece_frames, rate_));
    for (std::size_t i = 0; i < piece->samples[0].size(); ++i) {
      recent_[at_] = 0.5F * (piece->samples[0][i] + piece->samples[1][i]);
      at_ = (at_ + 1) % recent_.size();
    }
    tap.pop();
  }
  return any;
}

double Scope::band_hz(int band) const {
  return lowest_hz * std::pow(highest_hz_ / lowest_hz, static_cast<double>(band) / bands_);
}

std::span<const float> Scope::spectrum_db() {
  std::vector<float> frame(recent_.size());
  for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = recent_[(at_ + i) % frame.size()] * window_[i];
  std::vector<std::complex<float>> bins(static_cast<std::size_t>(fft_.bins()));
  fft_.forward(frame, bins);
  // A sine of full scale gives half the window's sum.
  const float full_scale = 0.5F * std::accumulate(window_.begin(), window_.end(), 0.0F);
  for (int band = 0; band < bands_; ++band) {
    const double bin_hz = static_cast<double>(rate_.hz) / fft_.size();
    const auto first = std::min(fft_.bins() - 1, static_cast<int>(std::ceil(band_hz(band) / bin_hz)));
    const auto end = std::clamp(static_cast<int>(std::ceil(band_hz(band + 1) / bin_hz)), first + 1, fft_.bins());
    float most = 0.0F;
    for (int bin = first; bin < end; ++bin) most = std::max(most, std::abs(bins[static_cast<std::size_t>(bin)]));
    const double level = to_decibels(static_cast<double>(most / full_scale)).value;
    levels_[static_cast<std::size_t>(band)] = std::max(floor_db, static_cast<float>(level));
  }
  return levels_;
}

}  // namespace sfa::engine
