// sfa-play: sounds, stems and patterns, live or into a file.
#include <fmt/core.h>

#include "live.hpp"
#include "material.hpp"
#include "offline.hpp"
#include "options.hpp"
#include "sfa/io/document.hpp"
#include "sfa/playback/output.hpp"
#include "sfa/tool/between.hpp"
#include "sfa/tool/command.hpp"

namespace {
using namespace sfa;
using play::Options;

void describe(tool::Command& command, Options& options) {
  command.takes_input("Sound file, sfa.stems or sfa.events document; - is standard input");
  command.takes_output("Render to this file instead of playing; - is standard output, as WAV");
  command.takes_range();
  command.takes_sample_rate();
  auto& app = command.app();
  app.get_option("FILE")->required(false);  // --list-devices needs none
  app.add_flag("--live-stems", options.live_stems, "Separate a sound into drums, bass, other and vocals while it plays");
  app.add_option("--model", options.model, "Network for --live-stems: a name or a checkpoint")->type_name("MODEL");
  app.add_option("--model-dir", options.model_dir, "Folder of models, looked through before the usual ones")
      ->type_name("DIR");
  app.add_option("--mute", options.mute, "Silence tracks, by names or numbers")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--solo", options.solo, "Play these tracks alone, by names or numbers")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--gain", options.gain_db, "Gain of the whole in decibels")
      ->type_name("DB")
      ->check(tool::between(-120.0, 40.0));
  app.add_option("--loop", options.passes, "Play this many times over")->type_name("N")->check(tool::between(1, 100000));
  app.add_option("--bit-depth", options.bit_depth, "Of the file: 16, 24 or 32; float where it is not given")
      ->type_name("BITS")
      ->check(CLI::IsMember(std::vector<int>{16, 24, 32}));
  app.add_option("--buffer", options.buffer_frames, "Frames rendered at a time")
      ->type_name("FRAMES")
      ->check(tool::between(16, 65536));
  app.add_option("--api", options.api, "auto, jack, pulse or alsa")
      ->type_name("API")
      ->check(CLI::IsMember(std::vector<std::string>{"auto", "jack", "pulse", "alsa"}));
  app.add_option("--device", options.device, "Audio device, by its name or a part of it")->type_name("NAME");
  for (const auto* option : {"--buffer", "--api", "--device"}) command.leave_out_of_recipe(option);
  app.add_flag("--list-devices", options.list_devices, "List the audio devices and exit");
}

void describe_rules(tool::Command& command, Options& options) {
  auto& app = command.app();
  auto& rules = options.rules;
  command.takes_seed();
  app.add_option("--rules", rules.rules_file, "Play FILE, a bank, by these voices and rules; edits are heard at the next bar")
      ->type_name("RULES");
  app.add_option("--rule", rules.rules, "One rule more, as in 'every 4: reverse'; any number of times")
      ->type_name("RULE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--mode", rules.mode, "How FILE, a bank, is played where the rules have no voices: see sfa-seq")->type_name("MODE");
  app.add_option("--bars", options.bars, "Length of what is played by rules; on and on by default, into a file 4")
      ->type_name("N")
      ->check(tool::between(1, 9999));
}

/// The input as rules, if it is that or comes with some.
std::optional<play::Material> rules_material(tool::Command& command, Options& options) {
  const auto input = command.inputs().empty() ? "" : command.input();
  if (options.ruled()) {
    if (input == "-" && options.rules.rules_file == "-") throw tool::UsageError("only one of FILE and --rules can be standard input");
    options.rules.bank = input;
  } else if (!options.live_stems && input != "-" && io::begins_a_document(input) &&
             io::document_format(io::read_document(input)) == "sfa.rules") {
    options.rules.rules_file = input;
  } else {
    if (options.bars) throw tool::UsageError("--bars is for rules");
    return std::nullopt;
  }
  if (options.live_stems) throw tool::UsageError("--live-stems takes a sound, not rules");
  if (options.passes > 1) throw tool::UsageError("--loop: rules go on by themselves, see --bars");
  const bool live = command.output().empty();
  return play::open_rules(play::Ruled(options.rules, command.seed(), options.bars.value_or(live ? 0 : 4)), live);
}

void list_devices(tool::Command& command, const Options& options) {
  std::string lines;
  for (const auto& device : playback::devices(playback::api_named(options.api)))
    lines += fmt::format("{}\t{}\t{} channels\t{} Hz{}\n", playback::name(device.api), device.name, device.channels,
                         device.preferred_rate.hz, device.is_default ? "\tdefault" : "");
  if (lines.empty()) command.note("no audio devices");
  command.write(lines);
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-play", argc, argv, "Play sounds, stems and patterns", [](tool::Command& command) {
    Options options;
    describe(command, options);
    describe_rules(command, options);
    command.parse();
    if (options.list_devices) {
      list_devices(command, options);
      return;
    }
    if (command.inputs().empty() && !options.ruled()) throw tool::UsageError("FILE is required");
    if (!options.live_stems && !(options.model.empty() && options.model_dir.empty()))
      throw tool::UsageError("--model and --model-dir are for --live-stems");
    auto ruled = rules_material(command, options);
    auto material = ruled                ? std::move(*ruled)
                    : options.live_stems ? play::open_live_stems(command.input(), options.model, options.model_dir)
                                         : play::open_material(command.input());
    if (command.output().empty())
      play::play_live(command, std::move(material), options);
    else
      play::render_to_file(command, std::move(material), options);
  });
}
