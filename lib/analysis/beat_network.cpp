#include "beat_network.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace sfa::analysis {
namespace {

#include "beats.inc"  // constexpr unsigned char beats[]: weights as half floats, little endian

constexpr int channels = 24, taps = 5, depth = 10;
constexpr int first_taps = 6;        // of the first convolution, at the full frame rate
constexpr int ahead = first_taps / 2 - 1;  // frames before its own that it sees
constexpr int single_bands = 20;     // at the low end, where bands are as wide as a bin of the transform
constexpr int lag_frames = 2;        // of the rise, as in SuperFlux
constexpr float rise_gain = 4.0F;
constexpr Eigen::Index block = 512;  // frames at a time, so that they stay in the cache

using Matrix = Eigen::MatrixXf;
using Eigen::Index;

/// Hands out the weights in the order in which they lie.
class Weights {
 public:
  Matrix matrix(Index rows, Index columns) {
    Matrix result(rows, columns);
    for (Index c = 0; c < columns; ++c)
      for (Index r = 0; r < rows; ++r) result(r, c) = next();
    return result;
  }

 private:
  float next() {
    if (at_ + 2 > sizeof(beats)) throw std::logic_error("the beat network's weights end early");
    const auto bits = static_cast<std::uint16_t>(beats[at_] | beats[at_ + 1] << 8);
    at_ += 2;
    return Eigen::half_impl::half_to_float(Eigen::half_impl::raw_uint16_to_half(bits));
  }
  std::size_t at_ = 0;
};

/// Weights of each tap (outputs x inputs) and what is added.
struct Convolution {
  std::vector<Matrix> taps;
  Eigen::VectorXf bias;

  static Convolution read(Weights& weights, Index outputs, Index inputs, int count) {
    Convolution result;
    for (int i = 0; i < count; ++i) result.taps.push_back(weights.matrix(outputs, inputs));
    result.bias = weights.matrix(outputs, 1);
    return result;
  }

  /// Columns `begin` on of the output, as many as `out` has, with zeros around `in`.
  void apply(const Matrix& in, Index begin, Index dilation, Matrix& out) const {
    out.colwise() = bias;
    const Index middle = static_cast<Index>(taps.size()) / 2;
    for (Index k = 0; k < static_cast<Index>(taps.size()); ++k) {
      const Index shift = (k - middle) * dilation;
      const Index from = std::clamp<Index>(-(begin + shift), 0, out.cols());
      const Index to = std::clamp<Index>(in.cols() - begin - shift, from, out.cols());
      if (from == to) continue;
      out.middleCols(from, to - from).noalias() +=
          taps[static_cast<std::size_t>(k)] * in.middleCols(begin + shift + from, to - from);
    }
  }
};

struct Residual {
  Convolution dilated, mix;
};

float probability(float logit) { return 1.0F / (1.0F + std::exp(-logit)); }

/// Frames at 100 a second from as many at 50, by straight lines.
std::vector<float> upsampled(const Matrix& logits, Index row, std::size_t frames) {
  std::vector<float> result(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const auto at = static_cast<Index>(i / 2), next = std::min(at + static_cast<Index>(i % 2), logits.cols() - 1);
    result[i] = 0.5F * (probability(logits(row, at)) + probability(logits(row, next)));
  }
  return result;
}

}  // namespace

struct BeatNetwork::Layers {
  Convolution first, second;
  std::array<Residual, depth> stack;
  Convolution out;

  explicit Layers(Weights weights)
      : first(Convolution::read(weights, channels, 2 * inputs, first_taps)),
        second(Convolution::read(weights, channels, channels, 3)) {
    for (auto& layer : stack) {
      layer.dilated = Convolution::read(weights, channels, channels, taps);
      layer.mix = Convolution::read(weights, channels, channels, 1);
    }
    out = Convolution::read(weights, 2, channels, 1);
  }

  [[nodiscard]] Matrix front(std::span<const float> features) const;
};

/// Bands and their rise through the first convolution, whose taps lie on every frame and whose outputs on every
/// second one.
Matrix BeatNetwork::Layers::front(std::span<const float> features) const {
  const Eigen::Map<const Matrix> bands(features.data(), inputs, static_cast<Index>(features.size()) / inputs);
  Matrix result(channels, (bands.cols() + 1) / 2);
  Matrix in, part;
  for (Index begin = 0; begin < result.cols(); begin += block) {
    const Index count = std::min(block, result.cols() - begin);
    in.setZero(2 * inputs, 2 * count + first_taps);
    for (Index i = 0; i < in.cols(); ++i) {
      const Index frame = 2 * begin + i - ahead;
      if (frame < 0 || frame >= bands.cols()) continue;
      in.col(i).head(inputs) = bands.col(frame);
      if (frame >= lag_frames)
        in.col(i).tail(inputs) = rise_gain * (bands.col(frame) - bands.col(frame - lag_frames)).cwiseMax(0.0F);
    }
    part = first.bias.replicate(1, count);
    for (Index k = 0; k < first_taps; ++k) {
      const Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> every_second(
          in.data() + k * in.rows(), in.rows(), count, Eigen::OuterStride<>(2 * in.rows()));
      part.noalias() += first.taps[static_cast<std::size_t>(k)] * every_second;
    }
    result.middleCols(begin, count) = part.cwiseMax(0.0F);
  }
  return result;
}

BeatNetwork::BeatNetwork() : layers_(new Layers(Weights())) {}
BeatNetwork::~BeatNetwork() { delete layers_; }

const BeatNetwork& BeatNetwork::trained() {
  static const BeatNetwork network;
  return network;
}

void BeatNetwork::reduce(std::span<const float> bands, std::span<float> out) {
  std::size_t from = 0;
  for (auto& value : out) {
    const bool pair = from >= single_bands && from + 1 < bands.size();
    value = pair ? 0.5F * (bands[from] + bands[from + 1]) : bands[from];
    from += pair ? 2 : 1;
  }
}

BeatProbabilities BeatNetwork::operator()(std::span<const float> features) const {
  if (features.empty()) return {};
  const auto frames = features.size() / inputs;
  Matrix now = layers_->front(features), next(now.rows(), now.cols()), hidden, out;
  const auto blocks = [&](auto&& work) {
    for (Index begin = 0; begin < now.cols(); begin += block) {
      const Index count = std::min(block, now.cols() - begin);
      hidden.resize(channels, count);
      work(begin, count);
    }
  };
  blocks([&](Index begin, Index count) {
    layers_->second.apply(now, begin, 1, hidden);
    next.middleCols(begin, count) = hidden.cwiseMax(0.0F);
  });
  now.swap(next);
  for (Index dilation = 1; const auto& layer : layers_->stack) {
    blocks([&](Index begin, Index count) {
      layer.dilated.apply(now, begin, dilation, hidden);
      next.middleCols(begin, count) = now.middleCols(begin, count) + layer.mix.taps[0] * hidden.cwiseMax(0.0F);
      next.middleCols(begin, count).colwise() += layer.mix.bias;
    });
    now.swap(next);
    dilation *= 2;
  }
  Matrix logits(2, now.cols());
  layers_->out.apply(now, 0, 1, logits);
  return {upsampled(logits, 0, frames), upsampled(logits, 1, frames)};
}

}  // namespace sfa::analysis
