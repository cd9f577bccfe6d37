#include "sfa/engine/voice.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sfa/dsp/hermite.hpp"
#include "sfa/dsp/lanes.hpp"

namespace sfa::engine {
namespace {

/// A gliding cutoff moves so often, in frames of its voice.
constexpr Frames glide_frames = 16;

constexpr int hermite_before = 1, hermite_taps = 4;

double rise(double frames, int fade) { return std::min(1.0, frames / (fade + 1.0)); }

}  // namespace

Voice::Scratch::Scratch() {
  const double fastest = dsp::SincKernel::fastest;
  const auto most =
      static_cast<std::size_t>(fastest * (piece_frames + dsp::SincKernel::base_taps) + 2 * dsp::lane_count);
  for (auto& edge : edge_) edge.resize(most);
}

void Voice::start(const Trigger& trigger, const Sample& sample, Frames release, SampleRate rate) noexcept {
  slot_ = trigger.sample;
  audio_ = sample.audio;
  slice_ = intersect(sample.range, audio_.range());
  fade_in_frames_ = sample.fade_in_frames;
  fade_out_frames_ = sample.fade_out_frames;
  speed_ = trigger.speed;
  kernel_ = trigger.kernel;
  reverse_ = trigger.reverse;
  gain_ = trigger.gain;
  sides_ = equal_power(static_cast<double>(trigger.pan));
  panned_ = audio_.channels() <= 2;
  envelope_ = {.attack_frames = trigger.attack_frames,
               .release_at = trigger.gate_frames > 0 ? trigger.gate_frames : dsp::Envelope::never,
               .release_frames = trigger.release_frames > 0 ? trigger.release_frames : release};
  taken_ = {};
  filter_ = trigger.filter;
  rate_ = rate;
  lane_ = trigger.lane;
  mute_group_ = trigger.mute_group;
  level_ = std::numeric_limits<float>::infinity();
  const bool playable = audio_.channels() >= 1 && audio_.channels() <= max_channels;
  auto ungated = trigger;
  ungated.gate_frames = 0;
  ungated_ = playable ? length_frames(ungated, slice_.size(), release) : 0;
  length_ = std::min(ungated_, envelope_.end());
  done_ = 0;
  if (!filter_) return;
  for (auto& state : filters_) state.reset();
  coefficients_ = coefficients(0);
}

void Voice::release() noexcept {
  envelope_.release_at = std::min(envelope_.release_at, done_);
  length_ = std::min(length_, envelope_.end());
}

void Voice::change_tempo(TempoRatio from, TempoRatio to) noexcept {
  if (envelope_.release_at == dsp::Envelope::never || released_for() >= 0) return;
  envelope_.release_at = done_ + frames_at(to, envelope_.release_at - done_, from);
  length_ = std::min({ungated_, envelope_.end(), taken_.end()});
}

void Voice::fade(Frames frames) noexcept {
  if (fading()) return;
  taken_ = {.attack_frames = 0, .release_at = done_, .release_frames = frames};
  length_ = done_ == 0 ? 0 : std::min(length_, taken_.end());
}

/// Frames from the slice's begin, at an output frame counted from the start.
double Voice::offset(Frames frame) const noexcept {
  const double travelled = static_cast<double>(frame) * speed_;
  return reverse_ ? static_cast<double>(slice_.size() - 1) - travelled : travelled;
}

void Voice::fill_gains(std::span<float> gains) const noexcept {
  const auto size = static_cast<double>(slice_.size());
  const auto count = static_cast<Frames>(gains.size());
  const double first = offset(done_), last = offset(done_ + count - 1);
  const bool past_fade_in = rise(std::min(first, last) + 1.0, fade_in_frames_) == 1.0;
  const bool before_fade_out = rise(size - std::max(first, last), fade_out_frames_) == 1.0;
  if (past_fade_in && before_fade_out && envelope_.is_flat(done_, count) && taken_.is_flat(done_, count)) {
    std::ranges::fill(gains, gain_);
    return;
  }
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const Frames frame = done_ + static_cast<Frames>(i);
    const double at = offset(frame);
    const double gain = rise(at + 1.0, fade_in_frames_) * rise(size - at, fade_out_frames_) * envelope_.gain(frame) *
                        taken_.gain(frame);
    gains[i] = static_cast<float>(gain) * gain_;
  }
}

void Voice::find_path(int count, Scratch& scratch) const noexcept {
  const double low = std::floor(std::max(0.0, std::min(offset(done_), offset(done_ + count - 1))));
  scratch.begin_ = slice_.begin + static_cast<Frames>(low);
  const double step = reverse_ ? -speed_ : speed_;
  const double origin = reverse_ ? static_cast<double>(slice_.size() - 1) : 0.0;
  const auto first = static_cast<double>(done_);
  for (int i = 0; i < count; ++i) {
    // The same number as offset(done_ + i): the difference of `low` is exact.
    const double at = std::max(0.0, origin + (first + i) * step - low);
    const auto index = static_cast<std::size_t>(i);
    scratch.whole_[index] = static_cast<std::int32_t>(at);
    scratch.part_[index] = static_cast<float>(at - scratch.whole_[index]);
  }
}

