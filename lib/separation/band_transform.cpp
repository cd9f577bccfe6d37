#include "sfa/separation/band_transform.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

const BandTransformOptions& checked(const BandTransformOptions& options) {
  const auto& [size, hop, bands, low_delay] = options;
  if (hop < 1 || size < 4 || size % 2 != 0 || size % hop != 0 || size / hop < 2 || size > (1 << 20))
    throw Error(Error::Kind::invalid_argument, "a transform is even, and 2 hops long or more");
  return options;
}

/// Of a periodic Hann window of `size`.
double hann(int n, int size) { return 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * n / size); }

WindowPair whole(int size, int hop) {
  WindowPair windows;
  // Squares of Hann windows, size / hop of them at once, add up to 3/8 of their number; with two they do not add up
  // to a constant, and the window is the root of one.
  const bool rooted = size / hop == 2;
  const double sum = rooted ? 1.0 : 0.375 * size / hop;
  for (int n = 0; n < size; ++n) {
    const double value = rooted ? std::sqrt(hann(n, size)) : hann(n, size);
    windows.analysis.push_back(static_cast<float>(value));
    windows.synthesis.push_back(static_cast<float>(value / sum));
  }
  return windows;
}

WindowPair low_delay(int size, int hop) {
  WindowPair windows;
  const int rise = size - hop, shown = 2 * hop;
  for (int n = 0; n < size; ++n) {
    const double analysis = std::sqrt(n < rise ? hann(n, 2 * rise) : hann(n - rise + hop, shown));
    const int m = n - (size - shown);
    windows.analysis.push_back(static_cast<float>(analysis));
    windows.synthesis.push_back(m <= 0 ? 0.0F : static_cast<float>(hann(m, shown) / analysis));
  }
  return windows;
}

}  // namespace

WindowPair window_pair(const BandTransformOptions& options) {
  const auto& [size, hop, bands, live] = checked(options);
  return live ? low_delay(size, hop) : whole(size, hop);
}

BandTransformOptions at_rate(const BandTransformOptions& options, SampleRate own, SampleRate rate) {
  if (own == rate) return options;
  auto scaled = options;
  const int hops = checked(options).size_frames / options.hop_frames;
  const auto hop = std::lround(static_cast<double>(options.hop_frames) * rate.hz / own.hz);
  scaled.hop_frames = std::max(hops > 2 ? 1 : 2, static_cast<int>(hop));
  if (scaled.hop_frames * hops % 2 != 0) ++scaled.hop_frames;
  scaled.size_frames = scaled.hop_frames * hops;
  return scaled;
}

BandTransform::BandTransform(const BandTransformOptions& options) : BandTransform(options, {1}, {1}) {}

BandTransform::BandTransform(const BandTransformOptions& options, SampleRate own, SampleRate rate)
    : options_(checked(at_rate(options, own, rate))),
      layout_(band_layout(options.size_frames / 2 + 1, options.bands)),
      fft_(options_.size_frames),
      time_(static_cast<std::size_t>(options_.size_frames)),
      left_(static_cast<std::size_t>(fft_.bins())),
      right_(left_.size()) {
  auto windows = window_pair(options_);
  analysis_ = std::move(windows.analysis);
  synthesis_ = std::move(windows.synthesis);
}

std::size_t BandTransform::edge(std::size_t band) const {
  return std::min(static_cast<std::size_t>(layout_.edges[band]), left_.size());
}

void BandTransform::analyze(std::span<const float> left, std::span<const float> right, MidSide& out) {
  constexpr auto root_half = static_cast<float>(1.0 / std::numbers::sqrt2);
  out.mid.resize(left_.size());
  out.side.resize(left_.size());
  for (std::size_t n = 0; n < time_.size(); ++n) time_[n] = (left[n] + right[n]) * (root_half * analysis_[n]);
  fft_.forward(time_, out.mid);
  for (std::size_t n = 0; n < time_.size(); ++n) time_[n] = (left[n] - right[n]) * (root_half * analysis_[n]);
  fft_.forward(time_, out.side);
}

void BandTransform::sum_bands(const MidSide& frame, BandSums& out) const {
  const auto bands = static_cast<std::size_t>(layout_.bands());
  for (auto* sums : {&out.mid, &out.side, &out.cross_re, &out.cross_im}) sums->assign(bands, 0.0F);
  for (std::size_t b = 0; b < bands; ++b)
    for (auto k = edge(b); k < edge(b + 1); ++k) {
      const auto m = frame.mid[k], s = frame.side[k];
      out.mid[b] += m.real() * m.real() + m.imag() * m.imag();
      out.side[b] += s.real() * s.real() + s.imag() * s.imag();
      out.cross_re[b] += m.real() * s.real() + m.imag() * s.imag();
      out.cross_im[b] += m.imag() * s.real() - m.real() * s.imag();
    }
}

void BandTransform::describe(const BandSums& sums, std::span<float> out) const {
  // A full-scale sine's bin has a quarter of the transform's size (Hann), whatever the size.
  const float full_scale = 0.25F * static_cast<float>(options_.size_frames);
  constexpr float silence = 1e-10F;  // -100 dBFS
  const auto level = [](float power) { return 0.5F * std::log10(power + silence) + 3.0F; };
  for (std::size_t b = 0; b < sums.mid.size(); ++b) {
    const float scale = 1.0F / (full_scale * full_scale * static_cast<float>(layout_.edges[b + 1] - layout_.edges[b]));
    const float mid = sums.mid[b] * scale, side = sums.side[b] * scale;
    const float both = 2.0F * scale / (mid + side + silence);
    out[features * b] = level(mid);
    out[features * b + 1] = level(side);
    out[features * b + 2] = sums.cross_re[b] * both;
    out[features * b + 3] = sums.cross_im[b] * both;
  }
}

void BandTransform::mask(const MidSide& frame, std::span<const std::complex<float>> masks, MidSide& out) const {
  const auto bands = static_cast<std::size_t>(layout_.bands());
  out.mid.resize(frame.mid.size());
  out.side.resize(frame.side.size());
  const auto times = [](std::complex<float> a, std::complex<float> b) {
    return std::complex<float>(a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real());
  };
  for (std::size_t b = 0; b < bands; ++b)
    for (auto k = edge(b); k < (b + 1 < bands ? edge(b + 1) : frame.mid.size()); ++k) {
      out.mid[k] = times(frame.mid[k], masks[2 * b]);
      out.side[k] = times(frame.side[k], masks[2 * b + 1]);
    }
}

void BandTransform::synthesize(const MidSide& frame, std::span<float> left, std::span<float> right) {
  constexpr auto root_half = static_cast<float>(1.0 / std::numbers::sqrt2);
  for (std::size_t k = 0; k < left_.size(); ++k) {
    left_[k] = (frame.mid[k] + frame.side[k]) * root_half;
    right_[k] = (frame.mid[k] - frame.side[k]) * root_half;
  }
  fft_.inverse(left_, time_);
  for (std::size_t n = 0; n < time_.size(); ++n) left[n] += time_[n] * synthesis_[n];
  fft_.inverse(right_, time_);
  for (std::size_t n = 0; n < time_.size(); ++n) right[n] += time_[n] * synthesis_[n];
}

}  // namespace sfa::separation
