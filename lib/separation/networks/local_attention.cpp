#include "local_attention.hpp"

#include <torch/torch.h>

#include <cmath>

#include "in_blocks.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {
namespace {

constexpr std::int64_t stretch_frames = 200;  // demucs.py: BLSTM(max_steps=200)

constexpr std::int64_t block_rows = 4;  // that one thread takes through the LSTM at once

// a b for each matrix of (..., n, k) and (..., k, m): see in_blocks.hpp.
torch::Tensor crossed(const torch::Tensor& a, const torch::Tensor& b) {
  if (!a.is_cpu()) return torch::matmul(a, b);
  const auto left = a.flatten(0, -3), right = b.flatten(0, -3);
  auto out = torch::empty({left.size(0), left.size(1), right.size(2)}, a.options());
  in_blocks(left.size(0), 1, [&](std::int64_t i, std::int64_t) {
    auto product = out[i];
    torch::mm_out(product, left[i], right[i]);
  });
  auto shape = a.sizes().vec();
  shape.back() = b.size(-1);
  return out.view(shape);
}

// (rows, channels, frames) -> (rows, channels, stretches, 200), half overlapping, zeros at the end.
torch::Tensor stretches_of(const torch::Tensor& x) {
  constexpr std::int64_t stride = stretch_frames / 2;
  const auto count = (x.size(2) + stride - 1) / stride;
  return torch::constant_pad_nd(x, {0, (count - 1) * stride + stretch_frames - x.size(2)}).unfold(2, stretch_frames, stride);
}

// Takes the middle of each stretch, and of the first and last what is at the edge.
torch::Tensor joined(const torch::Tensor& stretches, std::int64_t frames) {  // (rows, stretches, channels, 200)
  constexpr std::int64_t limit = stretch_frames / 4;
  const auto count = stretches.size(1);
  std::vector<torch::Tensor> parts;
  for (std::int64_t k = 0; k < count; ++k) {
    const auto begin = k == 0 ? 0 : limit;
    const auto end = k == 0 || k + 1 < count ? stretch_frames - limit : stretch_frames;
    parts.push_back(stretches.select(1, k).narrow(2, begin, end - begin));
  }
  return torch::cat(parts, 2).narrow(2, 0, frames);
}

}  // namespace

torch::Tensor Recurrent::through_lstm(const torch::Tensor& x) const {  // (frames, rows, channels)
  const auto run = [&](const torch::Tensor& rows) {
    const auto zeros = torch::zeros({2 * layers, rows.size(1), x.size(2)}, x.options());
    return std::get<0>(torch::lstm(rows, {zeros, zeros}, parameters, true, layers, 0.0, false, true, false));
  };
  if (!x.is_cpu()) return run(x);
  auto out = torch::empty({x.size(0), x.size(1), 2 * x.size(2)}, x.options());
  in_blocks(x.size(1), block_rows, [&](std::int64_t begin, std::int64_t size) {
    out.narrow(1, begin, size).copy_(run(x.narrow(1, begin, size).contiguous()));
  });
  return out;
}

torch::Tensor Recurrent::operator()(const torch::Tensor& x) const {
  const auto rows = x.size(0), channels = x.size(1), frames = x.size(2);
  const bool cut = in_stretches && frames > stretch_frames;
  auto y = x;
  if (cut) y = stretches_of(x).permute({0, 2, 1, 3}).reshape({-1, channels, stretch_frames});
  y = y.permute({2, 0, 1}).contiguous();
  y = through_lstm(y);
  y = linear(y).permute({1, 2, 0});
  if (cut) y = joined(y.reshape({rows, -1, channels, stretch_frames}), frames);
  return in_stretches ? y + x : y;
}

torch::Tensor LocalAttention::operator()(const torch::Tensor& x) const {
  const auto rows = x.size(0), frames = x.size(2);
  const auto split = [&](const torch::Tensor& y) { return y.view({rows, heads, -1, frames}); };
  const auto at = torch::arange(frames, x.options());
  const auto distance = (at.unsqueeze(1) - at.unsqueeze(0)).abs();
  const auto keys = split(key(x)), queries = split(query(x));
  auto dots = crossed(queries.transpose(2, 3), keys)  // each query's row of keys
              / std::sqrt(static_cast<double>(keys.size(2)));
  // The penalty of each query: the sum over decays of n * share_n, times the distance.
  const auto shares = torch::sigmoid(split(query_decay(x))) / 2.0;
  const auto numbers = torch::arange(1, decays + 1, x.options()).view({1, 1, -1, 1});
  const auto slope = (shares * numbers).sum(2, true) / std::sqrt(static_cast<double>(decays));
  dots -= slope.transpose(2, 3) * distance;
  dots.diagonal(0, 2, 3).fill_(-100.0);  // no frame listens to itself
  const auto weights = torch::softmax(dots, 3);
  const auto result = crossed(split(content(x)), weights.transpose(2, 3));
  return x + projection(result.reshape({rows, -1, frames}));
}

Recurrent take_recurrent(const Scope& scope, std::int64_t channels, std::int64_t layers, bool in_stretches) {
  Recurrent recurrent;
  recurrent.layers = layers;
  recurrent.in_stretches = in_stretches;
  const auto lstm = scope / "lstm";
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    for (const std::string direction : {"", "_reverse"}) {
      const auto in = layer == 0 ? channels : 2 * channels;
      const auto name = [&](const std::string& what) { return what + "_l" + std::to_string(layer) + direction; };
      recurrent.parameters.push_back(lstm(name("weight_ih"), {4 * channels, in}));
      recurrent.parameters.push_back(lstm(name("weight_hh"), {4 * channels, channels}));
      recurrent.parameters.push_back(lstm(name("bias_ih"), {4 * channels}));
      recurrent.parameters.push_back(lstm(name("bias_hh"), {4 * channels}));
    }
  }
  recurrent.linear = take_linear(scope / "linear", 2 * channels, channels, torch::kFloat32);
  return recurrent;
}

LocalAttention take_local_attention(const Scope& scope, std::int64_t channels) {
  LocalAttention attention;
  if (channels % attention.heads != 0)
    throw Error(Error::Kind::invalid_data, "local attention needs a multiple of 4 channels");
  const auto one = [&](const std::string& name, std::int64_t out) {
    return take_convolution(scope / name, channels, out, {1}, {{1}, {0}, {1}}, torch::kFloat32);
  };
  attention.content = one("content", channels);
  attention.query = one("query", channels);
  attention.key = one("key", channels);
  attention.query_decay = one("query_decay", attention.heads * attention.decays);
  attention.projection = one("proj", channels);
  return attention;
}

}  // namespace sfa::separation::networks
