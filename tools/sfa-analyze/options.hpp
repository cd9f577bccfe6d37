// sfa-analyze's command line.
#pragma once
#include <string>
#include <vector>

#include "feature_flags.hpp"
#include "sfa/analysis/analyzer.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

struct Options {
  std::string bpm_range, cues;
  bool curves = false, summary = false;
  FeatureFlags features;
};

void describe(Command& command, Options& options);

/// The options as the library takes them. Throws UsageError.
[[nodiscard]] analysis::AnalyzerOptions analyzer_options(const Options& options);

/// The types that --cues names; none means all. Throws UsageError for a type that there is not.
[[nodiscard]] std::vector<std::string> wanted_cues(const Options& options);

}  // namespace sfa::tool
