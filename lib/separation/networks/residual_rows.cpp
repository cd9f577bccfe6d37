#include "residual_rows.hpp"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "residual_branch.hpp"
#include "row_kernels.hpp"

namespace sfa::separation::networks {
namespace {

constexpr double epsilon = 1e-5;             // torch's group_norm
constexpr std::ptrdiff_t tile_frames = 384;  // a tile of 48 channels fits a first-level cache twice

std::vector<float> floats(const torch::Tensor& tensor) {
  const auto flat = tensor.contiguous().flatten();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::ptrdiff_t rounded_up(std::ptrdiff_t count) {
  return (count + kernels::lanes - 1) / kernels::lanes * kernels::lanes;
}

}  // namespace

ResidualRows::ResidualRows(const ResidualBranch& branch) {
  for (const auto& from : branch.layers) {
    Layer layer;
    layer.hidden = from.narrow.weight.size(0);
    layer.channels = from.narrow.weight.size(1);
    layer.dilation = from.narrow.sliding.dilation.front();
    const auto narrow = floats(from.narrow.weight);  // hidden x (channels * 3)
    layer.narrow.resize(static_cast<std::size_t>((layer.hidden + 5) / 6 * 6 * layer.channels * 3));
    kernels::pack(narrow.data(), layer.hidden, layer.channels * 3, layer.narrow.data());
    layer.narrow_bias = floats(from.narrow.bias);
    layer.narrow_gain = floats(from.narrow_norm.weight);
    layer.narrow_shift = floats(from.narrow_norm.bias);
    layer.widen = floats(from.widen.weight);
    layer.widen_bias = floats(from.widen.bias);
    layer.widen_gain = floats(from.widen_norm.weight);
    layer.widen_shift = floats(from.widen_norm.bias);
    layer.scale = floats(from.scale);
    layers_.push_back(std::move(layer));
  }
}

/// One row of frames on its way through the layers, in tiles that may be made in parallel.
class ResidualRows::Row {
 public:
  Row(std::ptrdiff_t channels, std::ptrdiff_t hidden, std::ptrdiff_t longest_dilation, std::ptrdiff_t frames)
      : channels_(channels), frames_(frames), tiles_((frames + tile_frames - 1) / tile_frames), margin_(longest_dilation),
        stride_(rounded_up(frames) + 2 * margin_ + kernels::lanes),
        x_(static_cast<std::size_t>(channels * stride_)), narrow_(static_cast<std::size_t>(hidden * stride_)) {}

  template <class Float>
  void load(const Float* from, std::ptrdiff_t channel_stride) {
    for (std::ptrdiff_t c = 0; c < channels_; ++c) std::copy_n(from + c * channel_stride, frames_, channel(c));
  }
  template <class Float>
  void store(Float* to, std::ptrdiff_t channel_stride) {
    for (std::ptrdiff_t c = 0; c < channels_; ++c) std::copy_n(channel(c), frames_, to + c * channel_stride);
  }

  /// `each(count, work)` calls work(0) to work(count - 1), in any order.
  template <class Each>
  void pass(const Layer& layer, const Each& each) {
    tile_moments_.assign(static_cast<std::size_t>(tiles_), {});
    tile_products_.assign(static_cast<std::size_t>(tiles_ * layer.hidden * (layer.hidden + 1)), 0.0);
    each(tiles_, [&](std::ptrdiff_t tile) { narrow(layer, tile); });
    kernels::Moments all;
    for (const auto& part : tile_moments_) {
      all.sum += part.sum;
      all.squares += part.squares;
    }
    const Norm norm(all.sum, all.squares, static_cast<double>(layer.hidden * frames_));
    each(tiles_, [&](std::ptrdiff_t tile) { activate(layer, norm, tile); });
    fold_norm(layer);
    each(tiles_, [&](std::ptrdiff_t tile) { widen(layer, tile); });
  }