/// At the path's places, between frames. What lies outside the sample is silence.
void Voice::interpolate(int first, int channels, std::size_t count, Scratch& scratch) const noexcept {
  const std::span whole{scratch.whole_.data(), count};
  const std::span part{scratch.part_.data(), count};
  const int before = kernel_ != nullptr ? kernel_->before() : hermite_before;
  const int taps = kernel_ != nullptr ? kernel_->taps() : hermite_taps;
  const FrameRange needed{scratch.begin_ - before,
                          scratch.begin_ - before + std::max(whole.front(), whole.back()) + taps};
  std::array<const float*, 2> from{};
  for (int c = 0; c < channels; ++c) {
    const auto index = static_cast<std::size_t>(c);
    const auto samples = audio_.channel(first + c);
    if (needed.begin >= 0 && needed.end <= audio_.frames()) {
      from[index] = samples.data() + scratch.begin_;
      continue;
    }
    auto& edge = scratch.edge_[index];
    const auto there = intersect(needed, audio_.range());
    std::fill_n(edge.begin(), needed.size(), 0.0F);
    std::copy_n(samples.begin() + there.begin, there.size(), edge.begin() + (there.begin - needed.begin));
    from[index] = edge.data() + before;
  }
  auto& [left, right] = scratch.made_;
  if (kernel_ == nullptr) {
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
      for (std::size_t i = 0; i < count; ++i) {
        const float* const p = from[c] + whole[i];
        scratch.made_[c][i] = dsp::hermite(p[-1], p[0], p[1], p[2], part[i]);
      }
    }
  } else if (channels == 1) {
    kernel_->interpolate(from[0], whole, part, {left.data(), count});
  } else {
    kernel_->interpolate(from[0], from[1], whole, part, {left.data(), count}, {right.data(), count});
  }
}

/// At speed 1: the samples themselves.
void Voice::copy(std::span<const float> samples, std::span<float> to) const noexcept {
  const auto count = static_cast<std::ptrdiff_t>(to.size());
  if (reverse_)
    std::reverse_copy(samples.begin() + slice_.end - done_ - count, samples.begin() + slice_.end - done_, to.begin());
  else
    std::copy_n(samples.begin() + slice_.begin + done_, count, to.begin());
}

void Voice::read(int first, int channels, std::size_t count, Scratch& scratch) const noexcept {
  if (speed_ != 1.0) return interpolate(first, channels, count, scratch);
  for (int c = 0; c < channels; ++c)
    copy(audio_.channel(first + c), {scratch.made_[static_cast<std::size_t>(c)].data(), count});
}

dsp::SvfCoefficients Voice::coefficients(Frames frame) const noexcept {
  double cutoff = filter_->cutoff_hz;
  if (filter_->end_hz > 0.0)
    cutoff *= std::pow(filter_->end_hz / filter_->cutoff_hz, static_cast<double>(frame) / static_cast<double>(length_));
  return dsp::SvfCoefficients::make(filter_->kind, cutoff, filter_->q, rate_);
}

/// A glide goes on from where it was for the channels before: all see the same cutoffs.
void Voice::filter(int first, int channels, std::size_t count, Scratch& scratch) noexcept {
  const auto index = static_cast<std::size_t>(first);
  for (std::size_t begin = 0; begin < count;) {
    std::size_t end = count;
    if (filter_->end_hz > 0.0) {
      const Frames frame = done_ + static_cast<Frames>(begin);
      end = std::min(count, begin + static_cast<std::size_t>(glide_frames - frame % glide_frames));
      if (frame % glide_frames == 0 || first > 0) coefficients_ = coefficients(frame / glide_frames * glide_frames);
    }
    const std::span left{scratch.made_[0].data() + begin, end - begin};
    if (channels == 1)
      filters_[index].process(left, coefficients_);
    else
      dsp::StateVariableFilter::process(filters_[index], left, filters_[index + 1],
                                        {scratch.made_[1].data() + begin, end - begin}, coefficients_);
    begin = end;
  }
}

void Voice::render(const Block& out, Scratch& scratch) noexcept {
  const auto frames = std::min(out.frames, left());
  const auto count = static_cast<std::size_t>(frames);
  if (frames <= 0) return;
  fill_gains({scratch.gains_.data(), count});
  if (speed_ != 1.0) find_path(static_cast<int>(count), scratch);
  level_ = 0.0F;
  for (int first = 0; first < audio_.channels(); first += 2) {
    const int channels = std::min(2, audio_.channels() - first);
    read(first, channels, count, scratch);
    if (filter_) filter(first, channels, count, scratch);
    for (int c = 0; c < channels; ++c) {
      auto& samples = scratch.made_[static_cast<std::size_t>(c)];
      for (std::size_t i = 0; i < count; ++i) samples[i] *= scratch.gains_[i];
      level_ = std::max(level_, dsp::highest({samples.data(), count}));
      for_each_target(first + c, audio_.channels(), out.channels, [&](int target) {
        const bool panned = panned_ && out.channels >= 2;
        const float side = !panned ? 1.0F : target == 0 ? sides_.left : sides_.right;
        float* const sum = out.channel(target).data();
        for (std::size_t i = 0; i < count; ++i) sum[i] += samples[i] * side;
      });
    }
  }
  done_ += frames;
}

}  // namespace sfa::engine
