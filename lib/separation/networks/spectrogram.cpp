#include "spectrogram.hpp"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

#include "sfa/dsp/fft.hpp"

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t block_frames = 16;  // at once, since a frame's bins lie far apart: a cache line of them

// hdemucs.py: pad1d. A sound too short to be reflected is first made longer with zeros.
torch::Tensor reflected(torch::Tensor x, std::int64_t left, std::int64_t right) {
  if (const auto longest = std::max(left, right); x.size(2) <= longest) {
    const auto extra = longest - x.size(2) + 1;
    const auto extra_right = std::min(right, extra), extra_left = extra - extra_right;
    x = torch::constant_pad_nd(x, {extra_left, extra_right});
    left -= extra_left;
    right -= extra_right;
  }
  return torch::reflection_pad1d(x, {left, right});
}

/// One plane of frames by libtorch's own transform being far slower, each frame goes through FFTW.
class Transform {
 public:
  explicit Transform(std::int64_t size)
      : size_(size), bins_(size / 2), fft_(static_cast<int>(size)), wave_(static_cast<std::size_t>(size)),
        spectra_(static_cast<std::size_t>(block_frames * (bins_ + 1))), window_(static_cast<std::size_t>(size)) {
    for (std::int64_t i = 0; i < size; ++i)
      window_[static_cast<std::size_t>(i)] =
          static_cast<float>(0.5 - 0.5 * std::cos(2.0 * M_PI * static_cast<double>(i) / static_cast<double>(size)));
  }

  void forward(const float* x, std::int64_t first, std::int64_t count, std::int64_t frames, float* real, float* imaginary) {
    const float scale = 1.0F / std::sqrt(static_cast<float>(size_));
    for (std::int64_t f = 0; f < count; ++f) {
      for (std::size_t i = 0; i < wave_.size(); ++i)
        wave_[i] = x[(first + f) * (size_ / 4) + static_cast<std::int64_t>(i)] * window_[i] * scale;
      fft_.forward(wave_, row(f));
    }
    for (std::int64_t k = 0; k < bins_; ++k) {
      for (std::int64_t f = 0; f < count; ++f) {
        const auto value = row(f)[static_cast<std::size_t>(k)];
        real[k * frames + first + f] = value.real();
        imaginary[k * frames + first + f] = value.imag();
      }
    }
  }

  /// Adds the frames, windowed, to `sum`.
  template <class Float>
  void inverse(const Float* real, const Float* imaginary, std::int64_t first, std::int64_t count, std::int64_t frames, float* sum) {
    for (std::int64_t k = 0; k < bins_; ++k)
      for (std::int64_t f = 0; f < count; ++f)
        row(f)[static_cast<std::size_t>(k)] = {static_cast<float>(real[k * frames + first + f]),
                                               static_cast<float>(imaginary[k * frames + first + f])};
    const float scale = std::sqrt(static_cast<float>(size_));
    for (std::int64_t f = 0; f < count; ++f) {
      row(f)[static_cast<std::size_t>(bins_)] = 0.0F;
      fft_.inverse(row(f), wave_);
      float* to = sum + (first + f) * (size_ / 4);
      for (std::size_t i = 0; i < wave_.size(); ++i) to[i] += wave_[i] * window_[i] * scale;
    }
  }

  [[nodiscard]] const std::vector<float>& window() const { return window_; }

 private:
  [[nodiscard]] std::span<std::complex<float>> row(std::int64_t frame) {
    return std::span(spectra_).subspan(static_cast<std::size_t>(frame * (bins_ + 1)), static_cast<std::size_t>(bins_ + 1));
  }
  std::int64_t size_, bins_;
  dsp::Fft fft_;
  std::vector<float> wave_;
  std::vector<std::complex<float>> spectra_;  // a row for each frame of a block
  std::vector<float> window_;
};

}  // namespace

