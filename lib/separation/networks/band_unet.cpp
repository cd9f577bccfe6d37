#include "band_unet.hpp"

#include <algorithm>
#include <array>

#include "arguments.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::separation::networks {

using torch::Tensor;
namespace nn = torch::nn;

namespace {

constexpr std::size_t most_sources = 64, most_levels = 10;
constexpr std::int64_t most_weights = std::int64_t{1} << 28;  // 1 GiB

/// How many weights the convolutions of a plan have, nearly.
std::int64_t weights_of(const BandUNetPlan& plan) {
  const auto deep = plan.channels.back(), all = deep * (plan.transform.bands >> (plan.channels.size() - 1));
  std::int64_t count = plan.blocks * 10 * deep * deep + plan.mixes * plan.mix * (2 * all + 3 * plan.mix_depth * plan.mix);
  for (std::size_t i = 0; i + 1 < plan.channels.size(); ++i) count += plan.channels[i] * (18 * plan.channels[i] + 11 * plan.channels[i + 1]);
  return count;
}

void check(const BandUNetPlan& plan) {
  const auto refuse = [](const std::string& why) { throw Error(Error::Kind::invalid_data, "BandUNet: " + why); };
  if (plan.sources.size() > most_sources) refuse("too many sources");
  if (plan.channels.size() > most_levels || plan.transform.bands % (1 << (plan.channels.size() - 1)) != 0)
    refuse("its bands cannot be halved at each level");
  if (weights_of(plan) > most_weights) refuse("it is too large");
  try {
    (void)window_pair(plan.transform);
    (void)band_layout(plan.transform.size_frames / 2 + 1, plan.transform.bands);
  } catch (const Error& error) {
    refuse(error.what());
  }
}

}  // namespace

BandUNetPlan band_unet_plan(const ValueMap& values) {
  const Arguments arguments(values);
  BandUNetPlan plan;
  if (auto sources = arguments.texts("sources"); !sources.empty()) plan.sources = std::move(sources);
  plan.rate = arguments.integer("samplerate", 44100, 8000, 192000);
  plan.transform.size_frames = static_cast<int>(arguments.integer("nfft", 4096, 64, 1 << 16));
  plan.transform.hop_frames = static_cast<int>(arguments.integer("hop", 1024, 16, 1 << 15));
  plan.transform.bands = static_cast<int>(arguments.integer("bands", plan.transform.bands, 2, 1 << 12));
  plan.causal = arguments.flag("causal", false);
  plan.transform.low_delay = plan.causal;
  plan.complex_masks = arguments.flag("complex_masks", false);
  if (const auto channels = arguments.numbers("channels"); !channels.empty()) {
    plan.channels.clear();
    for (const double count : channels) {
      if (!(count >= 1 && count <= 1024)) throw Error(Error::Kind::invalid_data, "BandUNet: channels make no sense");
      plan.channels.push_back(static_cast<std::int64_t>(count));
    }
  }
  plan.blocks = arguments.integer("blocks", plan.blocks, 0, 64);
  plan.mixes = arguments.integer("mixes", plan.mixes, 0, 16);
  plan.mix = arguments.integer("mix", plan.mix, 1, 4096);
  plan.mix_depth = arguments.integer("mix_depth", plan.mix_depth, 0, 64);
  check(plan);
  return plan;
}

ValueMap arguments_of(const BandUNetPlan& plan) {
  ValueList sources, channels;
  for (const auto& source : plan.sources) sources.push_back({source});
  for (const auto count : plan.channels) channels.push_back({count});
  return {{"sources", {sources}},
          {"samplerate", {plan.rate}},
          {"audio_channels", {std::int64_t{2}}},
          {"nfft", {std::int64_t{plan.transform.size_frames}}},
          {"hop", {std::int64_t{plan.transform.hop_frames}}},
          {"bands", {std::int64_t{plan.transform.bands}}},
          {"channels", {channels}},
          {"blocks", {plan.blocks}},
          {"mixes", {plan.mixes}},
          {"mix", {plan.mix}},
          {"mix_depth", {plan.mix_depth}},
          {"causal", {plan.causal}},
          {"complex_masks", {plan.complex_masks}}};
}

namespace {

nn::Conv2d bare(const ConvolutionImpl::Options& o, bool bias) {
  const auto ahead = o.causal ? 0 : (o.time - 1) * o.dilation / 2;
  return nn::Conv2d(nn::Conv2dOptions(o.in, o.out, {o.time, o.bands})
                        .stride({1, o.stride})
                        .dilation({o.dilation, 1})
                        .padding({ahead, o.bands / 2})
                        .bias(bias));
}

}  // namespace

