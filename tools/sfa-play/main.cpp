// sfa-play: sounds, stems and patterns, live or into a file.
#include <fmt/core.h>

#include "live.hpp"
#include "material.hpp"
#include "offline.hpp"
#include "options.hpp"
#include "sfa/io/document.hpp"
#include "sfa/playback/output.hpp"
#include "sfa/tool/command.hpp"

namespace {
using namespace sfa;
using play::Options;

/// The input as rules, if it is that or comes with some.
std::optional<play::Material> rules_material(tool::Command& command, Options& options) {
  const auto input = command.inputs().empty() ? "" : command.input();
  if (options.ruled()) {
    options.rules.bank = input;
  } else if (!options.live_stems && !io::is_stream(input) && io::begins_a_document(input) &&
             io::document_format(io::read_document(input)) == "sfa.rules") {
    options.rules.rules_file = input;
  } else {
    if (const auto option = options.rules_option(); !option.empty()) throw tool::UsageError(option + " is for rules");
    return std::nullopt;
  }
  seq::check_inputs(options.rules);
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
    play::describe(command, options);
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
