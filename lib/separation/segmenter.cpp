#include "sfa/separation/segmenter.hpp"

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

namespace sfa::separation {
namespace {

// apply.py: rises to the middle and falls again, 1 at its highest, never 0.
std::vector<float> triangle(Frames size) {
  std::vector<float> weights(static_cast<std::size_t>(size));
  const Frames half = size / 2, highest = size - half;
  for (Frames i = 0; i < size; ++i) {
    const auto height = i < half ? i + 1 : size - i;
    weights[static_cast<std::size_t>(i)] = static_cast<float>(height) / static_cast<float>(highest);
  }
  return weights;
}

constexpr double longest_segment_seconds = 120.0;

Frames segment_frames(const NetworkInfo& info, const SegmentOptions& options) {
  if (!options.segment_seconds) return info.segment_frames;
  const double frames = std::floor(*options.segment_seconds * info.rate.hz);
  if (!(frames >= 1.0 && frames <= longest_segment_seconds * info.rate.hz))
    throw Error(Error::Kind::invalid_argument, "a segment must last between one frame and two minutes");
  if (info.fixed_segment && frames > static_cast<double>(info.segment_frames))
    throw Error(Error::Kind::invalid_argument, "the network takes segments of at most " +
                                                   std::to_string(to_seconds(info.segment_frames, info.rate).value) + " s");
  return static_cast<Frames>(frames);
}

}  // namespace

Segmenter::Segmenter(Network& network, Frames frames, const SegmentOptions& options)
    : network_(network), frames_(frames), segment_(segment_frames(network.info(), options)) {
  if (frames < 1) throw Error(Error::Kind::invalid_argument, "there is no sound to separate");
  if (!(options.overlap >= 0.0 && options.overlap <= 0.95))
    throw Error(Error::Kind::invalid_argument, "segments overlap by 0 to 0.95");
  if (options.shifts < 0 || options.shifts > 64) throw Error(Error::Kind::invalid_argument, "0 to 64 shifts");
  stride_ = std::max<Frames>(1, static_cast<Frames>((1.0 - options.overlap) * static_cast<double>(segment_)));
  triangle_ = triangle(segment_);
  const auto longest = static_cast<std::uint64_t>(network.info().rate.hz / 2);
  const auto sources = network.info().sources.size();
  for (int shift = 0; shift < std::max(1, options.shifts); ++shift) {
    Pass pass;
    if (options.shifts > 0)
      pass.begin = -static_cast<Frames>(Random(options.seed, static_cast<std::uint64_t>(shift)).below(longest + 1));
    pass.sums.assign(sources, AudioBuffer(network.info().channels, 0, network.info().rate));
    passes_.push_back(std::move(pass));
  }
}

void Segmenter::advance(Pass& pass, const SoundWindow& sound, const Progress& progress) {
  const Frames size = std::min(segment_, frames_ - pass.begin);
  const Frames valid = network_.info().fixed_segment ? segment_ : network_.valid_length(size);
  const Frames before = (valid - size) / 2;
  const auto first = pass.begin - before;
  const auto stems = network_.run(sound({first, first + valid}), progress);

  const Frames from = std::max(pass.begin, done_), to = pass.begin + size;  // what of it counts
  const auto held = static_cast<Frames>(pass.weights.size());
  if (to - done_ > held) {
    pass.weights.resize(static_cast<std::size_t>(to - done_), 0.0F);
    for (auto& sum : pass.sums) {
      AudioBuffer longer(sum.channels(), to - done_, sum.rate());
      for (int c = 0; c < sum.channels(); ++c) std::ranges::copy(sum.channel(c), longer.channel(c).begin());
      sum = std::move(longer);
    }
  }
  for (Frames t = from; t < to; ++t)
    pass.weights[static_cast<std::size_t>(t - done_)] += triangle_[static_cast<std::size_t>(t - pass.begin)];
  for (std::size_t s = 0; s < stems.size(); ++s) {
    for (int c = 0; c < stems[s].channels(); ++c) {
      const auto stem = stems[s].channel(c);
      const auto sum = pass.sums[s].channel(c);
      for (Frames t = from; t < to; ++t)
        sum[static_cast<std::size_t>(t - done_)] += triangle_[static_cast<std::size_t>(t - pass.begin)] *
                                                    stem[static_cast<std::size_t>(t - pass.begin + before)];
    }
  }
  pass.begin += stride_;
  pass.ready = std::clamp(pass.begin, Frames{0}, frames_);
}

std::vector<AudioBuffer> Segmenter::take(Frames frames) {
  std::vector<AudioBuffer> stems(passes_.front().sums.size(),
                                 AudioBuffer(network_.info().channels, frames, network_.info().rate));
  const float share = 1.0F / static_cast<float>(passes_.size());
  for (auto& pass : passes_) {
    const auto count = static_cast<std::size_t>(frames);
    for (std::size_t s = 0; s < stems.size(); ++s) {
      for (int c = 0; c < stems[s].channels(); ++c) {
        const auto from = pass.sums[s].channel(c);
        const auto to = stems[s].channel(c);
        for (std::size_t t = 0; t < count; ++t) to[t] += from[t] / pass.weights[t] * share;
      }
      const auto& sum = pass.sums[s];
      pass.sums[s] = AudioBuffer(sum.view().slice({frames, sum.frames()}));
    }
    pass.weights.erase(pass.weights.begin(), pass.weights.begin() + frames);
  }
  done_ += frames;
  return stems;
}

std::vector<AudioBuffer> Segmenter::next(const SoundWindow& sound, const Progress& progress) {
  const auto slowest = [&] { return std::ranges::min_element(passes_, {}, &Pass::ready); };
  while (slowest()->ready <= done_) {
    // Each pass has as far to go as the slowest: told as parts of all of them.
    advance(*slowest(), sound, progress);
  }
  return take(slowest()->ready - done_);
}

std::vector<float> Segmenter::save() const {
  std::vector<float> state;
  for (const auto& pass : passes_) {
    // A pass is told by how much it holds; where it goes on follows from that.
    state.push_back(static_cast<float>(pass.weights.size()));
    state.push_back(static_cast<float>(pass.begin - done_));
    state.insert(state.end(), pass.weights.begin(), pass.weights.end());
    for (const auto& sum : pass.sums)
      for (int c = 0; c < sum.channels(); ++c) state.insert(state.end(), sum.channel(c).begin(), sum.channel(c).end());
  }
  return state;
}

void Segmenter::restore(Frames done, const std::vector<float>& state) {
  const auto broken = [] { return Error(Error::Kind::invalid_data, "what was saved of a separation is damaged"); };
  if (done < 0 || done > frames_) throw broken();
  std::size_t at = 0;
  const auto read = [&](std::size_t count) {
    if (count > state.size() - at) throw broken();
    const auto* first = state.data() + at;
    at += count;
    return std::span(first, count);
  };
  auto passes = passes_;
  for (auto& pass : passes) {
    const auto head = read(2);
    const auto limit = static_cast<float>(2 * segment_ + stride_);
    if (!(head[0] >= 0.0F && head[0] <= limit && head[1] >= -limit && head[1] <= limit)) throw broken();
    const auto held = static_cast<std::size_t>(head[0]);
    pass.begin = done + static_cast<Frames>(head[1]);
    pass.ready = std::clamp(pass.begin, Frames{0}, frames_);
    const auto weights = read(held);
    pass.weights.assign(weights.begin(), weights.end());
    for (auto& sum : pass.sums) {
      sum = AudioBuffer(sum.channels(), static_cast<Frames>(held), sum.rate());
      for (int c = 0; c < sum.channels(); ++c) std::ranges::copy(read(held), sum.channel(c).begin());
    }
  }
  if (at != state.size()) throw broken();
  passes_ = std::move(passes);
  done_ = done;
}

}  // namespace sfa::separation
