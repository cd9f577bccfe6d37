#include "sfa/training/trainer.hpp"

#include <ATen/autocast_mode.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "networks/band_unet.hpp"
#include "networks/execution.hpp"
#include "networks/weights.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::training {

using separation::Checkpoint;
using separation::Element;
using separation::StoredTensor;
using separation::networks::BandUNet;
using separation::networks::told_apart;
using torch::Tensor;

namespace {

constexpr auto trained_network = "BandUNet", training_state = "BandUNetTraining";  // architectures of checkpoints

/// Throws Error::invalid_argument that names the arguments in which a state's network is another one.
void require_same(const separation::ValueMap& of_state, const separation::ValueMap& wanted) {
  std::string other;
  for (const auto& [name, value] : wanted)
    if (of_state.at(name) != value) other += (other.empty() ? "" : ", ") + name;
  if (!other.empty()) throw Error(Error::Kind::invalid_argument, "its network has other values of " + other);
}

/// Convolutions in bfloat16 while it lives; weights and what is summed up stay float32.
class MixedPrecision {
 public:
  MixedPrecision(bool on, bool cuda) : cuda_(cuda) {
    if (cuda) {
      at::autocast::set_enabled(on);
      at::autocast::set_autocast_gpu_dtype(torch::kBFloat16);
    } else {
      at::autocast::set_cpu_enabled(on);
      at::autocast::set_autocast_cpu_dtype(torch::kBFloat16);
    }
  }
  ~MixedPrecision() {
    at::autocast::clear_cache();
    cuda_ ? at::autocast::set_enabled(false) : at::autocast::set_cpu_enabled(false);
  }
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  bool cuda_;
};

/// Parameters and running statistics; not the counters that batch norms keep for themselves.
std::vector<std::pair<std::string, Tensor>> tensors_of(const BandUNet& network) {
  std::vector<std::pair<std::string, Tensor>> all;
  for (const auto& item : network->named_parameters()) all.emplace_back(item.key(), item.value());
  for (const auto& item : network->named_buffers())
    if (item.value().is_floating_point()) all.emplace_back(item.key(), item.value());
  return all;
}

StoredTensor stored(const Tensor& tensor, torch::ScalarType type) {
  const auto dense = std::make_shared<Tensor>(tensor.detach().to(torch::kCPU, type).contiguous());
  const auto element = type == torch::kFloat16 ? Element::float16 : Element::float32;
  return {element, dense->sizes().vec(), {static_cast<const std::byte*>(dense->data_ptr()), dense->nbytes()}, dense};
}

void store(Checkpoint& checkpoint, const std::string& prefix, const std::vector<std::pair<std::string, Tensor>>& tensors,
           torch::ScalarType type) {
  for (const auto& [name, tensor] : tensors) checkpoint.tensors[prefix + name] = stored(tensor, type);
}

void take(separation::networks::Weights& weights, const std::string& prefix,
          const std::vector<std::pair<std::string, Tensor>>& tensors) {
  const torch::NoGradGuard guard;
  for (auto [name, tensor] : tensors) tensor.copy_(weights.take(prefix + name, tensor.sizes()));
}

Tensor tensor_of(const std::vector<float>& values, std::vector<std::int64_t> shape, torch::Device device) {
  return torch::from_blob(const_cast<float*>(values.data()), shape).to(device, torch::kFloat32, false, device.is_cpu());
}

/// Band sums as tensors: (item, frame, band, stem, mid and side), the mix's with one stem.
struct Sums {
  Tensor features, mix, stems, re, im;

  Sums(const Batch& batch, torch::Device device) {
    const std::vector<std::int64_t> cells{batch.items, batch.frames, batch.bands};
    const auto shape = [&](std::initializer_list<std::int64_t> more) {
      auto all = cells;
      all.insert(all.end(), more);
      return all;
    };
    features = tensor_of(batch.features, shape({separation::BandTransform::features}), device).permute({0, 3, 1, 2});
    mix = tensor_of(batch.mix_power, shape({1, 2}), device);
    stems = tensor_of(batch.stem_power, shape({batch.stems, 2}), device);
    re = tensor_of(batch.cross_re, shape({batch.stems, 2}), device);
    im = tensor_of(batch.cross_im, shape({batch.stems, 2}), device);
  }

  /// The error's energy in each cell.
  [[nodiscard]] Tensor errors(const Tensor& masks) const {
    if (masks.dim() == stems.dim()) return stems + masks * (masks * mix - 2.0 * re);
    const auto a = masks.select(-1, 0), b = masks.select(-1, 1);
    return stems + a * (a * mix - 2.0 * re) + b * (b * mix - 2.0 * im);
  }
};

}  // namespace

