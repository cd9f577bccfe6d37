// sfa-play: sounds, stems and patterns, live or into a file.
#include <fmt/core.h>

#include "live.hpp"
#include "material.hpp"
#include "offline.hpp"
#include "options.hpp"
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
    command.parse();
    if (options.list_devices) {
      list_devices(command, options);
      return;
    }
    if (command.inputs().empty()) throw tool::UsageError("FILE is required");
    if (!options.live_stems && !(options.model.empty() && options.model_dir.empty()))
      throw tool::UsageError("--model and --model-dir are for --live-stems");
    auto material = options.live_stems ? play::open_live_stems(command.input(), options.model, options.model_dir)
                                       : play::open_material(command.input());
    if (command.output().empty())
      play::play_live(command, std::move(material), options);
    else
      play::render_to_file(command, std::move(material), options);
  });
}