torch::Tensor Spectrogram::forward(const torch::Tensor& x) const {
  const auto frames = (x.size(2) + hop() - 1) / hop();
  const auto right = padding() + frames * hop() - x.size(2);
  const auto padded = (old_padding ? torch::constant_pad_nd(x, {padding(), right}) : reflected(x, padding(), right)).contiguous();
  if (!x.is_cpu()) {
    const auto window = torch::hann_window(size, x.options());
    const auto z = torch::stft(padded.flatten(0, 1), size, hop(), size, window, /*normalized=*/true, /*onesided=*/true,
                               /*return_complex=*/true);
    return torch::view_as_real(z.narrow(1, 0, size / 2)).permute({0, 3, 1, 2}).reshape({x.size(0), x.size(1), 2, size / 2, frames});
  }
  auto out = torch::empty({x.size(0), x.size(1), 2, size / 2, frames}, x.options());
  const auto blocks = (frames + block_frames - 1) / block_frames, plane = size / 2 * frames;
  at::parallel_for(0, x.size(0) * x.size(1) * blocks, 1, [&](std::int64_t begin, std::int64_t end) {
    Transform transform(size);
    for (auto i = begin; i < end; ++i) {
      const auto sound = i / blocks, first = i % blocks * block_frames;
      float* to = out.data_ptr<float>() + sound * 2 * plane;
      transform.forward(padded.data_ptr<float>() + sound * padded.size(2), first, std::min(block_frames, frames - first),
                        frames, to, to + plane);
    }
  });
  return out;
}

torch::Tensor Spectrogram::inverse(const torch::Tensor& planes, std::int64_t length) const {
  const auto frames = planes.size(-1), plane = size / 2 * frames;
  auto shape = planes.sizes().vec();
  shape.resize(shape.size() - 2);
  shape.back() = length;
  if (!planes.is_cpu()) {
    const auto parts = planes.to(torch::kFloat32).reshape({-1, 2, size / 2, frames});
    const auto z = torch::constant_pad_nd(torch::complex(parts.select(1, 0).contiguous(), parts.select(1, 1).contiguous()), {2, 2, 0, 1});
    const auto window = torch::hann_window(size, parts.options());
    const auto x = torch::istft(z, size, hop(), size, window, /*center=*/true, /*normalized=*/true, /*onesided=*/true,
                                hop() * frames + 2 * lead(), /*return_complex=*/false);
    return x.narrow(1, lead(), length).reshape(shape);
  }
  const auto in = planes.contiguous();
  auto out = torch::empty(shape, in.options().dtype(torch::kFloat32));
  // libtorch frames the sound with two empty frames at either end, which count in the windows' sum.
  const auto begin_at = lead() + 2 * hop(), whole = (frames + 3) * hop() + size;
  std::vector<float> envelope(static_cast<std::size_t>(whole), 0.0F);
  const Transform shape_of(size);
  for (std::int64_t f = 0; f < frames + 4; ++f)
    for (std::int64_t i = 0; i < size; ++i)
      envelope[static_cast<std::size_t>(f * hop() + i)] += shape_of.window()[static_cast<std::size_t>(i)] * shape_of.window()[static_cast<std::size_t>(i)];
  const auto run = [&]<class Float>(const Float* from) {
    at::parallel_for(0, in.numel() / (2 * plane), 1, [&](std::int64_t begin, std::int64_t end) {
      Transform transform(size);
      std::vector<float> sum(static_cast<std::size_t>(whole));
      for (auto sound = begin; sound < end; ++sound) {
        std::ranges::fill(sum, 0.0F);
        for (std::int64_t first = 0; first < frames; first += block_frames)
          transform.inverse(from + sound * 2 * plane, from + sound * 2 * plane + plane, first,
                            std::min(block_frames, frames - first), frames, sum.data() + 2 * hop());
        float* to = out.template data_ptr<float>() + sound * length;
        for (std::int64_t i = 0; i < length; ++i)
          to[i] = sum[static_cast<std::size_t>(begin_at + i)] / envelope[static_cast<std::size_t>(begin_at + i)];
      }
    });
  };
  if (in.scalar_type() == torch::kBFloat16) run(in.data_ptr<at::BFloat16>());
  else run(in.data_ptr<float>());
  return out;
}

}  // namespace sfa::separation::networks