struct Trainer::State {
  TrainerOptions options;
  separation::ValueMap arguments;
  torch::Device device;
  bool mixed = false;
  BandUNet network{nullptr}, average{nullptr};
  std::vector<Tensor> parameters{}, first_moments{}, second_moments{};
  std::int64_t step = 0;

  [[nodiscard]] Tensor masks(BandUNet& net, const Tensor& features) const {
    const MixedPrecision precision(mixed, device.is_cuda());
    return net->forward(features);
  }
  [[nodiscard]] Tensor loss(const Batch& batch);
  [[nodiscard]] double learning_rate() const;
  void update(double rate);
  Report learn(std::span<const Batch> batches);
  [[nodiscard]] StemErrors judge(const Batch& batch);
  [[nodiscard]] std::vector<std::pair<std::string, Tensor>> moments(const std::vector<Tensor>& of) const;

  State(const separation::ValueMap& wanted, const TrainerOptions& options_)
      : options(options_), device(separation::networks::chosen_device(options.device)) {
    mixed = separation::networks::chosen_precision(options.precision, device) == separation::Precision::bfloat16;
    separation::networks::keep_heap();
    separation::networks::use_threads(options.threads);
    torch::manual_seed(options.seed);
    const auto plan = separation::networks::band_unet_plan(wanted);
    arguments = separation::networks::arguments_of(plan);
    network = BandUNet(plan);
    average = BandUNet(plan);
    for (auto* net : {&network, &average}) (*net)->to(device);
    const torch::NoGradGuard guard;
    const auto from = tensors_of(network), to = tensors_of(average);
    for (std::size_t i = 0; i < from.size(); ++i) Tensor(to[i].second).copy_(from[i].second);
    average->eval();
    parameters = network->parameters();
    for (const auto& parameter : parameters) {
      first_moments.push_back(torch::zeros_like(parameter));
      second_moments.push_back(torch::zeros_like(parameter));
    }
  }
};

Trainer::Trainer(const separation::ValueMap& arguments, const TrainerOptions& options)
    : state_(told_apart([&] { return std::make_unique<State>(arguments, options); })) {}

Trainer::Trainer(const Checkpoint& network, const TrainerOptions& options) {
  if (network.architecture != trained_network)
    throw Error(Error::Kind::unsupported, network.architecture + ": a network of this kind cannot be trained here");
  state_ = told_apart([&] { return std::make_unique<State>(network.arguments, options); });
  for (auto* net : {&state_->network, &state_->average}) {
    separation::networks::Weights weights(network, state_->device);
    take(weights, "", tensors_of(*net));
    weights.check_all_taken();
  }
}

Trainer::Trainer(Trainer&&) noexcept = default;
Trainer::~Trainer() = default;

SampleRate Trainer::rate() const { return {static_cast<int>(state_->network->plan().rate)}; }
separation::BandTransformOptions Trainer::transform() const { return state_->network->plan().transform; }
const std::vector<std::string>& Trainer::sources() const { return state_->network->plan().sources; }
std::int64_t Trainer::step() const { return state_->step; }

std::int64_t Trainer::parameters() const {
  std::int64_t count = 0;
  for (const auto& parameter : state_->parameters) count += parameter.numel();
  return count;
}

Tensor Trainer::State::loss(const Batch& batch) {
  constexpr double silence = 1e-6;  // energy of an item, for logarithms: far below any sound's
  constexpr double faint = 1e-4;    // bands more than 40 dB below the loudest are not raised further
  constexpr double nothing = 1e-9;  // for an item of silence
  const Sums sums(batch, device);
  const auto cells = sums.errors(masks(network, sums.features));
  const double floor = std::pow(10.0, options.floor_db / 10.0);
  const auto decibels = [&](const Tensor& error, const Tensor& power, const Tensor& mix) {
    const auto least = floor * mix + silence;  // (item, 1)
    return (10.0 * torch::log10((error.clamp_min(0.0) + least) / (power + least))).mean();
  };
  // Sums over time first: (item, band, stem, mid and side) is small.
  const auto error = cells.sum(1), power = sums.stems.sum(1), mix = sums.mix.sum(1);
  const auto total = [](const Tensor& x) { return x.sum({1, 3}); };  // (item, stem)
  auto result = decibels(total(error), total(power), total(mix));
  if (options.whitened > 0.0) {
    const auto level = mix.sum({2, 3}, true);  // (item, band, 1, 1)
    const auto weight = (level + faint * level.amax(1, true) + nothing).rsqrt();
    const auto even = decibels(total(error * weight), total(power * weight), total(mix * weight));
    result = (1.0 - options.whitened) * result + options.whitened * even;
  }
  return result;
}

