// sfa-slice: a sound in, a bank of its slices out.
#include <charconv>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/slicing/grid.hpp"
#include "sfa/slicing/slice.hpp"
#include "sfa/tool/between.hpp"
#include "sfa/tool/command.hpp"
#include "slice_files.hpp"

namespace {
using namespace sfa;

struct Options {
  slicing::SliceOptions slicing;
  std::string at = "onsets", method = "superflux", analysis, wav;
  double snap_ms = -1.0;  // below 0: as the library has it
  double fade_in_ms = 0.3, fade_out_ms = 3.0;
};

void describe(tool::Command& command, Options& options) {
  command.takes_input("Sound file; - is standard input");
  command.takes_output("Bank document; standard output by default");
  command.takes_range();
  command.takes_cache();
  auto& app = command.app();
  app.add_option("--at", options.at, "Where to cut: onsets, as by default, beats, or N for that many equal parts")
      ->type_name("WHERE");
  app.add_option("--method", options.method, "How onsets are found: superflux, as by default, or aubio")
      ->type_name("METHOD")
      ->check(CLI::IsMember(std::vector<std::string>{"superflux", "aubio"}));
  app.add_option("--sensitivity", options.slicing.sensitivity,
                 "0 the strongest onsets only, 1 the faintest too; by default 0.4")
      ->type_name("0..1")
      ->check(tool::between(0.0, 1.0));
  app.add_option("--min-length", options.slicing.min_length,
                 "Least length of a slice at onsets and beats; by default 0.05")
      ->type_name("SECONDS")
      ->check(tool::between(0.0, 1e6));
  app.add_option("--analysis", options.analysis, "Analysis document to take tempo and beats from")
      ->type_name("FILE");
  app.add_option("--snap", options.snap_ms,
                 "How far a cut may move to a zero crossing; by default 3, and 0 for equal parts")
      ->type_name("MS")
      ->check(tool::between(0.0, 100.0));
  app.add_option("--fade-in", options.fade_in_ms, "Fade at a slice's begin; by default 0.3")
      ->type_name("MS")
      ->check(tool::between(0.0, 10000.0));
  app.add_option("--fade-out", options.fade_out_ms, "Fade at a slice's end; by default 3")
      ->type_name("MS")
      ->check(tool::between(0.0, 10000.0));
  app.add_option("--wav", options.wav, "Write each slice as a WAV file into this folder")->type_name("DIR");
}

/// The options as the library takes them.
slicing::SliceOptions slice_options(const Options& options) {
  slicing::SliceOptions result = options.slicing;
  if (options.at == "onsets") {
    result.at = slicing::SliceAt::onsets;
  } else if (options.at == "beats") {
    result.at = slicing::SliceAt::beats;
  } else {
    result.at = slicing::SliceAt::parts;
    const char* end = options.at.data() + options.at.size();
    const auto [rest, failure] = std::from_chars(options.at.data(), end, result.parts);
    if (failure != std::errc() || rest != end || result.parts < 1 || result.parts > 1000000)
      throw tool::UsageError("--at: must be onsets, beats or a number of parts from 1 to 1000000, not " +
                             options.at);
  }
  result.method = options.method == "aubio" ? slicing::OnsetMethod::aubio : slicing::OnsetMethod::superflux;
  if (options.snap_ms >= 0.0) result.snap = options.snap_ms / 1000.0;
  result.fade_in = options.fade_in_ms / 1000.0;
  result.fade_out = options.fade_out_ms / 1000.0;
  return result;
}

/// Tempo and beats of an analysis document.
slicing::Grid read_grid(const std::string& path) {
  const auto analysis = io::parse_document(path, io::read_document(path), io::analysis_from_json);
  slicing::Grid grid{analysis.tempo.bpm, {}};
  for (const auto& beat : analysis.beats) grid.beats.push_back(beat.time);
  return grid;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-slice", argc, argv, "Cut a sound into slices", [](tool::Command& command) {
    Options options;
    describe(command, options);
    command.parse();
    auto slicing = slice_options(options);
    const std::string& input = command.input();

    auto material = command.recipe().file(input).option("path", io::path_for(command.output(), input));
    if (!options.analysis.empty()) {
      material.file(options.analysis);
      command.reads(options.analysis);
    }
    const std::string recipe = material.text();
    if (!command.to_stdout() && tool::is_complete(command, command.output(), recipe)) return;

    const AudioBuffer audio = io::read_sound(input, {}, command.progress("read"));
    command.check_start(input, audio.frames(), audio.rate());
    const FrameRange range = command.range(audio.rate()).value_or(audio.view().range());
    slicing.grid = options.analysis.empty() ? slicing::find_grid(audio, range, command.progress("find beats"))
                                            : read_grid(options.analysis);
    if (slicing.at == slicing::SliceAt::beats && slicing.grid.beats.empty())
      throw Error(Error::Kind::invalid_data, io::input_name(input) + ": no beats to cut at");
    auto bank = io::about(input, [&] { return slicing::slice(audio, range, slicing, command.progress("slice")); });
    bank.source.path = io::path_for(command.output(), io::is_stream(input) ? command.cache().keep(audio) : input);
    bank.source.sha256 = io::audio_sha256(audio);
    if (!options.wav.empty()) tool::write_slices(command, audio, bank, options.wav, command.output(), recipe);
    command.write(io::to_json(bank, recipe));
  });
}
