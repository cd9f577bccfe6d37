#include "class_network.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::slicing {
namespace {

#include "models/slice_class.inc"

/// out = weights * in + bias, row after row.
template <std::size_t Out, std::size_t In, std::size_t Weights>
std::array<float, Out> layer(const std::array<float, In>& in, const float (&weights)[Weights], const float (&bias)[Out]) {
  static_assert(Weights == Out * In);
  std::array<float, Out> out;
  for (std::size_t row = 0; row < Out; ++row) {
    float sum = bias[row];
    for (std::size_t i = 0; i < In; ++i) sum += weights[row * In + i] * in[i];
    out[row] = sum;
  }
  return out;
}

template <std::size_t Size>
void rectify(std::array<float, Size>& values) {
  for (float& value : values) value = std::max(0.0F, value);
}

float logarithm(double value, double floor) { return static_cast<float>(std::log10(std::max(value, floor))); }

}  // namespace

ClassInputs class_inputs_of(const SliceSound& sound) {
  ClassInputs inputs{};
  auto next = std::ranges::copy(sound.timbre.levels, inputs.begin()).out;
  next = std::ranges::copy(sound.timbre.before, next).out;
  *next++ = sound.timbre.has_before ? 1.0F : 0.0F;
  for (int i = 0; i < Timbre::stretches; ++i) *next++ = i < sound.timbre.heard ? 1.0F : 0.0F;
  const SliceFeatures& features = sound.features;
  const SliceDetail detail = features.detail.value_or(SliceDetail{});
  *next++ = logarithm(std::min(sound.duration, 1.0), 0.01);
  *next++ = logarithm(std::min(detail.decay, 1.0), 0.005);
  *next++ = logarithm(features.attack, 0.001);
  *next++ = 0.2F * logarithm(features.flatness, 1e-6);
  *next++ = static_cast<float>(std::min(features.peak_db - features.rms_db, 40.0) / 20.0);
  *next++ = logarithm(features.centroid_hz / 1000.0, 0.02);
  *next++ = logarithm(detail.bandwidth_hz / 1000.0, 0.02);
  *next++ = sound.pitch.frequency_hz > 0.0 ? 1.0F : 0.0F;
  *next++ = static_cast<float>(sound.pitch.aperiodicity);
  *next++ = sound.pitch.frequency_hz > 0.0 ? logarithm(sound.pitch.frequency_hz / 200.0, 0.1) : 0.0F;
  return inputs;
}

std::array<double, network_classes> class_probabilities(const ClassInputs& inputs) {
  ClassInputs scaled;
  for (std::size_t i = 0; i < inputs.size(); ++i) scaled[i] = (inputs[i] - input_mean[i]) * input_scale[i];
  auto first = layer(scaled, weights_1, bias_1);
  rectify(first);
  auto second = layer(first, weights_2, bias_2);
  rectify(second);
  const auto scores = layer(second, weights_3, bias_3);
  std::array<double, network_classes> probabilities{};
  const float highest = *std::ranges::max_element(scores);
  double sum = 0.0;
  for (std::size_t i = 0; i < scores.size(); ++i) sum += probabilities[i] = std::exp(double{scores[i]} - highest);
  for (double& value : probabilities) value /= sum;
  return probabilities;
}

}  // namespace sfa::slicing
