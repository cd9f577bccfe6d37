// sfa-mix: stems, sound files or a session into one sound.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <set>

#include "options.hpp"
#include "session_input.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_session.hpp"
#include "sfa/mix/mixdown.hpp"
#include "sfa/tool/command.hpp"
#include "writer.hpp"

namespace {
using namespace sfa;

struct Length {
  Frames frames;
  SampleRate rate;
};

/// Plans the mix, so that what is wrong with the session shows, and is told with the document's name.
Length mix_length(const mix::Session& session, const std::string& document, tool::SoundFiles& files) {
  const auto plan = [&] {
    const mix::Mixdown mixdown(session, files);
    return Length{mixdown.frames(), mixdown.rate()};
  };
  return document.empty() ? plan() : io::about(document, plan);
}

/// Everything that decides the mix's samples: options, the session and its sounds.
std::string recipe_of(tool::Command& command, const mix::Session& session, tool::SoundFiles& files) {
  auto recipe = command.recipe();
  recipe.option("session", io::to_json(session));
  std::set<std::string> paths;
  for (const auto& track : session.tracks)
    for (const auto& clip : track.clips)
      if (paths.insert(clip.path).second) {
        recipe.file(files.readable(clip.path));
        command.reads(clip.path);
      }
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

/// What is to be made and is not there yet; nothing if all of it is there.
std::optional<tool::Delivery> delivery_of(tool::Command& command, const tool::Options& options,
                                          const std::string& output, const mix::Session& session, SampleRate rate,
                                          const std::string& recipe) {
  const std::string named = output == "-" ? "mix.wav" : output;  // what decides the format
  tool::Delivery delivery{.mix = output,
                          .stems = {},
                          .format = io::format_for(named, options.bit_depth),
                          .dither = options.dither,
                          .seed = command.seed(),
                          .range = command.range(rate),
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
  return wanted ? std::optional(std::move(delivery)) : std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-mix", argc, argv, "Mix stems, sound files or a session", [](tool::Command& command) {
    tool::Options options;
    describe(command, options);
    command.parse();
    const std::string output = command.output().empty() ? "-" : command.output();
    const bool only_session = !options.session.empty() && command.output().empty();
    if (!only_session) command.check_sound_output(output);
    if (!only_session && output == "-" && options.session == "-")
      throw tool::UsageError("standard output takes the mix or the session, not both");

    tool::SoundFiles files;
    options.changes.sample_rate = command.sample_rate();
    auto [session, document] = tool::read_session(command.inputs(), files);
    tool::apply(options.changes, session);
    const auto [frames, rate] = mix_length(session, document, files);
    if (!only_session) command.check_start(fmt::format("{}", fmt::join(command.inputs(), ", ")), frames, rate);

    const auto recipe = recipe_of(command, session, files);
    if (!options.session.empty() && command.needs_making(options.session, recipe))
      tool::write_session(options.session, session, recipe);
    if (only_session) return;
    const auto delivery = delivery_of(command, options, output, session, rate, recipe);
    if (!delivery) return;
    const auto outcome = deliver(session, files, *delivery, command.progress("measure"), command.progress("mix"));
    tell(command, outcome, session.master.goal);
  });
}
