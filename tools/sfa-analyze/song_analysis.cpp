#include "song_analysis.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <optional>

#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "song_input.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block_frames = 65536;
constexpr double reading = 0.95;  // of the time; the rest looks at what was heard

/// Reads the input once, a block at a time. With a recipe for them, features go to a file of their own, too.
analysis::Analysis analyze(const std::string& input, const Command& command, const Options& options,
                           const std::string& arrays_recipe, const Progress& progress) {
  SongInput song(input);
  const auto& info = song.info();
  const auto range = command.range(info.rate);
  const Frames begin = range ? range->begin : 0;
  if (info.frames) command.check_start(input, *info.frames, info.rate);
  song.advance_to(begin);

  auto settings = analyzer_options(options);
  settings.stems = song.names();
  std::optional<FeatureArrays> arrays;
  if (!arrays_recipe.empty()) {
    arrays.emplace(options.features.out, arrays_recipe, info.rate, settings.features, to_seconds(begin, info.rate));
    settings.feature_sink = arrays->sink();
  }
  analysis::Analyzer analyzer(info.rate, info.channels, settings);
  std::optional<io::AudioHasher> hasher;  // of the whole sound
  if (!range && !song.has_stems()) hasher.emplace(info.rate, info.channels);
  Frames left = range ? range->size() : std::numeric_limits<Frames>::max();
  const double expected = static_cast<double>(std::min(left, info.frames.value_or(0) - begin));
  for (Frames done = 0; left > 0;) {
    const auto block = song.read(std::min(block_frames, left));
    if (block.mix.empty()) {
      if (done == 0) command.check_start(input, song.position(), info.rate);  // the length of a stream
      break;
    }
    if (hasher) hasher->update(block.mix);
    analyzer.add(block.mix, std::vector<AudioView>(block.stems.begin(), block.stems.end()));
    done += block.mix.frames();
    left -= block.mix.frames();
    report(progress, expected > 0.0 ? reading * std::min(1.0, static_cast<double>(done) / expected) : 0.0);
  }
  auto result = analyzer.finish([&](double done) { return !progress || progress(reading + (1.0 - reading) * done); });
  if (arrays) arrays->commit();
  report(progress, 1.0);

  if (hasher) result.source.sha256 = hasher->hex();
  else if (!range) result.source.sha256 = song.source().sha256;
  for (std::size_t i = 0; i < result.stems.size(); ++i) result.stems[i].path = song.paths()[i];
  analysis::count_from(result, begin);
  result.source.frames = range ? info.frames.value_or(begin + result.source.frames) : result.source.frames;
  result.source.path = song.has_stems() ? song.source().path : input;
  result.container = info.container;
  result.encoding = info.encoding;
  return result;
}

/// Of the program itself: another build may find other things.
std::string build() {
  std::error_code none;
  const std::filesystem::path self = "/proc/self/exe";
  return std::to_string(std::filesystem::file_size(self, none)) + ' ' +
         std::to_string(std::filesystem::last_write_time(self, none).time_since_epoch().count());
}

/// What was found before; nothing where the cache has none, or none that can be read.
std::optional<analysis::Analysis> known(const std::string& input, const Command& command, const std::string& key) {
  try {
    const auto text = command.cache().find_document(key);
    if (!text) return {};
    auto result = io::analysis_from_json(*text);
    result.source.path = input;
    if (!result.stems.empty()) {
      const SongInput song(input);
      result.source.path = song.source().path;
      for (std::size_t i = 0; i < result.stems.size(); ++i) result.stems[i].path = song.paths().at(i);
    }
    return result;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

io::Recipe analysis_recipe(const Command& command, const Options& options, const std::vector<std::string>& inputs) {
  auto recipe = command.recipe();
  if (!options.features.out.empty()) recipe.option("features", "in a file of their own");
  for (const auto& input : inputs) {
    try {
      recipe.file(input);
      if (recipe.is_unknown() || !io::begins_a_document(input)) continue;
      if (io::is_stream(input)) {
        recipe.unknown();  // its stems are told by what can be read but once
        continue;
      }
      const SongInput song(input);
      for (const auto& path : song.paths()) recipe.file(path);
    } catch (const Error&) {
      recipe.option("unreadable", input);
    }
  }
  return recipe;
}

analysis::Analysis known_or_new_analysis(const std::string& input, Command& command, const Options& options,
                                         const std::string& arrays_recipe, const Progress& progress) {
  const auto key = analysis_recipe(command, options, {input}).option("build", build()).text();
  if (arrays_recipe.empty()) {
    if (auto result = known(input, command, key)) return *std::move(result);
  }
  auto result = analyze(input, command, options, arrays_recipe, progress);
  try {
    command.cache().keep_document(key, io::to_json(result, {}, true));
  } catch (const Error& error) {
    static std::once_flag told;
    std::call_once(told, [&] { command.note(std::string("not kept for the next time: ") + error.what()); });
  }
  return result;
}

}  // namespace sfa::tool
