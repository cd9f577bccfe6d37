// sfa-analyze: what is known about a song: tempo, beats, key, chords, loudness, sections, cues, loops.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <limits>
#include <optional>

#include "options.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "song_input.hpp"
#include "summary.hpp"

namespace {
using namespace sfa;
using tool::Command;

constexpr Frames block_frames = 65536;
constexpr double reading = 0.95;  // of the time; the rest looks at what was heard

/// Reads the input once, a block at a time. With a recipe for them, features go to a file of their own, too.
analysis::Analysis analyze(const std::string& input, const Command& command, const tool::Options& options,
                           const std::string& arrays_recipe, const Progress& progress) {
  tool::SongInput song(input);
  const auto& info = song.info();
  const auto range = command.range(info.rate);
  const Frames begin = range ? range->begin : 0;
  if (info.frames) command.check_start(input, *info.frames, info.rate);
  song.advance_to(begin);

  auto settings = tool::analyzer_options(options);
  settings.stems = song.names();
  std::optional<tool::FeatureArrays> arrays;
  if (!arrays_recipe.empty()) {
    arrays.emplace(options.features.out, arrays_recipe, info.rate, settings.features, to_seconds(begin, info.rate));
    settings.feature_sink = arrays->sink();
  }
  analysis::Analyzer analyzer(info.rate, info.channels, settings);
  io::AudioHasher hasher(info.rate, info.channels);
  Frames left = range ? range->size() : std::numeric_limits<Frames>::max();
  const double expected = static_cast<double>(std::min(left, info.frames.value_or(0) - begin));
  for (Frames done = 0; left > 0;) {
    const auto block = song.read(std::min(block_frames, left));
    if (block.mix.empty()) {
      if (done == 0) command.check_start(input, song.position(), info.rate);  // the length of a stream
      break;
    }
    hasher.update(block.mix);
    analyzer.add(block.mix, std::vector<AudioView>(block.stems.begin(), block.stems.end()));
    done += block.mix.frames();
    left -= block.mix.frames();
    report(progress, expected > 0.0 ? reading * std::min(1.0, static_cast<double>(done) / expected) : 0.0);
  }
  auto result = analyzer.finish([&](double done) { return !progress || progress(reading + (1.0 - reading) * done); });
  if (arrays) arrays->commit();
  report(progress, 1.0);

  if (!range) result.source.sha256 = song.has_stems() ? song.source().sha256 : hasher.hex();
  for (std::size_t i = 0; i < result.stems.size(); ++i) result.stems[i].path = song.paths()[i];
  analysis::count_from(result, begin);
  result.source.frames = range ? info.frames.value_or(begin + result.source.frames) : result.source.frames;
  result.start = to_seconds(std::min(begin, result.source.frames), info.rate).value;
  result.source.path = song.has_stems() ? song.source().path : input;
  result.container = info.container;
  result.encoding = info.encoding;
  return result;
}

/// What an analysis is made of, wherever it is written. One bad file among several is for map_inputs to report.
io::Recipe recipe(const Command& command, const std::vector<std::string>& inputs) {
  auto recipe = command.recipe();
  for (const auto& input : inputs) {
    try {
      recipe.file(input);
      if (io::is_stream(input)) continue;
      const tool::SongInput song(input);
      for (const auto& path : song.paths()) recipe.file(path);
    } catch (const Error&) {
      recipe.option("unreadable", input);
    }
  }
  return recipe;
}

/// Of the program itself: another build may find other things.
std::string build() {
  std::error_code none;
  const std::filesystem::path self = "/proc/self/exe";
  return std::to_string(std::filesystem::file_size(self, none)) + ' ' +
         std::to_string(std::filesystem::last_write_time(self, none).time_since_epoch().count());
}

/// From the cache if it was made before, and if features need no file.
analysis::Analysis known_or_new(const std::string& input, const Command& command, const tool::Options& options,
                                const std::string& arrays_recipe, const Progress& progress) {
  const auto cache = command.cache();
  const auto key = recipe(command, {input}).option("build", build()).text();
  if (const auto text = arrays_recipe.empty() ? cache.find_document(key) : std::nullopt) {
    try {
      auto result = io::analysis_from_json(*text);
      const tool::SongInput song(input);
      result.source.path = song.has_stems() ? song.source().path : input;
      for (std::size_t i = 0; i < result.stems.size(); ++i) result.stems[i].path = song.paths().at(i);
      return result;
    } catch (const Error&) {  // a failed disk
    }
  }
  auto result = analyze(input, command, options, arrays_recipe, progress);
  cache.keep_document(key, io::to_json(result, {}, true));
  return result;
}

std::string made(const std::string& input, const Command& command, const tool::Options& options,
                 const std::string& made_by, const std::string& arrays_recipe, const Progress& progress) {
  auto result = known_or_new(input, command, options, arrays_recipe, progress);
  std::erase_if(result.cues, [types = tool::cue_types(options)](const auto& cue) {
    return std::ranges::find(types, cue.type) == types.end();
  });
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
  auto text = recipe(command, command.inputs()).text();
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
    (void)tool::analyzer_options(options), (void)tool::cue_types(options);  // wrong ones are told before any work
    if (options.summary && !command.to_stdout()) throw tool::UsageError("--summary goes to standard output");
    const auto count = command.inputs().size();
    const auto for_arrays = arrays_recipe(command, options);
    std::string made_by;
    if (!command.to_stdout()) {
      auto material = recipe(command, command.inputs());
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
