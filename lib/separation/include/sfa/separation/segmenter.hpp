// A network over a sound of any length: overlapping segments, each weighted by a triangle, as the
// reference has it (demucs/apply.py: apply_model). A segment that is shorter than what the network
// takes, the last one, lies in the middle of its real neighbours. With shifts, the sound goes through
// several times, each time beginning up to half a second earlier, and the results are averaged.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/separation/network.hpp"

namespace sfa::separation {

struct SegmentOptions {
  double overlap = 0.25;                  // of a segment with the next, 0 <= overlap <= 0.95
  std::optional<double> segment_seconds{};  // none: the network's own, which a fixed segment cannot exceed
  int shifts = 0;                         // 0 to 64
  std::uint64_t seed = 0;                 // of the shifts
};

/// Gives the frames of `range` at the network's rate and in its channels, zeros where the sound is not.
/// `range` may begin before 0 and end after the sound; from call to call it moves on by less than two segments.
using SoundWindow = std::function<AudioBuffer(FrameRange range)>;

class Segmenter {
 public:
  /// A sound of `frames` >= 1. Throws Error::invalid_argument for options out of their ranges.
  Segmenter(Network& network, Frames frames, const SegmentOptions& options);

  [[nodiscard]] bool finished() const { return done_ == frames_; }
  /// So many frames have been given out.
  [[nodiscard]] Frames done() const { return done_; }

  /// Runs the network until more frames are ready, and gives their stems, from done() on. Not when finished().
  [[nodiscard]] std::vector<AudioBuffer> next(const SoundWindow& sound, const Progress& progress);

  /// All that is needed to go on in another process behind done(). restore() throws Error::invalid_data
  /// for what save() did not write for this network, sound and options.
  [[nodiscard]] std::vector<float> save() const;
  void restore(Frames done, const std::vector<float>& state);

 private:
  /// One way through the sound.
  struct Pass {
    Frames begin = 0;                // of the next segment; negative at first if shifted
    Frames ready = 0;                // frames before it are finished in `sums`
    std::vector<AudioBuffer> sums;   // for each stem, from done_ on, weighted
    std::vector<float> weights;      // their sum
  };
  void advance(Pass& pass, const SoundWindow& sound, const Progress& progress);
  [[nodiscard]] std::vector<AudioBuffer> take(Frames frames);

  Network& network_;
  Frames frames_, segment_, stride_, done_ = 0;
  std::vector<float> triangle_;
  std::vector<Pass> passes_;
};

}  // namespace sfa::separation
