#include "spectrogram.hpp"

#include <torch/torch.h>

#include <algorithm>

namespace sfa::separation::networks {
namespace {

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

}  // namespace

torch::Tensor Spectrogram::forward(const torch::Tensor& x) const {
  const auto frames = (x.size(2) + hop() - 1) / hop();
  const auto right = padding() + frames * hop() - x.size(2);
  const auto padded = old_padding ? torch::constant_pad_nd(x, {padding(), right}) : reflected(x, padding(), right);
  const auto window = torch::hann_window(size, x.options());
  const auto z = torch::stft(torch::reflection_pad1d(padded, {size / 2, size / 2}).flatten(0, 1), size, hop(), size, window,
                             /*normalized=*/true, /*onesided=*/true, /*return_complex=*/true);
  return z.view({x.size(0), x.size(1), size / 2 + 1, -1}).narrow(2, 0, size / 2).narrow(3, 2, frames);
}

torch::Tensor Spectrogram::inverse(const torch::Tensor& z, std::int64_t length) const {
  const auto frames = (length + hop() - 1) / hop();
  const auto whole = hop() * frames + (old_padding ? 0 : 2 * padding());
  const auto window = torch::hann_window(size, z.options().dtype(torch::kFloat32));
  auto shape = z.sizes().vec();
  const auto padded = torch::constant_pad_nd(z, {2, 2, 0, 1}).reshape({-1, size / 2 + 1, z.size(-1) + 4});
  const auto x = torch::istft(padded, size, hop(), size, window, /*center=*/true, /*normalized=*/true,
                              /*onesided=*/true, whole, /*return_complex=*/false);
  shape.pop_back();
  shape.back() = length;
  return x.narrow(1, old_padding ? 0 : padding(), length).reshape(shape);
}

}  // namespace sfa::separation::networks
