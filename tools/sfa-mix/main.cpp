// sfa-mix: stems, sound files or a session into one sound.
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "session_input.hpp"
#include "sfa/io/json_session.hpp"
#include "sfa/mix/mixdown.hpp"
#include "sfa/tool/command.hpp"
#include "writer.hpp"

namespace {
using namespace sfa;

struct Options {
  tool::Changes changes;
  int bit_depth = 0;
  bool dither = true;
  std::string stems, session;
};

void describe(tool::Command& command, Options& options) {
  command.takes_inputs("Sound files, each a track; or one stems manifest or session; - is standard input");
  command.takes_output("The mix, in the format of its ending; - is standard output, as WAV (the default)");
  command.takes_sample_rate();
  command.takes_range();
  command.takes_seed();
  auto& app = command.app();
  auto& changes = options.changes;
  app.add_option("--gain", changes.gains, "Level of a track in dB")->type_name("TRACK=DB")->allow_extra_args(false);
  app.add_option("--pan", changes.pans, "Place of a track, -1 left to 1 right")
      ->type_name("TRACK=X")
      ->allow_extra_args(false);
  app.add_option("--mute", changes.mutes, "Leave tracks out")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--solo", changes.solos, "Mix these tracks alone")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--pan-law", changes.pan_law, "Pan law of all tracks: linear, equal-power, compromise or balance")
      ->type_name("LAW")
      ->check(CLI::IsMember({"linear", "equal-power", "compromise", "balance"}));
  app.add_option("--target-lufs", changes.target_lufs, "Integrated loudness to reach")
      ->type_name("LUFS")
      ->check(CLI::Range(-70.0, 0.0));
  app.add_option("--ceiling", changes.ceiling_db, "Highest true peak in dBTP; -1 by default where there is a target")
      ->type_name("DB")
      ->check(CLI::Range(-100.0, 20.0));
  app.add_option("--bit-depth", options.bit_depth, "16, 24 or 32 bit integers (default: float, else 24)")
      ->type_name("N")
      ->check(CLI::IsMember({16, 24, 32}));
  app.add_flag("--dither,!--no-dither", options.dither, "Dither 16 and 24 bits by triangular noise (the default)");
  app.add_option("--stems", options.stems, "Write each track as it is heard in the mix into this folder")
      ->type_name("DIR");
  app.add_option("--write-session", options.session, "Write the session that is mixed; without -o, nothing else")
      ->type_name("FILE");
}

/// Everything that decides the mix's samples: options, the session and its sounds.
std::string recipe_of(tool::Command& command, const mix::Session& session, tool::SoundFiles& files) {
  auto recipe = command.recipe();
  recipe.option("session", io::to_json(session));
  std::set<std::string> paths;
  for (const auto& track : session.tracks)
    for (const auto& clip : track.clips)
      if (paths.insert(clip.path).second) recipe.file(files.readable(clip.path));
  return recipe.text();
}

void tell(tool::Command& command, const tool::Outcome& outcome, const mix::Goal& goal) {
  if (goal.target_lufs || goal.ceiling_db) {
    const auto [gain, binding] = outcome.correction;
    command.note(fmt::format("{:.1f} LUFS, {:.1f} dBTP, {:+.1f} dB for {}", outcome.before.integrated_lufs + gain,
                             outcome.before.true_peak_db + gain, gain,
                             binding == mix::Binding::ceiling  ? "the ceiling"
                             : binding == mix::Binding::target ? "the target loudness"
                                                               : "no goal"));
  }
  if (outcome.clipped > 0)
    command.note(fmt::format("{} samples were beyond full scale and are clipped; --ceiling -1 turns the mix down",
                             outcome.clipped));
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-mix", argc, argv, "Mix stems, sound files or a session", [](tool::Command& command) {
    Options options;
    describe(command, options);
    command.parse();
    const std::string output = command.output().empty() ? "-" : command.output();
    const bool only_session = !options.session.empty() && command.output().empty();
    if (!only_session) command.check_sound_output(output);
    if (!only_session && output == "-" && options.session == "-")
      throw tool::UsageError("standard output takes the mix or the session, not both");

    tool::SoundFiles files;
    options.changes.sample_rate = command.sample_rate();
    auto session = tool::read_session(command.inputs(), files);
    tool::apply(options.changes, session);
    const mix::Mixdown plan(session, files);  // what is wrong with it shows here

    const auto recipe = recipe_of(command, session, files);
    if (!options.session.empty() && command.needs_making(options.session, recipe))
      tool::write_session(options.session, session, recipe);
    if (only_session) return;

    const std::string named = output == "-" ? "mix.wav" : output;  // what decides the format
    tool::Delivery delivery{.mix = output,
                            .stems = {},
                            .format = io::format_for(named, options.bit_depth),
                            .dither = options.dither,
                            .seed = command.seed(),
                            .range = command.range(plan.rate()),
                            .recipe = recipe};
    bool wanted = command.needs_making(output, recipe);
    if (!options.stems.empty())
      delivery.stems = tool::stem_paths(session, options.stems, std::filesystem::path(named).extension().string());
    const auto place = [](const std::string& path) { return std::filesystem::absolute(path).lexically_normal(); };
    for (const auto& path : delivery.stems) {
      if (path.empty()) continue;
      if (place(path) == place(output)) throw tool::UsageError(path + " cannot be both the mix and a stem");
      wanted |= command.needs_making(path, recipe);
    }
    if (!wanted) return;
    const auto outcome = deliver(session, files, delivery, command.progress("measure"), command.progress("mix"));
    tell(command, outcome, session.master.goal);
  });
}
