#include "benchmark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>

#include "benchmark_table.hpp"
#include "outputs.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_benchmark.hpp"
#include "sfa/io/song_folders.hpp"
#include "sfa/separation/separation_scores.hpp"
#include "sfa/tool/folder.hpp"
#include "tracks.hpp"

namespace sfa::tool {
namespace {

using Clock = std::chrono::steady_clock;
using SecondsOfWork = std::chrono::duration<double>;
using separation::Benchmark;
using separation::BenchmarkSong;
using separation::SeparationScores;

std::string name_of(const std::string& folder) { return std::filesystem::path(folder).filename().string(); }

std::vector<std::string> present(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  std::ranges::copy_if(paths, std::back_inserter(files), [](const auto& path) { return !path.empty(); });
  return files;
}

/// One song on its way: what is made of its stems meets the stems themselves.
class Scoring {
 public:
  /// `files` has one path, or none, for each stem that is estimated.
  Scoring(const std::string& name, const std::vector<std::string>& files, Song& song)
      : name_(name),
        song_(song),
        truth_(present(files)),
        estimate_(present(files).size(), song.info().rate),
        mixture_(present(files).size(), song.info().rate),
        stems_(files.size()) {
    for (std::size_t i = 0; i < files.size(); ++i)
      if (!files[i].empty()) places_.push_back(i);
    if (song.part()) truth_.advance_to(song.part()->begin);
  }

  void add(std::span<const AudioBuffer> estimates) {
    if (estimates.empty() || estimates.front().frames() == 0) return;
    const auto began = Clock::now();
    if (!mix_) mix_ = song_.open();
    const auto frames = estimates.front().frames();
    const auto mix = mix_(frames);
    const auto truth = truth_.read(frames);
    if (mix.frames() != frames || truth.front().frames() != frames) throw_unequal();
    const std::vector<AudioView> stems(truth.begin(), truth.end());
    std::vector<AudioView> guesses;
    for (const auto place : places_) guesses.emplace_back(estimates[place]);
    estimate_.add(stems, guesses);
    mixture_.add(stems, std::vector<AudioView>(stems.size(), mix));
    time_ += Clock::now() - began;
  }

  void end() {
    if (!song_.part() && truth_.read(1).front().frames() > 0) throw_unequal();
  }

  [[nodiscard]] std::vector<separation::StemScores> scores() const {
    std::vector<separation::StemScores> all(stems_);
    const auto estimate = estimate_.scores(), mixture = mixture_.scores();
    for (std::size_t i = 0; i < places_.size(); ++i) all[places_[i]] = {estimate[i], mixture[i]};
    return all;
  }
  /// What the scoring itself took.
  [[nodiscard]] SecondsOfWork time() const { return time_; }

 private:
  [[noreturn]] void throw_unequal() const {
    throw Error(Error::Kind::invalid_data, name_ + ": its mixture is not as long as its stems");
  }

  std::string name_;
  Song& song_;
  separation::BlockSource mix_;
  Tracks truth_;
  SeparationScores estimate_, mixture_;
  std::vector<std::size_t> places_;  // of the stems that the song has, among those that are estimated
  std::size_t stems_;
  SecondsOfWork time_{};
};

/// What is separated, of `files`, of all of which it is checked that they fit together.
Song open_song(Command& command, const Options& options, const std::string& folder, const io::SongFiles& files) {
  auto paths = present(files.stems);
  if (!files.mixture.empty()) paths.push_back(files.mixture);
  const Tracks all(paths);
  auto song = files.mixture.empty() ? Song(mixture_of(paths)) : Song(files.mixture, true);
  if (song.info().frames) command.check_start(folder, *song.info().frames, song.info().rate);
  if (const auto range = command.range(song.info().rate)) song.take(*range);
  if (options.preview_seconds) song.take_preview(*options.preview_seconds);
  return song;
}

/// The scores of one song, and into `benchmark` what separated it.
BenchmarkSong score(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                    const std::string& folder, Benchmark& benchmark) {
  const auto files = io::song_files(folder, separator.stems());
  auto song = open_song(command, options, folder, files);
  std::vector<std::string> wanted;
  for (const auto stem : outputs.made) wanted.push_back(files.stems[stem]);
  Scoring scoring(folder, wanted, song);
  const auto began = Clock::now();
  const auto source = separator.open(song);
  source->produce([&](std::span<const AudioBuffer> stems) { scoring.add(stems); },
                  command.progress("separating " + name_of(folder)));
  const SecondsOfWork took = Clock::now() - began - scoring.time();
  scoring.end();

  const auto& info = song.info();
  if (song.frames() == 0) command.check_start(folder, song.end(), info.rate);  // where no length was known
  if (song.frames() == 0) throw Error(Error::Kind::invalid_data, folder + ": there is no sound in it");
  BenchmarkSong scored{name_of(folder), {{}, song.sha256(), info.rate, info.channels, song.frames()}, {}, {}, 0.0};
  if (song.part()) scored.range = {song.part()->begin, song.part()->begin + song.frames()};
  scored.stems = scoring.scores();
  scored.speed = to_seconds(song.frames(), info.rate).value / std::max(took.count(), 1e-9);
  separation::Stems made;
  source->describe(made);
  benchmark.engine = made.engine;
  benchmark.engine_note = made.engine_note;
  benchmark.network = made.network;
  return scored;
}

/// Of all songs, whether they can be read or not.
io::Recipe recipe_of(Command& command, const Separator& separator, const std::vector<std::string>& folders) {
  auto recipe = command.recipe();
  separator.add_to(recipe);
  for (const auto& folder : folders) {
    recipe.option("song", name_of(folder));
    try {
      const auto files = io::song_files(folder, separator.stems());
      auto paths = files.stems;
      paths.push_back(files.mixture);
      for (std::size_t i = 0; i < paths.size(); ++i) {
        if (paths[i].empty()) continue;
        command.reads(paths[i]);
        recipe.option("stem", std::to_string(i)).file(paths[i]);
      }
    } catch (const Error& error) {
      recipe.option("problem", error.what());
    }
  }
  return recipe;
}

Benchmark score_all(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                    const std::vector<std::string>& folders) {
  Benchmark benchmark;
  benchmark.stems = outputs.names();
  const auto document = command.output_folder();
  command.for_each(folders, [&](const std::string& folder) {
    const auto path = document.empty() ? "" : io::path_for(document, folder);  // first: it may be impossible
    auto song = score(command, options, outputs, separator, folder, benchmark);
    song.source.path = path;
    benchmark.songs.push_back(std::move(song));
  });
  return benchmark;
}

}  // namespace

void benchmark(Command& command, const Options& options, Separator& separator) {
  const auto outputs = plan_outputs(options, separator.stems());
  separator.want(outputs.made);
  const auto folders = io::song_folders(options.benchmark, outputs.names());
  const auto score = [&] { return score_all(command, options, outputs, separator, folders); };
  const auto show = [&](const Benchmark& scores) {
    if (!scores.songs.empty()) command.write(benchmark_table(scores));
  };
  const auto path = command.output_folder();
  if (path.empty()) return show(score());

  auto recipe = recipe_of(command, separator, folders);
  make_folder_of(path);
  if (!command.needs_making(path, recipe.text()))
    return show(io::parse_document(path, io::read_file(path), io::benchmark_from_json));
  const auto scores = score();
  if (scores.songs.empty()) return;
  if (command.exit_code() != 0) recipe.option("incomplete", "yes");  // so that it is made anew
  const auto document = io::to_json(scores, recipe.text());
  if (path == "-") return command.write(document);
  io::write_file(path, document);
  show(scores);
}

}  // namespace sfa::tool
