// How well an engine or a model separates songs whose stems are known: the document sfa.benchmark as a plain struct.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/source.hpp"
#include "sfa/separation/separation_scores.hpp"
#include "sfa/separation/stems.hpp"

namespace sfa::separation {

/// What was made of a stem, and what leaving the mixture as it is would score.
struct StemScores {
  Scores estimate;
  Scores mixture;
};

struct BenchmarkSong {
  std::string name;                  // its folder's
  Source source;                     // `path` is the folder, the rest is of the mixture
  std::optional<FrameRange> range;   // where in the song `source` lies; none: it is the whole
  std::vector<StemScores> stems;     // as Benchmark::stems
  double speed = 0.0;                // the song's length over the time that its separation took
};

struct Benchmark {
  std::string engine;                // as in Stems
  std::string engine_note;
  std::optional<NetworkUse> network;
  std::vector<std::string> stems;
  std::vector<BenchmarkSong> songs;
};

/// The mean of each figure over those that have it.
[[nodiscard]] StemScores mean(std::span<const StemScores> scores);
[[nodiscard]] StemScores median(std::span<const StemScores> scores);

/// `mean` or `median` over the songs, for each stem.
[[nodiscard]] std::vector<StemScores> over_songs(const Benchmark& benchmark,
                                                 StemScores (*combined)(std::span<const StemScores>));

/// Length over time, of all songs together; 0 without any.
[[nodiscard]] double speed(const Benchmark& benchmark);

}  // namespace sfa::separation