 private:
  struct Norm {
    double mean, inverse;  // of the deviation
    Norm(double sum, double squares, double count)
        : mean(sum / count), inverse(1.0 / std::sqrt(std::max(0.0, squares / count - mean * mean) + epsilon)) {}
  };
  struct Span {
    std::ptrdiff_t begin, size;
  };

  [[nodiscard]] float* channel(std::ptrdiff_t c) { return x_.data() + c * stride_ + margin_; }
  [[nodiscard]] float* hidden(std::ptrdiff_t h) { return narrow_.data() + h * stride_; }
  [[nodiscard]] Span span(std::ptrdiff_t tile) const {
    return {tile * tile_frames, std::min(tile_frames, frames_ - tile * tile_frames)};
  }

  void narrow(const Layer& layer, std::ptrdiff_t tile) {
    const auto [begin, size] = span(tile);
    std::vector<const float*> rows;
    for (std::ptrdiff_t c = 0; c < channels_; ++c)
      for (std::ptrdiff_t tap = -1; tap <= 1; ++tap) rows.push_back(channel(c) + begin + tap * layer.dilation);
    kernels::multiply(layer.narrow.data(), layer.narrow_bias.data(), layer.hidden, rows.data(), channels_ * 3,
                      hidden(0) + begin, stride_, rounded_up(size));
    auto& sums = tile_moments_[static_cast<std::size_t>(tile)];
    for (std::ptrdiff_t h = 0; h < layer.hidden; ++h) {
      const auto part = kernels::moments(hidden(h) + begin, size);
      sums.sum += part.sum;
      sums.squares += part.squares;
    }
  }

  void activate(const Layer& layer, const Norm& norm, std::ptrdiff_t tile) {
    const auto [begin, size] = span(tile);
    auto* products = tile_products_.data() + tile * layer.hidden * (layer.hidden + 1);
    for (std::ptrdiff_t h = 0; h < layer.hidden; ++h) {
      const auto at = static_cast<std::size_t>(h);
      const double gain = layer.narrow_gain[at] * norm.inverse;
      kernels::affine_gelu(hidden(h) + begin, static_cast<float>(gain),
                           static_cast<float>(layer.narrow_shift[at] - norm.mean * gain), rounded_up(size));
      for (std::ptrdiff_t g = 0; g < h; ++g)
        products[h * layer.hidden + g] = kernels::product_sum(hidden(h) + begin, hidden(g) + begin, size);
      const auto own = kernels::moments(hidden(h) + begin, size);
      products[h * layer.hidden + h] = own.squares;
      products[layer.hidden * layer.hidden + h] = own.sum;
    }
  }

  // The second norm as part of the weights and the bias.
  void fold_norm(const Layer& layer) {
    const auto n = layer.hidden;
    std::vector<double> products(static_cast<std::size_t>(n * (n + 1)), 0.0);
    for (std::size_t i = 0; i < tile_products_.size(); ++i) products[i % products.size()] += tile_products_[i];
    double sum = 0.0, squares = 0.0;
    for (std::ptrdiff_t m = 0; m < 2 * channels_; ++m) {
      const float* weight = layer.widen.data() + m * n;
      const double bias = layer.widen_bias[static_cast<std::size_t>(m)];
      double row_sum = 0.0, row_squares = 0.0;
      for (std::ptrdiff_t h = 0; h < n; ++h) {
        row_sum += weight[h] * products[static_cast<std::size_t>(n * n + h)];
        double crossed = 0.5 * weight[h] * products[static_cast<std::size_t>(h * n + h)];
        for (std::ptrdiff_t g = 0; g < h; ++g) crossed += weight[g] * products[static_cast<std::size_t>(h * n + g)];
        row_squares += 2.0 * weight[h] * crossed;
      }
      squares += row_squares + 2.0 * bias * row_sum + bias * bias * static_cast<double>(frames_);
      sum += row_sum + bias * static_cast<double>(frames_);
    }
    const Norm norm(sum, squares, static_cast<double>(2 * channels_ * frames_));
    std::vector<float> weights(static_cast<std::size_t>(2 * channels_ * n));
    bias_.resize(static_cast<std::size_t>(2 * channels_));
    for (std::ptrdiff_t m = 0; m < 2 * channels_; ++m) {
      const auto at = static_cast<std::size_t>(m);
      const double gain = layer.widen_gain[at] * norm.inverse;
      for (std::ptrdiff_t h = 0; h < n; ++h)
        weights[static_cast<std::size_t>(m * n + h)] = static_cast<float>(layer.widen[static_cast<std::size_t>(m * n + h)] * gain);
      bias_[at] = static_cast<float>((layer.widen_bias[at] - norm.mean) * gain + layer.widen_shift[at]);
    }
    packed_.resize(static_cast<std::size_t>((2 * channels_ + 5) / 6 * 6 * n));
    kernels::pack(weights.data(), 2 * channels_, n, packed_.data());
  }

