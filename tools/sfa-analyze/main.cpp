// sfa-analyze: what is known about a song: tempo, beats, key, chords, loudness, sections, cues, loops.
#include <algorithm>
#include <atomic>

#include "options.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "song_analysis.hpp"
#include "summary.hpp"

namespace {
using namespace sfa;
using tool::Command;

std::string made(const std::string& input, Command& command, const tool::Options& options,
                 const std::string& made_by, const std::string& arrays_recipe, const Progress& progress) {
  auto result = tool::known_or_new_analysis(input, command, options, arrays_recipe, progress);
  if (const auto types = tool::wanted_cues(options); !types.empty())
    std::erase_if(result.cues, [&](const auto& cue) { return std::ranges::find(types, cue.type) == types.end(); });
  if (options.summary) return tool::summary(result, io::input_name(input));
  result.source.path = io::is_stream(result.source.path) ? "" : io::path_for(command.output(), result.source.path);
  for (auto& stem : result.stems) stem.path = io::path_for(command.output(), stem.path);
  return io::to_json(result, made_by, command.inputs().size() > 1);
}

/// What the arrays of features are made by; empty if they are there, or not asked for.
std::string arrays_recipe(Command& command, const tool::Options& options) {
  const auto& path = options.features.out;
  if (path.empty()) return {};
  if (command.inputs().size() > 1) throw tool::UsageError("--features-out takes the features of one input");
  if (path == "-" || path == command.output())
    throw tool::UsageError("--features-out: must be a file, and not that of --output");
  auto text = tool::analysis_recipe(command, options, command.inputs()).text();
  return command.needs_making(path, text) ? text : "";
}

/// Whether a line for every input is there, and not only for those that could be read the last time.
bool is_complete(const std::string& path, std::size_t inputs) {
  const auto text = io::read_file(path);
  return inputs == 1 || static_cast<std::size_t>(std::ranges::count(text, '\n')) == inputs;
}

}  // namespace

int main(int argc, char** argv) {
  const char* summary = "Find a song's tempo, beats, key, chords, loudness, sections, cues and loops";
  return tool::run("sfa-analyze", argc, argv, summary, [](Command& command) {
    tool::Options options;
    describe(command, options);
    command.parse();
    (void)tool::analyzer_options(options), (void)tool::wanted_cues(options);  // wrong ones are told before any work
    if (options.summary && !command.to_stdout()) throw tool::UsageError("--summary goes to standard output");
    const auto count = command.inputs().size();
    const auto for_arrays = arrays_recipe(command, options);
    std::string made_by;
    if (!command.to_stdout()) {
      auto material = tool::analysis_recipe(command, options, command.inputs()).option("--cues", options.cues);
      for (const auto& input : command.inputs()) material.option("path", io::path_for(command.output(), input));
      made_by = material.text();
      const bool is_there = !command.needs_making(command.output(), made_by) && is_complete(command.output(), count);
      if (is_there && for_arrays.empty()) return;
    }
    const auto progress = command.progress("analyze");
    std::atomic<std::size_t> finished = 0;
    command.map_inputs([&](const std::string& input) {
      if (count == 1) return made(input, command, options, made_by, for_arrays, progress);
      auto line = made(input, command, options, made_by, {}, {});
      report(progress, static_cast<double>(++finished) / static_cast<double>(count));
      return line;
    });
  });
}
