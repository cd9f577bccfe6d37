#include "summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace sfa::tool {
namespace {

using namespace analysis;

/// "3:07", "1:02:09"; with tenths where a beat is meant.
std::string clock(double seconds) {
  const auto whole = static_cast<long long>(seconds);
  const auto h = whole / 3600, m = whole / 60 % 60, s = whole % 60;
  return h > 0 ? fmt::format("{}:{:02}:{:02}", h, m, s) : fmt::format("{}:{:02}", m, s);
}

std::string exact(double seconds) {
  const auto tenths = std::llround(seconds * 10.0);
  return clock(static_cast<double>(tenths / 10)) + fmt::format(".{}", tenths % 10);
}

std::string sure(double confidence) { return fmt::format(" ({:.0f} %)", 100.0 * confidence); }

std::string tempo_line(const Analysis& analysis) {
  const auto& tempo = analysis.tempo;
  if (tempo.bpm <= 0.0) return "no beat";
  auto line = fmt::format("{:.2f} bpm", tempo.bpm) + sure(tempo.confidence) + (tempo.steady ? ", steady" : ", moving");
  if (analysis.meter.beats_per_bar > 0) line += fmt::format(", {} beats a bar", analysis.meter.beats_per_bar);
  if (tempo.swing >= 0.55) line += fmt::format(", swing {:.2f}", tempo.swing);
  if (!tempo.alternatives.empty()) line += fmt::format("; or {:.2f}", tempo.alternatives.front().bpm);
  return line;
}

std::string key_line(const Analysis& analysis) {
  const auto& key = analysis.key;
  if (key.tonic < 0) return "none";
  auto line = fmt::format("{}, {}", key.name, key.camelot) + sure(key.confidence);
  if (std::abs(key.tuning_cents) >= 5.0) line += fmt::format(", tuned {:+.0f} cents", key.tuning_cents);
  for (std::size_t i = 1; i < analysis.keys.size(); ++i)
    line += fmt::format(", {} from {}", analysis.keys[i].key.name, clock(analysis.keys[i].time));
  return line;
}

std::string loudness_line(const Loudness& loudness) {
  if (!std::isfinite(loudness.integrated_lufs)) return "silent";
  return fmt::format("{:.1f} LUFS, range {:.1f} LU, true peak {:.1f} dB", loudness.integrated_lufs, loudness.range_lu,
                     loudness.true_peak_db);
}

template <typename Item, typename Text>
std::string joined(const std::vector<Item>& items, std::size_t most, Text text) {
  std::string line;
  for (std::size_t i = 0; i < std::min(most, items.size()); ++i) line += (i > 0 ? ", " : "") + text(items[i]);
  return line;
}

}  // namespace

std::string summary(const Analysis& analysis, const std::string& name) {
  std::string text = fmt::format("{}: {}, {} {}\n", name, clock(analysis.duration), analysis.container, analysis.encoding);
  const auto line = [&](const char* what, const std::string& value) {
    if (!value.empty()) fmt::format_to(std::back_inserter(text), "  {:<9} {}\n", what, value);
  };
  constexpr std::size_t all = 1000, best = 4;
  line("tempo", tempo_line(analysis));
  line("key", key_line(analysis));
  line("loudness", loudness_line(analysis.loudness));
  line("sections", joined(analysis.sections, all, [](const Section& section) {
         return clock(section.time) + " " + section.label + (section.role.empty() ? "" : " " + section.role);
       }));
  line("cues", joined(analysis.cues, all, [](const Cue& cue) { return exact(cue.time) + " " + cue.type; }));
  line("loops", joined(analysis.loops, best, [](const Loop& loop) {
         const auto where = loop.stem.empty() ? "" : " of " + loop.stem;
         return fmt::format("{} for {} bars{}", exact(loop.time), loop.bars, where) + sure(loop.score);
       }));
  line("stems", joined(analysis.stems, all, [](const StemQuality& stem) {
         return fmt::format("{} {:.2f}{}", stem.name, stem.quality, stem.worth_looping ? " (loop it)" : "");
       }));
  return text;
}

}  // namespace sfa::tool
