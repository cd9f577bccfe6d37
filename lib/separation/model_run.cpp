#include "sfa/separation/model_run.hpp"

#include <algorithm>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/stream_resampler.hpp"
#include "sliding_sound.hpp"

namespace sfa::separation {
namespace {

using Clock = std::chrono::steady_clock;

std::string description(const NetworkInfo& info) {
  return std::string(info.device == Device::cuda ? "cuda" : "cpu") +
         (info.precision == Precision::bfloat16 ? " bfloat16" : " float32");
}

/// The reference takes a bag's segment where it is longer than the network's own and the network allows it
/// (demucs/apply.py: BagOfModels).
SegmentOptions options_for(const ModelMember& member, const NetworkInfo& info) {
  auto options = member.segments;
  const auto& bag = member.bag_segment_seconds;
  if (!options.segment_seconds && bag && !info.fixed_segment && *bag > to_seconds(info.segment_frames, info.rate).value)
    options.segment_seconds = bag;
  return options;
}

}  // namespace

struct ModelRun::Job {
  std::size_t member, group;
  KeptSources kept{};
};

struct ModelRun::Running {
  Running(Network& network, Frames frames, const SegmentOptions& options, BlockSource source)
      : segmenter(network, frames, options), sound(std::move(source)) {}
  Segmenter segmenter;
  SlidingSound sound;
  Clock::time_point saved = Clock::now();
};

ModelRun::ModelRun(std::vector<ModelMember> members, const NetworkInput& input, OpenKept open, Progress progress,
                   std::chrono::milliseconds save_every)
    : members_(std::move(members)),
      input_(input),
      open_(std::move(open)),
      progress_(std::move(progress)),
      save_every_(save_every) {
  for (std::size_t m = 0; m < members_.size(); ++m) {
    for (std::size_t g = 0; g < input_.groups().size(); ++g) jobs_.push_back({m, g});
    for (std::size_t s = 0; s < members_[m].weights.size(); ++s)
      if (members_[m].weights[s] > 0.0 && std::ranges::find(wanted_, s) == wanted_.end()) wanted_.push_back(s);
  }
  std::ranges::sort(wanted_);
}

ModelRun::~ModelRun() = default;

std::string ModelRun::made_with() const {
  return jobs_.empty() || !jobs_.front().kept.stems ? "" : jobs_.front().kept.stems->made_with();
}

/// What was there already when it was opened is no work, and does not count for how long the rest takes.
void ModelRun::tell(Frames more) const {
  const auto work = static_cast<Frames>(jobs_.size()) * input_.frames() - found_;
  const auto done = std::min(made_ - found_ + more, work);
  if (done < work) report(progress_, static_cast<double>(done) / static_cast<double>(work));  // its reader tells the end
}

void ModelRun::start(Job& job) {
  if (!network_ || network_of_ != job.member) {
    network_.reset();
    network_ = members_[job.member].make();
    network_of_ = job.member;
    const auto& info = network_->info();
    if (info.rate != input_.network_rate() || info.channels != input_.network_channels() ||
        info.sources.size() != members_[job.member].weights.size())
      throw Error(Error::Kind::unsupported, info.architecture + ": is not as its checkpoint says");
  }
  auto& kept = *job.kept.stems;
  running_ = std::make_unique<Running>(*network_, input_.frames(), options_for(members_[job.member], network_->info()),
                                       input_.open(job.group));
  if (kept.done() == 0) return;
  try {
    running_->segmenter.restore(kept.done(), kept.state());
  } catch (const Error&) {
    made_ -= kept.done();
    found_ -= kept.done();
    kept.restart();
  }
}

void ModelRun::step(Job& job) {
  auto& kept = *job.kept.stems;
  auto& segmenter = running_->segmenter;
  // How many frames a step will have made is known when it has made them; a segment's length is near.
  const auto expected = std::min(network_->info().segment_frames, input_.frames() - kept.done());
  const auto within = [&](double done) {
    tell(static_cast<Frames>(done * static_cast<double>(expected)));
    return true;
  };
  const auto stems = segmenter.next(std::ref(running_->sound), progress_ ? Progress(within) : Progress());
  std::vector<AudioBuffer> wanted;
  for (const auto source : job.kept.sources) {
    wanted.push_back(stems.at(source));
    if (!all_finite(wanted.back()))
      throw Error(Error::Kind::invalid_data, network_->info().architecture + ": made what is no number of this sound");
  }
  kept.append(wanted);
  made_ += wanted.front().frames();
  tell(0);
  if (segmenter.finished()) {
    running_.reset();
    kept.finish(description(network_->info()));
  } else if (Clock::now() - running_->saved >= save_every_) {
    kept.save(segmenter.save());
    running_->saved = Clock::now();
  }
}

void ModelRun::advance(Job& job, Frames until) {
  if (!job.kept.stems) {
    const auto waiting = [&](double done) {
      tell(static_cast<Frames>(done * static_cast<double>(input_.frames())));
      return true;
    };
    job.kept = open_(job.member, job.group, waiting);
    made_ += job.kept.stems->done();
    found_ += job.kept.stems->done();
  }
  while (!job.kept.stems->finished() && job.kept.stems->done() < until) {
    if (!running_) start(job);
    step(job);
  }
  const bool last_of_member = job.group + 1 == input_.groups().size();
  if (job.kept.stems->finished() && last_of_member && network_of_ == job.member) network_.reset();
}

/// apply.py: the weighted sum, in the order of the members.
void ModelRun::add(const Job& job, FrameRange range, std::vector<AudioBuffer>& stems) const {
  const auto all = job.kept.stems->read(range);
  const auto& group = input_.groups()[job.group];
  for (std::size_t w = 0; w < wanted_.size(); ++w) {
    const auto weight = members_[job.member].weights[wanted_[w]];
    if (weight <= 0.0) continue;
    double total = 0.0;
    for (const auto& member : members_) total += member.weights[wanted_[w]];
    const auto place = std::ranges::find(job.kept.sources, wanted_[w]) - job.kept.sources.begin();
    const auto first = static_cast<int>(place) * input_.network_channels();
    AudioBuffer made(input_.channels(), range.size(), input_.network_rate());
    const auto offset = all.channel(first).data();
    from_network({offset, input_.network_channels(), range.size(), range.size(), input_.network_rate()}, group, made);
    for (int c = group.first; c < group.first + group.count; ++c) {
      const auto from = made.channel(c);
      const auto to = stems[w].channel(c);
      for (std::size_t i = 0; i < to.size(); ++i) to[i] += static_cast<float>(weight / total) * from[i];
    }
  }
}

std::vector<AudioBuffer> ModelRun::read(FrameRange range) {
  for (auto& job : jobs_) advance(job, &job == &jobs_.back() ? range.end : input_.frames());
  std::vector<AudioBuffer> stems(wanted_.size(), AudioBuffer(input_.channels(), range.size(), input_.network_rate()));
  for (const auto& job : jobs_) add(job, range, stems);
  for (auto& stem : stems) {
    for (std::size_t g = 0; g < input_.groups().size(); ++g) {
      const auto& norm = input_.norm(g);
      const auto& group = input_.groups()[g];
      for (int c = group.first; c < group.first + group.count; ++c) norm.undo(stem.channel(c));
    }
  }
  return stems;
}

namespace {

/// The stems' channels one after another; shorter than `range` where the sound ends.
AudioBuffer stacked(ModelRun& run, const NetworkInput& input, FrameRange range) {
  range = intersect(range, {0, input.frames()});
  const int channels = input.channels();
  AudioBuffer all(static_cast<int>(run.stems()) * channels, range.size(), input.network_rate());
  if (range.empty()) return all;
  int to = 0;
  for (const auto& stem : run.read(range))
    for (int c = 0; c < channels; ++c) std::ranges::copy(stem.channel(c), all.channel(to++).begin());
  return all;
}

}  // namespace

void give_all(ModelRun& run, const NetworkInput& input, const BlockSink& sink) {
  constexpr Frames block = 1 << 16;
  const int channels = input.channels();
  Frames at = 0;
  const auto next = [&](Frames frames) {
    auto all = stacked(run, input, {at, at + frames});
    at += all.frames();
    return all;
  };
  dsp::StreamResampler back(static_cast<int>(run.stems()) * channels, input.network_rate(), input.sound_rate(), next);
  for (Frames done = 0; done < input.sound_frames(); done += block) {
    const Frames frames = std::min(block, input.sound_frames() - done);
    const auto all = back.read(frames);
    std::vector<AudioBuffer> stems(run.stems(), AudioBuffer(channels, frames, input.sound_rate()));
    int from = 0;
    for (auto& stem : stems)  // the last frame may be missing after two changes of the rate
      for (int c = 0; c < channels; ++c) std::ranges::copy(all.channel(from++), stem.channel(c).begin());
    sink(stems);
  }
}

}  // namespace sfa::separation
