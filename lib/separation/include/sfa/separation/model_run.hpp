// A model over a sound: each of its networks over each group of channels, one after another, so that no more than
// one network is in memory. What they make is kept outside (kept_stems.hpp) and averaged when it is read. The last
// is run only as far as is read, so that stems can be written while it goes on.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sfa/audio/progress.hpp"
#include "sfa/separation/kept_stems.hpp"
#include "sfa/separation/network.hpp"
#include "sfa/separation/network_input.hpp"
#include "sfa/separation/segmenter.hpp"

namespace sfa::separation {

/// One network of a model, needed for at least one stem.
struct ModelMember {
  std::function<std::unique_ptr<Network>()> make;  // called if something of it is still to be made
  std::vector<double> weights;                     // of its sources; 0: not wanted of it
  SegmentOptions segments;
  std::optional<double> bag_segment_seconds;       // for networks that take longer ones than their own
};

/// Some of a network's sources, in its order.
struct KeptSources {
  std::unique_ptr<KeptStems> stems;
  std::vector<std::size_t> sources;
};

/// Opens what is kept of a member and a group, all sources with a weight among it; `progress` is asked while it waits.
using OpenKept = std::function<KeptSources(std::size_t member, std::size_t group, const Progress& progress)>;

class ModelRun {
 public:
  /// All members have the same sources, and `input` is for all of them. `save_every`: what a killed run loses.
  ModelRun(std::vector<ModelMember> members, const NetworkInput& input, OpenKept open, Progress progress,
           std::chrono::milliseconds save_every = std::chrono::seconds(1));
  ~ModelRun();

  /// How many sources have a weight.
  [[nodiscard]] std::size_t stems() const { return wanted_.size(); }

  /// For each source that has a weight, in their order, the mean over the members by weight, in the sound's
  /// channels and at its level, at the network's rate; the frames of `range`, which lie in the sound.
  /// Runs what is still to be run for them. Throws what make, open and progress do, and Error::unsupported
  /// for a network that is not as its facts say.
  [[nodiscard]] std::vector<AudioBuffer> read(FrameRange range);

  /// How the first network ran: "cpu float32". Empty before the first read().
  [[nodiscard]] std::string made_with() const;

 private:
  struct Job;      // a member on a group
  struct Running;  // the job that is under way
  void advance(Job& job, Frames until);
  void start(Job& job);
  void step(Job& job);
  void add(const Job& job, FrameRange range, std::vector<AudioBuffer>& stems) const;
  void tell(Frames more) const;

  std::vector<ModelMember> members_;
  const NetworkInput& input_;
  OpenKept open_;
  Progress progress_;
  std::chrono::milliseconds save_every_;
  std::vector<std::size_t> wanted_;  // sources
  std::vector<Job> jobs_;
  std::unique_ptr<Network> network_;
  std::size_t network_of_ = 0;       // the member that it is
  std::unique_ptr<Running> running_;
  Frames made_ = 0, found_ = 0;      // of all jobs' frames: there, and there already when they were opened
};

/// All that `run` makes of `input`, block by block, at the sound's own rate and as long as it is.
void give_all(ModelRun& run, const NetworkInput& input, const BlockSink& sink);

}  // namespace sfa::separation
