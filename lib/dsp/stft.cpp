#include "sfa/dsp/stft.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/audio/frame_range.hpp"
#include "sfa/dsp/fft.hpp"

namespace sfa::dsp {
namespace {

// The square of the smallest window value through which a sample is given back: see istft().
constexpr double smallest_weight = 1e-8;

void check(const StftOptions& options) {
  if (options.size_frames < 2 || options.size_frames % 2 != 0) {
    throw Error(Error::Kind::invalid_argument,
                "window of " + std::to_string(options.size_frames) + " frames is not an even number >= 2");
  }
  if (options.hop_frames < 1 || options.hop_frames > options.size_frames) {
    throw Error(Error::Kind::invalid_argument,
                "hop of " + std::to_string(options.hop_frames) + " frames is not within 1 to the window's size");
  }
}

Frames row_count(Frames length, const StftOptions& options) {
  return length == 0 ? 0 : (length + options.hop_frames - 1) / options.hop_frames + 1;
}

// The samples of a signal that row `row` sees, which is centred on row * hop.
FrameRange reach(Frames row, const StftOptions& options) {
  const Frames begin = row * options.hop_frames - options.size_frames / 2;
  return {begin, begin + options.size_frames};
}

// One row at a time: the windowed stretch of signal, and its transform.
class Rows {
 public:
  explicit Rows(const StftOptions& options)
      : options_(options),
        fft_(options.size_frames),
        window_(make_window(options.window, options.size_frames)),
        stretch_(window_.size()) {}

  void forward(std::span<const float> signal, Frames row, std::span<std::complex<float>> spectrum) {
    const auto wanted = reach(row, options_);
    const auto there = intersect(wanted, {0, static_cast<Frames>(signal.size())});
    std::fill(stretch_.begin(), stretch_.end(), 0.0F);
    for (Frames i = there.begin; i < there.end; ++i) {
      const auto n = static_cast<std::size_t>(i - wanted.begin);
      stretch_[n] = signal[static_cast<std::size_t>(i)] * window_[n];
    }
    fft_.forward(stretch_, spectrum);
  }

  void inverse_add(std::span<const std::complex<float>> spectrum, Frames row, std::span<float> sum,
                   std::span<float> weight) {
    fft_.inverse(spectrum, stretch_);
    const auto wanted = reach(row, options_);
    const auto there = intersect(wanted, {0, static_cast<Frames>(sum.size())});
    for (Frames i = there.begin; i < there.end; ++i) {
      const auto n = static_cast<std::size_t>(i - wanted.begin);
      const auto at = static_cast<std::size_t>(i);
      sum[at] += stretch_[n] * window_[n];
      weight[at] += window_[n] * window_[n];
    }
  }

  [[nodiscard]] int bins() const { return fft_.bins(); }

 private:
  StftOptions options_;
  Fft fft_;
  std::vector<float> window_, stretch_;
};

}  // namespace

Spectrum stft(std::span<const float> signal, const StftOptions& options) {
  check(options);
  Rows rows(options);
  Spectrum spectrum;
  spectrum.bins = rows.bins();
  spectrum.frames = row_count(static_cast<Frames>(signal.size()), options);
  spectrum.values.resize(static_cast<std::size_t>(spectrum.frames * spectrum.bins));
  for (Frames row = 0; row < spectrum.frames; ++row) rows.forward(signal, row, spectrum.row(row));
  return spectrum;
}

std::vector<float> istft(const Spectrum& spectrum, const StftOptions& options, Frames length) {
  check(options);
  const bool fits = length >= 0 && spectrum.bins == options.size_frames / 2 + 1 &&
                    spectrum.frames == row_count(length, options) &&
                    spectrum.values.size() == static_cast<std::size_t>(spectrum.frames * spectrum.bins);
  if (!fits) {
    throw Error(Error::Kind::invalid_argument, "a spectrum of " + std::to_string(spectrum.frames) + " x " +
                                                   std::to_string(spectrum.bins) + " values is not that of " +
                                                   std::to_string(length) + " frames with these options");
  }
  Rows rows(options);
  std::vector<float> signal(static_cast<std::size_t>(length)), weight(signal.size());
  for (Frames row = 0; row < spectrum.frames; ++row) rows.inverse_add(spectrum.row(row), row, signal, weight);
  for (std::size_t i = 0; i < signal.size(); ++i) {
    signal[i] = weight[i] < smallest_weight ? 0.0F : signal[i] / weight[i];
  }
  return signal;
}

struct StftReader::State {
  std::span<const float> signal;
  Frames frames;
  Rows rows;
  std::vector<std::complex<float>> row;
};

StftReader::StftReader(std::span<const float> signal, const StftOptions& options) {
  check(options);
  Rows rows(options);
  std::vector<std::complex<float>> row(static_cast<std::size_t>(rows.bins()));
  state_ = std::make_unique<State>(
      State{signal, row_count(static_cast<Frames>(signal.size()), options), std::move(rows), std::move(row)});
}

StftReader::~StftReader() = default;

Frames StftReader::frames() const { return state_->frames; }

int StftReader::bins() const { return state_->rows.bins(); }

void StftReader::magnitudes(Frames frame, std::span<float> out) {
  if (frame < 0 || frame >= state_->frames || out.size() != state_->row.size()) {
    throw Error(Error::Kind::invalid_argument, "no such row of the transform, or no room for it");
  }
  state_->rows.forward(state_->signal, frame, state_->row);
  std::transform(state_->row.begin(), state_->row.end(), out.begin(), [](std::complex<float> x) {
    return std::sqrt(x.real() * x.real() + x.imag() * x.imag());
  });
}

}  // namespace sfa::dsp