  void widen(const Layer& layer, std::ptrdiff_t tile) {
    const auto [begin, size] = span(tile);
    std::vector<const float*> rows;
    for (std::ptrdiff_t h = 0; h < layer.hidden; ++h) rows.push_back(hidden(h) + begin);
    const auto stride = rounded_up(size);
    std::vector<float> wide(static_cast<std::size_t>(2 * channels_ * stride));
    kernels::multiply(packed_.data(), bias_.data(), 2 * channels_, rows.data(), layer.hidden, wide.data(), stride, stride);
    for (std::ptrdiff_t c = 0; c < channels_; ++c)
      kernels::add_gated(channel(c) + begin, wide.data() + c * stride, wide.data() + (channels_ + c) * stride,
                         layer.scale[static_cast<std::size_t>(c)], size);
  }

  std::ptrdiff_t channels_, frames_, tiles_, margin_, stride_;
  std::vector<float> x_, narrow_;  // zeros around each channel
  std::vector<kernels::Moments> tile_moments_;
  std::vector<double> tile_products_;
  std::vector<float> packed_, bias_;
};

torch::Tensor ResidualRows::operator()(const torch::Tensor& x) const {
  const auto in = x.contiguous();
  auto out = torch::empty_like(in);
  const auto channels = in.size(1), frames = in.size(-1), bins = in.dim() == 4 ? in.size(2) : 1;
  const auto rows = in.size(0) * bins;
  std::ptrdiff_t hidden = 0, dilation = 0;
  for (const auto& layer : layers_) {
    hidden = std::max(hidden, layer.hidden);
    dilation = std::max(dilation, layer.dilation);
  }
  const auto offset = [&](std::int64_t row) { return (row / bins * channels * bins + row % bins) * frames; };
  const auto run = [&]<class Float>(const Float* from, Float* to) {
    const auto through = [&](Row& row, std::int64_t index, const auto& each) {
      row.load(from + offset(index), bins * frames);
      for (const auto& layer : layers_) row.pass(layer, each);
      row.store(to + offset(index), bins * frames);
    };
    if (rows >= at::get_num_threads()) {
      at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
        Row row(channels, hidden, dilation, frames);
        for (auto i = begin; i < end; ++i)
          through(row, i, [](std::ptrdiff_t count, const auto& work) {
            for (std::ptrdiff_t tile = 0; tile < count; ++tile) work(tile);
          });
      });
      return;
    }
    Row row(channels, hidden, dilation, frames);
    for (std::int64_t i = 0; i < rows; ++i)
      through(row, i, [](std::ptrdiff_t count, const auto& work) {
        at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
          for (auto tile = begin; tile < end; ++tile) work(tile);
        });
      });
  };
  if (in.scalar_type() == torch::kBFloat16) run(in.data_ptr<at::BFloat16>(), out.data_ptr<at::BFloat16>());
  else run(in.data_ptr<float>(), out.data_ptr<float>());
  return out;
}

}  // namespace sfa::separation::networks