ConvolutionImpl::ConvolutionImpl(const Options& o) : options_(o) {
  conv = register_module("conv", bare(o, false));
  norm = register_module("norm", nn::BatchNorm2d(nn::BatchNorm2dOptions(o.out).momentum(0.02)));
}

Tensor ConvolutionImpl::next_frame(const Tensor& x, BandUNetState::Past& past) {
  std::vector<Tensor> seen;  // the few that one frame needs: no more is moved
  for (std::int64_t i = 0; i + 1 < options_.time; ++i)
    seen.push_back(past.frames.narrow(2, (past.oldest + i * options_.dilation) % reach(), 1));
  seen.push_back(x);
  const auto together = torch::cat(seen, 2).contiguous(torch::MemoryFormat::ChannelsLast);
  past.frames.narrow(2, past.oldest, 1).copy_(x);
  past.oldest = (past.oldest + 1) % reach();
  const std::array<std::int64_t, 2> stride{1, options_.stride}, padding{0, options_.bands / 2};
  return torch::conv2d(together, conv->weight, conv->bias, stride, padding);
}

Tensor ConvolutionImpl::next_frames(const Tensor& x, BandUNetState::Past& past) {
  const auto later = past.frames.narrow(2, past.oldest, reach() - past.oldest);
  const auto all = torch::cat({later, past.frames.narrow(2, 0, past.oldest), x}, 2).contiguous(torch::MemoryFormat::ChannelsLast);
  past.frames = all.narrow(2, all.size(2) - reach(), reach()).clone();
  past.oldest = 0;
  return conv(all);
}

Tensor ConvolutionImpl::forward(Tensor x, BandUNetState::Past* past) {
  if (!options_.causal || reach() == 0) {
    x = conv(x);
  } else if (past == nullptr) {
    x = conv(torch::constant_pad_nd(x, {0, 0, reach(), 0}));
  } else {
    if (!past->frames.defined())
      past->frames = torch::empty({x.size(0), x.size(1), reach(), x.size(3)}, x.options(), torch::MemoryFormat::ChannelsLast).zero_();
    x = x.size(2) == 1 ? next_frame(x, *past) : next_frames(x, *past);
  }
  if (!folded_) x = norm(x);
  return options_.rectify ? torch::relu_(x) : x;
}

void ConvolutionImpl::fold_norm() {
  const torch::NoGradGuard guard;
  const auto scale = norm->weight / (norm->running_var + norm->options.eps()).sqrt();
  const auto folded = bare(options_, true);
  // Laid out as the frames are: with few of them, most of the time would go into turning weights around.
  const auto weight = conv->weight * scale.reshape({-1, 1, 1, 1});
  folded->weight.set_data(weight.contiguous(torch::MemoryFormat::ChannelsLast));
  folded->bias.copy_(norm->bias - norm->running_mean * scale);
  conv = replace_module("conv", folded);
  folded_ = true;
}

Convolution BandUNetImpl::convolution(const std::string& name, ConvolutionImpl::Options options) {
  options.causal = plan_.causal;
  all_.push_back(register_module(name, Convolution(options)));
  return all_.back();
}

namespace {

/// A residual branch that begins as nothing.
void silence(const Convolution& last) { nn::init::zeros_(last->norm->weight); }

std::int64_t dilation_of(std::int64_t index) { return std::int64_t{1} << (index % 6); }

}  // namespace

void BandUNetImpl::add_block(std::int64_t index) {
  const auto name = "block" + std::to_string(index);
  const auto deep = plan_.channels.back();
  blocks_.emplace_back(convolution(name + "_in", {.in = deep, .out = deep, .dilation = dilation_of(index)}),
                       convolution(name + "_out", {.in = deep, .out = deep, .time = 1, .bands = 1, .rectify = false}));
  silence(blocks_.back().second);
}

void BandUNetImpl::add_mix(std::int64_t index) {
  const auto name = "mix" + std::to_string(index);
  const auto all = plan_.channels.back() * (plan_.transform.bands >> (plan_.channels.size() - 1));
  Mix mix;
  mix.gather = convolution(name + "_gather", {.in = all, .out = plan_.mix, .time = 1, .bands = 1});
  for (std::int64_t i = 0; i < plan_.mix_depth; ++i) {
    mix.over_time.push_back(convolution(name + "_time" + std::to_string(i),
                                        {.in = plan_.mix, .out = plan_.mix, .bands = 1, .dilation = dilation_of(i)}));
  }
  mix.spread = convolution(name + "_spread", {.in = plan_.mix, .out = all, .time = 1, .bands = 1, .rectify = false});
  silence(mix.spread);
  mixes_.push_back(std::move(mix));
}