void Trainer::State::update(double rate) {
  const torch::NoGradGuard guard;
  constexpr double first = 0.9, second = 0.99, least = 1e-8;  // beta 1, beta 2 and epsilon of Adam
  const auto count = static_cast<double>(step);
  const double unbias = std::sqrt(1.0 - std::pow(second, count)) / (1.0 - std::pow(first, count));
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto& p = parameters[i];
    const auto& g = p.grad();
    if (!g.defined()) continue;
    first_moments[i].mul_(first).add_(g, 1.0 - first);
    second_moments[i].mul_(second).addcmul_(g, g, 1.0 - second);
    if (p.dim() > 1) p.mul_(1.0 - rate * options.weight_decay);  // not norms and biases
    p.addcdiv_(first_moments[i], second_moments[i].sqrt().add_(least), -rate * unbias);
  }
  // Until as many steps have been made as the mean looks back on, it looks back on nearly all of them.
  const double keep = std::min(options.average, (count - 1.0) / (count + 9.0));
  const auto from = tensors_of(network), to = tensors_of(average);
  for (std::size_t i = 0; i < from.size(); ++i) Tensor(to[i].second).lerp_(from[i].second, 1.0 - keep);
}

double Trainer::State::learning_rate() const {
  const auto made = static_cast<double>(step);
  const double warm = std::min(1.0, made / static_cast<double>(std::max<std::int64_t>(options.warmup_steps, 1)));
  const double done = std::min(1.0, made / static_cast<double>(std::max<std::int64_t>(options.steps, 1)));
  return options.learning_rate * warm * (0.505 + 0.495 * std::cos(std::numbers::pi * done));  // from 1 to 0.01
}

Trainer::Report Trainer::State::learn(std::span<const Batch> batches) {
  network->train();
  network->zero_grad();
  Report report;
  for (const auto& batch : batches) {
    const auto share = loss(batch) / static_cast<double>(batches.size());
    report.loss += share.item<double>();
    share.backward();
  }
  ++step;
  report.learning_rate = learning_rate();
  report.gradient_norm = torch::nn::utils::clip_grad_norm_(parameters, options.clip_norm);
  if (!std::isfinite(report.loss) || !std::isfinite(report.gradient_norm))
    throw Error(Error::Kind::invalid_data, "training went astray at step " + std::to_string(step) + ": the loss is not finite");
  update(report.learning_rate);
  return report;
}

StemErrors Trainer::State::judge(const Batch& batch) {
  const torch::NoGradGuard guard;
  const Sums sums(batch, device);
  const auto total = [](const Tensor& x) {
    const auto sum = x.to(torch::kFloat64).sum({0, 1, 2, 4}).to(torch::kCPU);
    return std::vector<double>(sum.data_ptr<double>(), sum.data_ptr<double>() + sum.numel());
  };
  return {total(sums.errors(masks(average, sums.features))), total(sums.stems)};
}

Trainer::Report Trainer::learn(std::span<const Batch> batches) {
  return told_apart([&] { return state_->learn(batches); });
}

StemErrors Trainer::judge(const Batch& batch) const {
  return told_apart([&] { return state_->judge(batch); });
}

Checkpoint Trainer::network() const {
  Checkpoint checkpoint{trained_network, state_->arguments, {}};
  store(checkpoint, "", tensors_of(state_->average), torch::kFloat16);
  return checkpoint;
}

std::vector<std::pair<std::string, Tensor>> Trainer::State::moments(const std::vector<Tensor>& of) const {
  std::vector<std::pair<std::string, Tensor>> named;
  const auto names = network->named_parameters();
  for (std::size_t i = 0; i < of.size(); ++i) named.emplace_back(names[i].key(), of[i]);
  return named;
}

Checkpoint Trainer::state() const {
  const auto& s = *state_;
  Checkpoint checkpoint{training_state, s.arguments, {}};
  checkpoint.arguments["step"] = {s.step};
  store(checkpoint, "network.", tensors_of(s.network), torch::kFloat32);
  store(checkpoint, "average.", tensors_of(s.average), torch::kFloat32);
  store(checkpoint, "first.", s.moments(s.first_moments), torch::kFloat32);
  store(checkpoint, "second.", s.moments(s.second_moments), torch::kFloat32);
  return checkpoint;
}

void Trainer::resume(const Checkpoint& state) {
  auto& s = *state_;
  const auto step = state.arguments.find("step");
  const auto* count = step == state.arguments.end() ? nullptr : std::get_if<std::int64_t>(&step->second.data);
  if (state.architecture != training_state || count == nullptr || *count < 0)
    throw Error(Error::Kind::invalid_data, "is no training state");
  require_same(separation::networks::arguments_of(separation::networks::band_unet_plan(state.arguments)), s.arguments);
  separation::networks::Weights weights(state, s.device);
  take(weights, "network.", tensors_of(s.network));
  take(weights, "average.", tensors_of(s.average));
  take(weights, "first.", s.moments(s.first_moments));
  take(weights, "second.", s.moments(s.second_moments));
  weights.check_all_taken();
  s.step = *count;
}

}  // namespace sfa::training
