#include "options.hpp"

#include <algorithm>
#include <charconv>

#include "sfa/tool/between.hpp"
#include "slice_names.hpp"

namespace sfa::tool {
namespace {

void describe_points(CLI::App& app, Options& options) {
  app.add_option("--at", options.at,
                 "Where to cut: onsets, as by default, bars, beats, eighths, sixteenths, triplets, 1/N, Nbars, Nbeats, "
                 "sections, silences, or N for that many equal parts")
      ->type_name("WHERE");
  app.add_option("--times", options.times, "Cut at these times, in seconds")
      ->type_name("SECONDS,...")
      ->delimiter(',')
      ->check(between(0.0, 1e6));
  app.add_option("--times-from", options.times_from, "Cut at the times in this file: the first number of each line")
      ->type_name("FILE");
  app.add_option("--onsets-of", options.onsets_of, "Cut at the onsets of another sound, say of another stem")
      ->type_name("FILE");
  app.add_option("--method", options.method, "How onsets are found: superflux, as by default, or aubio")
      ->type_name("METHOD")
      ->check(CLI::IsMember(std::vector<std::string>{"superflux", "aubio"}));
  app.add_option("--sensitivity", options.slicing.sensitivity,
                 "0 the strongest onsets only, 1 the faintest too; by default 0.4")
      ->type_name("0..1")
      ->check(between(0.0, 1.0));
  app.add_option("--analysis", options.analysis, "Analysis document to take tempo, beats and sections from")
      ->type_name("FILE");
  app.add_option("--bpm", options.bpm, "A grid of this tempo instead of the sound's own beats")
      ->type_name("BPM")
      ->check(between(1.0, 1000.0));
  app.add_option("--offset", options.offset, "Where the first bar of --bpm begins; by default 0")
      ->type_name("SECONDS")
      ->check(between(0.0, 1e6));
  app.add_option("--beats-per-bar", options.beats_per_bar, "Of a grid that does not know its bars; by default 4")
      ->type_name("N")
      ->check(between(1, 64));
  app.add_option("--silence", options.slicing.silence_db, "What stays below this level is silent; by default -60")
      ->type_name("DB")
      ->check(between(-120.0, 0.0));
  app.add_option("--silence-length", options.slicing.silence_length, "Shorter silence is no cut; by default 0.1")
      ->type_name("SECONDS")
      ->check(between(0.001, 1e6));
}

void describe_slices(CLI::App& app, Options& options) {
  app.add_option("--min-length", options.slicing.min_length,
                 "Least length of a slice at onsets and on the grid; by default 0.05")
      ->type_name("SECONDS")
      ->check(between(0.0, 1e6));
  app.add_option("--max-length", options.slicing.max_length, "Longer slices lose their ends")
      ->type_name("SECONDS")
      ->check(between(0.001, 1e6));
  app.add_option("--tail", options.slicing.tail, "How long slices ring on into those after them; by default 0")
      ->type_name("SECONDS")
      ->check(between(0.0, 60.0));
  app.add_option("--snap", options.snap_ms,
                 "How far a cut may move to a zero crossing; by default 3, and 0 for equal parts")
      ->type_name("MS")
      ->check(between(0.0, 100.0));
  app.add_option("--fade-in", options.fade_in_ms, "Fade at a slice's begin; by default 0.3, when it is played")
      ->type_name("MS")
      ->check(between(0.0, 10000.0));
  app.add_option("--fade-out", options.fade_out_ms, "Fade at a slice's end; by default 3, when it is played")
      ->type_name("MS")
      ->check(between(0.0, 10000.0));
  app.add_option("--normalize", options.selection.peak_db, "Bring each slice's peak to this level")
      ->type_name("DB")
      ->check(between(-60.0, 0.0));
}

void describe_selection(CLI::App& app, Options& options) {
  app.add_option("--only", options.only, "Keep slices of these classes alone, as in kick,hat")
      ->type_name("CLASS,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--unique", options.selection.unique, "Of slices that are so similar keep the loudest, as in 0.9")
      ->type_name("0..1")
      ->check(between(0.0, 1.0));
  app.add_option("--keep", options.selection.keep, "Keep the so many loudest")->type_name("N")->check(between(1, 1000000));
  app.add_option("--group", options.selection.group, "Number the groups of slices that are so similar")
      ->type_name("0..1")
      ->check(between(0.0, 1.0));
  app.add_option("--order", options.order, "time, as by default, loudness, pitch, brightness, length or class")
      ->type_name("ORDER")
      ->check(CLI::IsMember(std::vector<std::string>{"time", "loudness", "pitch", "brightness", "length", "class"}));
}

void describe_files(CLI::App& app, Options& options) {
  app.add_option("--wav", options.files.folder, "Write each slice as a sound file into this folder")->type_name("DIR");
  app.add_option("--name", options.files.name, "What these files are called; by default {n:03}-{class}.{ext}")
      ->type_name("TEMPLATE");
  app.add_option("--cue-wav", options.files.cue_wav, "Write the sound with its slices as cue points and labels")
      ->type_name("FILE");
}

/// The words that --at takes, but for numbers.
void read_at(Options& options) {
  auto& slicing = options.slicing;
  slicing.at = slicing::SliceAt::times;
  if (options.at == "onsets") {
    slicing.at = slicing::SliceAt::onsets;
  } else if (options.at == "silences") {
    slicing.at = slicing::SliceAt::silences;
  } else if (options.at == "sections") {
    options.at_sections = true;
    if (options.analysis.empty()) throw UsageError("--at sections: needs --analysis, which knows them");
  } else if (options.division = slicing::division(options.at); !options.division) {
    slicing.at = slicing::SliceAt::parts;
    const char* end = options.at.data() + options.at.size();
    const auto [rest, failure] = std::from_chars(options.at.data(), end, slicing.parts);
    if (failure != std::errc() || rest != end || slicing.parts < 1 || slicing.parts > 1000000)
      throw UsageError("--at: must be onsets, bars, beats, eighths, sixteenths, triplets, 1/N, Nbars, Nbeats, sections, "
                       "silences or a number of parts from 1 to 1000000, not " + options.at);
  }
}

void check_together(const Command& command, const Options& options, bool at_given) {
  const int lists = (options.times.empty() ? 0 : 1) + (options.times_from.empty() ? 0 : 1) + (options.onsets_of.empty() ? 0 : 1);
  if (lists + (at_given ? 1 : 0) > 1) throw UsageError("--at, --times, --times-from and --onsets-of: take one of them");
  if (options.bpm && !options.analysis.empty()) throw UsageError("--bpm and --analysis: take one of them");
  if (!options.bpm && options.offset != 0.0) throw UsageError("--offset: goes with --bpm");
  if (options.files.cue_wav == "-") throw UsageError("--cue-wav: needs a file, since its marks come last");
  if (!options.files.cue_wav.empty() && options.files.cue_wav == command.output())
    throw UsageError("--cue-wav: " + options.files.cue_wav + " is the bank's own name");
}

}  // namespace

void describe(Command& command, Options& options) {
  auto& app = command.app();
  describe_points(app, options);
  describe_slices(app, options);
  describe_selection(app, options);
  describe_files(app, options);
}

void read(const Command& command, Options& options) {
  const bool listed = !options.times.empty() || !options.times_from.empty() || !options.onsets_of.empty();
  check_together(command, options, options.at != "onsets");
  read_at(options);
  if (listed) options.slicing.at = slicing::SliceAt::times;
  options.slicing.method = options.method == "aubio" ? slicing::OnsetMethod::aubio : slicing::OnsetMethod::superflux;
  if (options.snap_ms) options.slicing.snap = *options.snap_ms / 1000.0;
  if (options.fade_in_ms) options.slicing.fade_in = *options.fade_in_ms / 1000.0;
  if (options.fade_out_ms) options.slicing.fade_out = *options.fade_out_ms / 1000.0;
  options.files.with_fades = options.fade_in_ms || options.fade_out_ms;
  if (options.files.with_fades && !options.fade_in_ms) options.slicing.fade_in = 0.0;
  if (options.files.with_fades && !options.fade_out_ms) options.slicing.fade_out = 0.0;
  options.selection.order = *slicing::slice_order(options.order);
  for (const auto& name : options.only) {
    const auto kind = slicing::slice_class(name);
    if (!kind) throw UsageError("--only: no class \"" + name + "\"");
    options.selection.only.push_back(*kind);
  }
  check_template(options.files.name);
}

}  // namespace sfa::tool
