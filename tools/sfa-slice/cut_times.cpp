#include "cut_times.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <sstream>

#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "sfa/slicing/slice_points.hpp"

namespace sfa::tool {
namespace {

/// The first number of each line; lines without one, and what follows a number sign, are passed over.
std::vector<double> times_in(const std::string& path) {
  std::istringstream lines(io::read_file(path, std::size_t{64} << 20));
  std::vector<double> times;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const auto begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    double time = 0.0;
    const auto [rest, failure] = std::from_chars(line.data() + begin, line.data() + line.size(), time);
    const bool ends = rest == line.data() + line.size() || std::string_view(" \t\r,;").find(*rest) != std::string_view::npos;
    if (failure != std::errc() || !ends || !(time >= 0.0 && time <= longest_document_seconds))
      throw Error(Error::Kind::invalid_data,
                  path + ": line " + std::to_string(number) + ": must begin with a time in seconds, 0 to 1000000");
    times.push_back(time);
  }
  return times;
}

std::vector<double> onsets_of(Command& command, const Options& options) {
  FileSound file(options.onsets_of, command);
  const auto sound = file.sound();
  const Frames everything = file.info().frames.value_or(std::numeric_limits<Frames>::max() / 2);
  return io::about(options.onsets_of, [&] {
    const slicing::SurveyOptions looking{options.slicing.method, options.slicing.sensitivity, false};
    const auto seen = slicing::survey(sound, {0, everything}, looking, command.progress("find onsets"));
    std::vector<double> times;
    for (const auto& attack : slicing::attacks(sound, seen))
      times.push_back(to_seconds(attack.start, sound.rate).value);
    return times;
  });
}

}  // namespace

Known known(Command& command, const Options& options, double end) {
  Known result;
  if (options.bpm) result.grid = slicing::even_grid(*options.bpm, options.offset, options.beats_per_bar, end);
  if (options.analysis.empty()) return result;
  command.reads(options.analysis);
  const auto analysis = io::parse_document(options.analysis, io::read_document(options.analysis), io::analysis_from_json);
  result.grid.bpm = analysis.tempo.bpm;
  for (const auto& beat : analysis.beats) {
    result.grid.beats.push_back(beat.time);
    if (beat.position == 1) result.grid.downbeats.push_back(beat.time);
  }
  for (const auto& section : analysis.sections) result.sections.push_back(section.time);
  return result;
}

std::vector<double> cut_times(Command& command, const Options& options, const Known& known, const slicing::Grid& grid) {
  std::vector<double> times;
  if (!options.times.empty()) {
    times = options.times;
  } else if (!options.times_from.empty()) {
    times = times_in(options.times_from);
  } else if (!options.onsets_of.empty()) {
    times = onsets_of(command, options);
  } else if (options.at_sections) {
    times = known.sections;
    if (times.empty()) throw Error(Error::Kind::invalid_data, options.analysis + ": has no sections to cut at");
  } else {
    if (grid.beats.empty()) throw Error(Error::Kind::invalid_data, io::input_name(command.input()) + ": no beats to cut at");
    times = slicing::division_times(grid, *options.division, options.beats_per_bar);
  }
  std::ranges::sort(times);
  return times;
}

}  // namespace sfa::tool
