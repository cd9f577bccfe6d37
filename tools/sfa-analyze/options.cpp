#include "options.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "sfa/analysis/cue.hpp"

namespace sfa::tool {
namespace {

constexpr double slowest_bpm = 20.0, fastest_bpm = 400.0, narrowest_range = 1.05;

std::string all_cues() { return fmt::format("{}", fmt::join(analysis::cue_types, ", ")); }

}  // namespace

void describe(Command& command, Options& options) {
  // All is found in any case, and kept; these say what is shown of it.
  for (const auto* option : {"--cues", "--summary"}) command.leave_out_of_recipe(option);
  command.takes_inputs("Sound files, or stems documents; - is standard input");
  command.takes_output("Document, or JSON Lines for several inputs; standard output by default");
  command.takes_range();
  command.takes_jobs();
  command.takes_cache();
  auto& app = command.app();
  app.add_option("--bpm-range", options.bpm_range, "Tempos to look for, as 80-160; by default 50-225")
      ->type_name("LOW-HIGH");
  app.add_option("--cues", options.cues, "Only cues of these types: " + all_cues() + "; by default all")
      ->type_name("TYPE,...");
  app.add_flag("--curves", options.curves, "Loudness and features over time, too");
  describe(command, options.features);
  app.add_flag("--summary", options.summary, "A few lines for people instead of a document");
}

analysis::AnalyzerOptions analyzer_options(const Options& options) {
  analysis::AnalyzerOptions result;
  result.loudness_curves = options.curves;
  result.features = feature_options(options.features, options.curves);
  if (options.bpm_range.empty()) return result;
  const char* at = options.bpm_range.data();
  const char* const end = at + options.bpm_range.size();
  double low = 0.0, high = 0.0;
  const auto first = std::from_chars(at, end, low);
  bool good = first.ec == std::errc() && first.ptr != end && *first.ptr == '-';
  if (good) {
    const auto second = std::from_chars(first.ptr + 1, end, high);
    good = second.ec == std::errc() && second.ptr == end;
  }
  if (!good || !(low >= slowest_bpm && high <= fastest_bpm && high >= narrowest_range * low))
    throw UsageError("--bpm-range: must be two tempos from 20 to 400, the second at least 5 % above the first, as "
                     "80-160, not " + options.bpm_range);
  result.beats.low_bpm = low;
  result.beats.high_bpm = high;
  return result;
}

std::vector<std::string> wanted_cues(const Options& options) {
  std::vector<std::string> types;
  std::istringstream list(options.cues);
  for (std::string type; std::getline(list, type, ',');) {
    if (std::ranges::find(analysis::cue_types, type) == analysis::cue_types.end())
      throw UsageError("--cues: there is no " + type + "; there are " + all_cues());
    types.push_back(type);
  }
  return types;
}

}  // namespace sfa::tool
