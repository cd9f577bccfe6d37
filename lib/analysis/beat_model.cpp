#include "beat_model.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/audio/frame_range.hpp"

namespace sfa::analysis {
namespace {

// How reluctantly the beat length changes: lambda of equation 7, in section 3.2's value.
constexpr double reluctance = 100.0;

// The parts of a beat, lambda of the observation model: one of them is the beat itself.
constexpr double parts_of_beat = 16.0;

// An activation is never taken as surer than this, so that one odd frame rules no path out.
constexpr double doubt = 1e-3;

constexpr double impossible = -std::numeric_limits<double>::infinity();

double length_of(double bpm) { return 60.0 * BandSpectrogram::frames_per_second / bpm; }

class Search {
 public:
  Search(const BeatEmissions& emissions, TempoRange range);
  BeatPath run(const Progress& progress);

 private:
  [[nodiscard]] Frames length(std::size_t index) const { return shortest_ + static_cast<Frames>(index); }
  double& entry(Frames frame, std::size_t index) {
    return entries_[static_cast<std::size_t>(frame % longest_) * count_ + index];
  }
  std::uint8_t& origin(Frames frame, std::size_t index) {
    return origins_[static_cast<std::size_t>(frame) * count_ + index];
  }
  void step(Frames frame);
  [[nodiscard]] std::vector<BeatSpan> trace(BeatSpan last);

  const BeatEmissions& emissions_;
  Frames shortest_, longest_;
  std::size_t count_;                  // of beat lengths
  double start_;                       // log probability of each state at first
  std::vector<double> transitions_;    // to x from
  std::vector<double> entries_;        // ring of frames x lengths: the best path into a beat that begins there
  std::vector<double> exits_;          // the best path out of a beat of each length, at the current frame
  std::vector<std::uint8_t> origins_;  // frames x lengths: the length before
};

Search::Search(const BeatEmissions& emissions, TempoRange range)
    : emissions_(emissions), shortest_(static_cast<Frames>(length_of(range.high_bpm))),
      longest_(static_cast<Frames>(std::ceil(length_of(range.low_bpm)))),
      count_(static_cast<std::size_t>(longest_ - shortest_ + 1)),
      start_(-std::log(static_cast<double>((shortest_ + longest_) * (longest_ - shortest_ + 1)) / 2.0)),
      transitions_(count_ * count_), entries_(static_cast<std::size_t>(longest_) * count_), exits_(count_),
      origins_(static_cast<std::size_t>(emissions.frames()) * count_) {
  for (std::size_t from = 0; from < count_; ++from) {
    const auto change = [&](std::size_t to) {
      return -reluctance * std::abs(static_cast<double>(length(to)) / static_cast<double>(length(from)) - 1.0);
    };
    double sum = 0.0;
    for (std::size_t to = 0; to < count_; ++to) sum += std::exp(change(to));
    for (std::size_t to = 0; to < count_; ++to) transitions_[to * count_ + from] = change(to) - std::log(sum);
  }
}

/// All beats that begin at `frame`.
void Search::step(Frames frame) {
  for (std::size_t i = 0; i < count_; ++i) {
    const Frames begin = frame - length(i);
    exits_[i] = (begin < 0 ? start_ : entry(begin, i)) + emissions_.score(begin, length(i));
  }
  for (std::size_t to = 0; to < count_; ++to) {
    const double* change = &transitions_[to * count_];
    double best = impossible;
    std::size_t from = 0;
    for (std::size_t i = 0; i < count_; ++i)
      if (exits_[i] + change[i] > best) best = exits_[i] + change[i], from = i;
    entry(frame, to) = best;
    origin(frame, to) = static_cast<std::uint8_t>(from);
  }
}

BeatPath Search::run(const Progress& progress) {
  const Frames frames = emissions_.frames();
  BeatPath path{impossible, {}};
  BeatSpan last{};
  const auto consider = [&](Frames begin, std::size_t i, double before) {
    const double score = before + emissions_.score(begin, length(i));
    if (begin + length(i) < frames || score <= path.log_likelihood) return;
    path.log_likelihood = score;
    last = {begin, length(i)};
  };
  for (std::size_t i = 0; i < count_; ++i)  // one beat that is longer than all there is
    for (Frames begin = frames - length(i); begin < 0; ++begin) consider(begin, i, start_);
  for (Frames frame = 0; frame < frames; ++frame) {
    if (frame % 8192 == 0) report(progress, static_cast<double>(frame) / static_cast<double>(frames));
    step(frame);
    for (std::size_t i = 0; i < count_; ++i) consider(frame, i, entry(frame, i));
  }
  path.log_likelihood /= static_cast<double>(frames);
  path.beats = trace(last);
  return path;
}

std::vector<BeatSpan> Search::trace(BeatSpan last) {
  std::vector<BeatSpan> beats{last};
  while (beats.back().begin >= 0) {
    const auto [begin, now] = beats.back();
    const Frames before = length(origin(begin, static_cast<std::size_t>(now - shortest_)));
    beats.push_back({begin - before, before});
  }
  std::ranges::reverse(beats);
  return beats;
}

}  // namespace

BeatEmissions::BeatEmissions(std::span<const float> activation)
    : beat_(activation.size() + 1), rest_(activation.size() + 1) {
  for (std::size_t i = 0; i < activation.size(); ++i) {
    const double a = std::clamp(static_cast<double>(activation[i]), doubt, 1.0 - doubt);
    beat_[i + 1] = beat_[i] + std::log(a);
    rest_[i + 1] = rest_[i] + std::log((1.0 - a) / (parts_of_beat - 1.0));
  }
}

double BeatEmissions::score(Frames begin, Frames length) const {
  const auto inside = [&](Frames frame) { return static_cast<std::size_t>(std::clamp<Frames>(frame, 0, frames())); };
  const auto from = inside(begin), middle = inside(begin + zone(length)), to = inside(begin + length);
  return beat_[middle] - beat_[from] + rest_[to] - rest_[middle];
}

double pulse(const BeatEmissions& emissions, std::span<const BeatSpan> beats) {
  double sum = 0.0;
  Frames frames = 0;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const auto [begin, length] = beats[i];
    sum += emissions.score(begin, length);
    frames += intersect({begin, begin + length}, {0, emissions.frames()}).size();
    if (i > 0 && beats[i - 1].begin + beats[i - 1].length == begin)
      sum -= reluctance * std::abs(static_cast<double>(length) / static_cast<double>(beats[i - 1].length) - 1.0);
  }
  return frames > 0 ? sum / static_cast<double>(frames) + std::log(parts_of_beat) : 0.0;
}

BeatPath best_path(const BeatEmissions& emissions, TempoRange range, const Progress& progress) {
  return Search(emissions, range).run(progress);
}

}  // namespace sfa::analysis
