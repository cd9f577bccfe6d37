#include "options.hpp"

#include "sfa/tool/between.hpp"

namespace sfa::play {
namespace {

void describe_playing(tool::Command& command, Options& options) {
  command.takes_input("Sound file, sfa.stems, sfa.events or sfa.rules document, or a bank with rules; - is standard input");
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

void describe_master(tool::Command& command, Options& options) {
  auto& app = command.app();
  app.add_flag_function("--limiter,!--no-limiter", [&](std::int64_t times) { options.limiter = times > 0; },
                        "Keep true peaks under the ceiling (the default for patterns and rules)");
  app.add_option("--ceiling", options.ceiling_db, "Highest true peak in dBTP; -1 by default. It implies --limiter")
      ->type_name("DB")
      ->check(tool::between(-60.0, 0.0));
  app.add_option("--compress", options.compress, "Compress the whole by this ratio")
      ->type_name("RATIO")
      ->check(tool::between(1.0, 1000.0));
  app.add_option("--threshold", options.threshold_db, "Level from which --compress works; -18 by default")
      ->type_name("DB")
      ->check(tool::between(-120.0, 0.0));
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
  seq::describe_voice(app, rules);
  app.add_option("--bars", options.bars, "Length of what is played by rules; on and on by default, into a file 4")
      ->type_name("N")
      ->check(tool::between(1, 9999));
  seq::describe_making(app, rules);
}

void describe_control(tool::Command& command, Options& options) {
  auto& app = command.app();
  auto& control = options.control;
  app.add_option("--control", control.socket, "Take commands, lines of JSON, on a Unix socket of this name")->type_name("PATH");
  app.add_option("--state", control.state, "Write the state 30 times a second, lines of JSON; - is standard output")->type_name("FILE");
  app.add_option("--osc", control.osc_port, "Take commands by OSC on this UDP port")->type_name("PORT")->check(tool::between(1, 65535));
  app.add_flag("--osc-from-anywhere", control.osc_from_anywhere, "Take them from other machines too")->needs("--osc");
  app.add_option("--osc-to", control.osc_to, "Send the state and the rules' messages there by OSC")->type_name("HOST:PORT");
  app.add_option("--midi-out", options.midi_out, "Send the rules' MIDI messages to this port, or by one of its own: virtual")
      ->type_name("PORT");
  app.add_option("--reconnect", options.reconnect, "Wait so long for a device that went away")
      ->type_name("SECONDS")
      ->check(tool::between(0.0, 86400.0));
  for (const auto* option : {"--midi-out", "--reconnect"}) command.leave_out_of_recipe(option);
}

}  // namespace

void describe(tool::Command& command, Options& options) {
  describe_playing(command, options);
  describe_master(command, options);
  describe_rules(command, options);
  describe_control(command, options);
}

std::vector<engine::Action> first_actions(const Material& material, const Options& options) {
  std::vector<engine::Action> actions{engine::SetGain{to_gain({options.gain_db})}};
  for (const auto& word : options.mute) actions.emplace_back(engine::SetMute{track_called(material, word), true});
  for (const auto& word : options.solo) actions.emplace_back(engine::SetSolo{track_called(material, word), true});
  return actions;
}

engine::MasterOptions master_options(const Material& material, const Options& options) {
  engine::MasterOptions master;
  if (options.threshold_db && !options.compress) throw tool::UsageError("--threshold is for --compress");
  if (options.ceiling_db && options.limiter == false) throw tool::UsageError("--ceiling is for --limiter");
  if (options.compress) {
    master.compressor = effects::CompressorOptions{.ratio = *options.compress};
    if (options.threshold_db) master.compressor->threshold_db = *options.threshold_db;
  }
  // Many voices add up to more than each; what comes mixed stays as it is.
  const bool is_pattern = !material.kit.empty();
  if (options.limiter.value_or(is_pattern || options.ceiling_db)) {
    master.limiter = effects::LimiterOptions{};
    if (options.ceiling_db) master.limiter->ceiling_db = *options.ceiling_db;
  }
  return master;
}

}  // namespace sfa::play