BandUNetImpl::BandUNetImpl(const BandUNetPlan& plan) : plan_(plan) {
  const auto& channels = plan.channels;
  const auto levels = channels.size() - 1;
  const auto deep = channels.back();
  const std::int64_t bands = plan.transform.bands, deep_bands = bands >> levels;
  input_ = convolution("input", {.in = BandTransform::features, .out = channels[0]});
  place_ = register_parameter("place", torch::zeros({1, channels[0], 1, bands}));
  deep_place_ = register_parameter("deep_place", torch::zeros({1, deep, 1, deep_bands}));
  for (std::size_t i = 0; i < levels; ++i) {
    encoders_.push_back(convolution("encoder" + std::to_string(i), {.in = channels[i], .out = channels[i]}));
    downs_.push_back(convolution("down" + std::to_string(i), {.in = channels[i], .out = channels[i + 1], .stride = 2}));
  }
  for (std::int64_t j = 0; j < plan.blocks; ++j) add_block(j);
  for (std::int64_t j = 0; j < plan.mixes; ++j) add_mix(j);
  for (std::size_t i = levels; i-- > 0;) {
    ups_.push_back(convolution("up" + std::to_string(i), {.in = channels[i + 1], .out = 2 * channels[i], .time = 1, .bands = 1}));
    decoders_.push_back(convolution("decoder" + std::to_string(i), {.in = channels[i], .out = channels[i]}));
  }
  const auto sources = static_cast<std::int64_t>(plan.sources.size());
  output_ = register_module("output", nn::Conv2d(nn::Conv2dOptions(channels[0], sources * (plan.complex_masks ? 4 : 2), 1)));
}

/// Hands each convolution its own past, in the order in which they are called.
struct BandUNetImpl::Pass {
  BandUNetState* state;
  std::size_t next = 0;
  Tensor operator()(Convolution& convolution, const Tensor& x) {
    if (state == nullptr) return convolution(x);
    if (state->past.size() <= next) state->past.resize(next + 1);
    return convolution(x, &state->past[next++]);
  }
};

namespace {

/// (b, c, t, f) with channels last -> (b, c f, t, 1) of the same memory, and back.
Tensor all_bands_as_channels(const Tensor& x) {
  return x.permute({0, 2, 3, 1}).reshape({x.size(0), x.size(2), 1, -1}).permute({0, 3, 1, 2});
}
Tensor split_into_bands(const Tensor& x, std::int64_t channels) {
  return x.permute({0, 2, 3, 1}).reshape({x.size(0), x.size(2), -1, channels}).permute({0, 3, 1, 2});
}

}  // namespace

Tensor BandUNetImpl::mixed(std::size_t index, const Tensor& x, Pass& pass) {
  auto& [gather, over_time, spread] = mixes_[index];
  auto y = pass(gather, all_bands_as_channels(x));
  for (auto& convolution : over_time) y = y + pass(convolution, y);
  return x + split_into_bands(pass(spread, y), x.size(1));
}

/// The blocks, in as many lots of equal size as there are mixes, a mix after each.
Tensor BandUNetImpl::deepest(Tensor x, Pass& pass) {
  const auto lots = std::max<std::size_t>(mixes_.size(), 1);
  for (std::size_t lot = 0; lot < lots; ++lot) {
    for (auto j = lot * blocks_.size() / lots; j < (lot + 1) * blocks_.size() / lots; ++j)
      x = x + pass(blocks_[j].second, pass(blocks_[j].first, x));
    if (!mixes_.empty()) x = mixed(lot, x, pass);
  }
  return x;
}

Tensor BandUNetImpl::forward(const Tensor& features, BandUNetState* state) {
  Pass pass{state};
  std::vector<Tensor> skips;
  auto x = pass(input_, features);
  x = x + place_.to(x.scalar_type());
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    skips.push_back(pass(encoders_[i], x));
    x = pass(downs_[i], skips.back());
  }
  x = deepest(x + deep_place_.to(x.scalar_type()), pass);
  for (std::size_t i = 0; i < ups_.size(); ++i) {
    const auto& skip = skips[skips.size() - 1 - i];
    x = pass(decoders_[i], split_into_bands(pass(ups_[i], x), skip.size(1)) + skip);
  }
  const auto sources = static_cast<std::int64_t>(plan_.sources.size());
  const auto logits = output_(x).to(torch::kFloat32).permute({0, 2, 3, 1});
  const auto split = logits.reshape({logits.size(0), logits.size(1), logits.size(2), -1, sources, 2});
  const auto real = torch::softmax(split.select(3, 0), 3);
  if (!plan_.complex_masks) return real;
  const auto imaginary = split.select(3, 1);
  return torch::stack({real, imaginary - imaginary.mean(3, true)}, -1);
}

void BandUNetImpl::fold_norms() {
  for (auto& convolution : all_) convolution->fold_norm();
}

}  // namespace sfa::separation::networks
