// What sfa-slice is told on its command line.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/slicing/division.hpp"
#include "sfa/slicing/selection.hpp"
#include "sfa/slicing/slice.hpp"
#include "sfa/tool/command.hpp"
#include "slice_files.hpp"

namespace sfa::tool {

struct Options {
  // As given.
  std::string at = "onsets", method = "superflux", order = "time";
  std::string analysis, times_from, onsets_of;
  std::vector<double> times;
  std::vector<std::string> only;
  std::optional<double> bpm, snap_ms, fade_in_ms, fade_out_ms;
  double offset = 0.0;
  int beats_per_bar = 4;
  SliceFiles files;

  // What it means, after read().
  slicing::SliceOptions slicing;
  slicing::Selection selection;
  std::optional<slicing::Division> division;  // of the grid
  bool at_sections = false;
};

/// The tool's own options.
void describe(Command& command, Options& options);

/// Fills in what was given means. Throws UsageError for what does not go together.
void read(const Command& command, Options& options);

}  // namespace sfa::tool
