// sfa-slice: a sound in, a bank of its slices out.
#include <limits>

#include "cut_times.hpp"
#include "file_sound.hpp"
#include "options.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/slicing/selection.hpp"
#include "sfa/slicing/slice.hpp"
#include "slice_files.hpp"

namespace {
using namespace sfa;

std::string recipe_of(tool::Command& command, const tool::Options& options) {
  auto material = command.recipe().file(command.input()).option("path", io::path_for(command.output(), command.input()));
  for (const auto* path : {&options.analysis, &options.times_from, &options.onsets_of}) {
    if (path->empty()) continue;
    material.file(*path);
    command.reads(*path);
  }
  return material.text();
}

/// Cuts the sound and tells of its source; `range` becomes what exists of it.
slicing::Bank make_bank(tool::Command& command, tool::FileSound& file, tool::Options& options, FrameRange& range) {
  const std::string& input = command.input();
  const auto sound = file.sound();
  slicing::Bank bank;
  bank.source.sample_rate = sound.rate;
  bank.source.channels = sound.channels;
  const bool has_grid = options.bpm || !options.analysis.empty();
  const auto cuts = io::about(input, [&] {
    const slicing::SurveyOptions looking{options.slicing.method, options.slicing.sensitivity, !has_grid};
    return slicing::survey(sound, range, looking, command.progress("listen"));
  });
  file.finish(command.progress("read"));
  command.check_start(input, file.frames(), sound.rate);
  range = cuts.range;
  const auto known = tool::known(command, options, to_seconds(file.frames(), sound.rate).value);
  bank.grid = has_grid ? known.grid : cuts.grid;
  if (options.slicing.at == slicing::SliceAt::times) options.slicing.times = tool::cut_times(command, options, known, bank.grid);
  auto found = io::about(input, [&] { return slicing::cut(sound, cuts, options.slicing, command.progress("slice")); });
  bank.slices = slicing::select(std::move(found), options.selection);
  bank.source.frames = file.frames();
  bank.source.sha256 = file.sha256();
  bank.source.path = io::path_for(command.output(), file.path());
  return bank;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-slice", argc, argv, "Cut a sound into slices", [](tool::Command& command) {
    command.takes_input("Sound file; - is standard input");
    command.takes_output("Bank document; standard output by default");
    command.takes_range();
    command.takes_cache();
    tool::Options options;
    tool::describe(command, options);
    command.parse();
    tool::read(command, options);

    const std::string recipe = recipe_of(command, options);
    if (!command.to_stdout() && tool::is_complete(command, command.output(), options.files, recipe)) return;
    tool::FileSound file(command.input(), command);
    constexpr Frames everything = std::numeric_limits<Frames>::max() / 2;
    FrameRange range = command.range(file.info().rate).value_or(FrameRange{0, file.info().frames.value_or(everything)});
    auto bank = make_bank(command, file, options, range);
    tool::write_files(command, file, range, bank, options.files, command.output(), recipe);
    command.write(io::to_json(bank, recipe));
  });
}
