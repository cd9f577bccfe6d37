// sfa-analyze: what is known about a song: tempo, beats, key, loudness.
#include <algorithm>
#include <atomic>
#include <limits>

#include "sfa/analysis/analyzer.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/tool/command.hpp"

namespace {
using namespace sfa;

constexpr Frames block_frames = 65536;
constexpr double reading = 0.95;  // of the time; the rest finds the beats

void describe(tool::Command& command) {
  command.takes_inputs("Sound files; - is standard input");
  command.takes_output("Document, or JSON Lines for several inputs; standard output by default");
  command.takes_range();
  command.takes_jobs();
}

/// Reads the input once, a block at a time.
analysis::Analysis analyze(const std::string& input, const tool::Command& command, const Progress& progress) {
  io::SoundReader reader(input);
  const auto info = reader.info();
  const auto range = command.range(info.rate);
  const Frames begin = range ? range->begin : 0;
  if (info.frames) command.check_start(input, *info.frames, info.rate);
  reader.advance_to(begin);

  analysis::Analyzer analyzer(info.rate, info.channels);
  io::AudioHasher hasher(info.rate, info.channels);
  Frames left = range ? range->size() : std::numeric_limits<Frames>::max();
  const double expected = static_cast<double>(std::min(left, info.frames.value_or(0) - begin));
  for (Frames done = 0; left > 0;) {
    const auto block = reader.read(std::min(block_frames, left));
    if (block.empty()) {
      if (done == 0) command.check_start(input, reader.position(), info.rate);  // the length of a stream
      break;
    }
    hasher.update(block);
    analyzer.add(block);
    done += block.frames();
    left -= block.frames();
    report(progress, expected > 0.0 ? reading * std::min(1.0, static_cast<double>(done) / expected) : 0.0);
  }
  auto result = analyzer.finish([&](double done) { return !progress || progress(reading + (1.0 - reading) * done); });
  report(progress, 1.0);

  result.source.path = io::is_stream(input) ? "" : io::path_for(command.output(), input);
  if (!range) result.source.sha256 = hasher.hex();
  result.source.frames = range ? info.frames.value_or(begin + result.source.frames) : result.source.frames;
  result.start = to_seconds(std::min(begin, result.source.frames), info.rate).value;
  for (auto& beat : result.beats) beat.time += result.start;
  result.container = info.container;
  result.encoding = info.encoding;
  return result;
}

/// One bad file among several is for map_inputs to report.
io::Recipe recipe(const tool::Command& command) {
  auto recipe = command.recipe();
  for (const auto& input : command.inputs()) {
    recipe.option("path", io::path_for(command.output(), input));
    try {
      recipe.file(input);
    } catch (const Error&) {
      recipe.option("unreadable", input);
    }
  }
  return recipe;
}

/// Whether a line for every input is there, and not only for those that could be read the last time.
bool is_complete(const std::string& path, std::size_t inputs) {
  const auto text = io::read_file(path);
  return inputs == 1 || static_cast<std::size_t>(std::ranges::count(text, '\n')) == inputs;
}

}  // namespace

int main(int argc, char** argv) {
  const char* summary = "Find a song's tempo, beats, key and loudness";
  return tool::run("sfa-analyze", argc, argv, summary, [](tool::Command& command) {
    describe(command);
    command.parse();
    const auto count = command.inputs().size();
    const std::string made_by = command.to_stdout() ? "" : recipe(command).text();
    if (!command.needs_making(command.output(), made_by) && is_complete(command.output(), count)) return;

    const auto progress = command.progress("analyze");
    std::atomic<std::size_t> finished = 0;
    command.map_inputs([&](const std::string& input) {
      if (count == 1) return io::to_json(analyze(input, command, progress), made_by);
      auto line = io::to_json(analyze(input, command, {}), made_by, true);
      report(progress, static_cast<double>(++finished) / static_cast<double>(count));
      return line;
    });
  });
}
