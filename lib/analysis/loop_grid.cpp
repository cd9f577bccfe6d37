#include "loop_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "beat_model.hpp"
#include "beat_path.hpp"

namespace sfa::analysis {
namespace {

// How many beats loops have, and how usual that is: bars of four above all.
struct Length {
  int beats;
  double share;
};
constexpr std::array lengths{Length{2, 0.03}, Length{3, 0.005}, Length{4, 0.25},  Length{6, 0.01}, Length{8, 0.3},
                             Length{12, 0.01}, Length{16, 0.25}, Length{24, 0.01}, Length{32, 0.1}, Length{64, 0.03}};

// The tempo of loops: as that of songs, but quicker, and with less besides to tell a tempo from its double.
// Chosen on 68 cut breaks and drum loops.
constexpr double usual_bpm = 110.0, usual_octaves = 0.7, usual_weight = 0.06;

// By how much a beat's length may leave the even grid, as a part of it: people play breaks.
constexpr double play = 0.04;

// By how much all beats together may be shorter or longer than the file: a part of it, and no longer than this.
constexpr double off_part = 0.02, off_seconds = 0.12;

// A loop begins with a beat. Of files so long (in seconds) that songs are as usual as loops, it is asked for within
// this.
constexpr double long_seconds = 8.0, off_begin = 0.06;

constexpr float audible = 0.05F;

double prior(double bpm) {
  const double octaves = std::log2(bpm / usual_bpm) / usual_octaves;
  return -0.5 * usual_weight * octaves * octaves;
}

/// Beats of the path that begin inside the file, where they are strongest, by least squares on a line.
struct Line {
  double first = 0.0, length = 0.0;  // frames
  int heard = 0;
};

Line line_through(const BeatPath& path, std::span<const float> activation, std::span<const float> onsets) {
  const auto frames = static_cast<Frames>(activation.size());
  double n = 0.0, k_sum = 0.0, t_sum = 0.0, kk = 0.0, kt = 0.0;
  Line line;
  for (std::size_t i = 0; i < path.beats.size(); ++i) {
    const auto& span = path.beats[i];
    const Frames from = std::max<Frames>(0, span.begin), to = std::min(frames, span.begin + BeatEmissions::zone(span.length));
    if (from >= to) continue;
    Frames peak = from;
    float most = 0.0F;
    for (Frames frame = from; frame < to; ++frame) {
      if (activation[static_cast<std::size_t>(frame)] > activation[static_cast<std::size_t>(peak)]) peak = frame;
      most = std::max(most, onsets[static_cast<std::size_t>(frame)]);
    }
    line.heard += most >= audible ? 1 : 0;
    const auto k = static_cast<double>(i), t = static_cast<double>(peak);
    n += 1.0, k_sum += k, t_sum += t, kk += k * k, kt += k * t;
  }
  const double spread = n * kk - k_sum * k_sum;
  if (spread <= 0.0) return line;
  line.length = (n * kt - k_sum * t_sum) / spread;
  line.first = t_sum / n - line.length * k_sum / n;
  return line;
}

}  // namespace

std::optional<LoopGrid> find_loop(std::span<const float> activation, std::span<const float> onsets, double duration,
                                  const BeatOptions& options) {
  std::optional<LoopGrid> best;
  if (activation.empty() || duration <= 0.0) return best;
  constexpr double rate = BandSpectrogram::frames_per_second;
  const BeatEmissions emissions(activation);
  double best_score = -std::numeric_limits<double>::infinity();
  for (const auto& [beats, share] : lengths) {
    const double bpm = 60.0 * beats / duration, length = 60.0 / bpm;
    if (bpm < options.low_bpm || bpm > options.high_bpm) continue;
    const auto path = best_path(emissions, {bpm * (1.0 - play), bpm * (1.0 + play)}, {});
    const double score = path.log_likelihood + std::log(share) / static_cast<double>(activation.size()) + prior(bpm);
    if (score <= best_score) continue;
    const auto line = line_through(path, activation, onsets);
    const double off = std::abs(line.length / rate * beats - duration);
    best_score = score;
    best.reset();
    if (2 * line.heard < beats || off > std::min(off_part * duration, off_seconds)) continue;
    const double middle = (line.first + line.length * (beats - 1) / 2.0) / rate - length * (beats - 1) / 2.0;
    const LoopGrid grid{bpm, middle - length * std::floor(middle / length + 0.5), beats};
    if (duration < long_seconds || std::abs(grid.first) <= off_begin) best = grid;
  }
  return best;
}

}  // namespace sfa::analysis
