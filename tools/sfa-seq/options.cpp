#include "options.hpp"

#include <charconv>

#include "sfa/tool/between.hpp"

namespace sfa::seq {
namespace {

std::string check_bars(const std::string& text) {
  int bars = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bars);
  const bool good = error == std::errc() && end == text.data() + text.size() && bars >= 1 && bars <= 9999;
  return good || text == "inf" ? "" : "must be a whole number from 1 to 9999, or inf";
}

CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& what) {
  return app.add_option(name, values, what)->expected(1)->take_all()->allow_extra_args(false);
}

}  // namespace

std::string Options::voice_option() const {
  if (!mode.empty()) return "--mode";
  if (!choice.empty()) return "--choice";
  if (!weights.empty()) return "--weights";
  if (!only.empty()) return "--only";
  if (steps_per_beat) return "--steps-per-beat";
  if (length) return "--length";
  if (swing_percent) return "--swing";
  if (shift) return "--shift";
  if (humanize) return "--humanize";
  if (gate_steps) return "--gate";
  return {};
}

std::string Options::making_option() const {
  if (tempo) return "--tempo";
  if (!meter.empty()) return "--meter";
  if (!analysis.empty()) return "--analysis";
  if (!scene.empty()) return "--scene";
  if (!variables.empty()) return "--set";
  if (fill_bars > 0) return "--fill";
  return {};
}

void describe_voice(CLI::App& app, Options& options) {
  using tool::between;
  app.add_option("--choice", options.choice, "Which slice comes next: order, random, no-repeat or weighted")
      ->type_name("CHOICE");
  add_list(app, "--weights", options.weights, "How often classes or slices are chosen by weight, as in kick*4,7*2")
      ->type_name("WHAT*W,...")
      ->delimiter(',');
  add_list(app, "--only", options.only, "Play slices of these classes alone, as in kick,snare")
      ->type_name("CLASS,...")
      ->delimiter(',');
  app.add_option("--steps-per-beat", options.steps_per_beat, "Steps in a quarter note")
      ->type_name("N")
      ->check(between(1, 96));
  app.add_option("--length", options.length, "Begin the mode anew after so many steps")
      ->type_name("STEPS")
      ->check(between(1, 65536));
  app.add_option("--swing", options.swing_percent,
                 "Where in a pair of steps the second falls: 50 straight, 66 shuffled")
      ->type_name("PERCENT")
      ->check(between(50.0, 75.0));
  app.add_option("--shift", options.shift, "Play later or (negative) earlier, in steps")
      ->type_name("STEPS")
      ->check(between(-0.5, 0.5));
  app.add_option("--humanize", options.humanize, "Play so much earlier or later at most, at random")
      ->type_name("STEPS")
      ->check(between(0.0, 0.5));
  app.add_option("--gate", options.gate_steps, "Release events after so many steps; 0: let them ring")
      ->type_name("STEPS")
      ->check(between(0.0, 64.0));
}

void describe_making(CLI::App& app, Options& options) {
  using tool::between;
  app.add_option("--tempo", options.tempo, "Quarter notes a minute; by default the rules', the bank's, or 120")
      ->type_name("BPM")
      ->check(between(10.0, 1000.0));
  app.add_option("--meter", options.meter, "Time signature")->type_name("N/D");
  app.add_option("--analysis", options.analysis, "Analysis of the song (sfa-analyze makes it), for its sections")
      ->type_name("FILE");
  app.add_option("--scene", options.scene, "The scene to begin in")->type_name("NAME");
  add_list(app, "--set", options.variables, "Begin with this value of a variable")->type_name("NAME=NUMBER");
  app.add_option("--fill", options.fill_bars, "Let fill hold in every N-th bar")
      ->type_name("N")
      ->check(between(1, 9999));
}

void check_inputs(const Options& options) {
  if (options.bank == "-" && options.rules_file == "-")
    throw tool::UsageError("only one of FILE and --rules can be standard input");
  if (options.analysis == "-" && (options.bank == "-" || options.rules_file == "-"))
    throw tool::UsageError("only one of FILE, --rules and --analysis can be standard input");
}

void describe(tool::Command& command, Options& options) {
  auto& app = command.app();
  app.add_option("FILE", options.bank, "Bank of slices (sfa-slice makes it); - is standard input")->type_name("");
  command.takes_output("Events document; standard output by default");
  command.takes_seed();
  app.add_option("--rules", options.rules_file, "Voices and rules, as sfa.rules or in lines; - is standard input")
      ->type_name("FILE");
  add_list(app, "--rule", options.rules, "'CONDITIONS: ACTIONS', as in 'every 4: reverse'; any number of times")
      ->type_name("RULE");
  app.add_option("--rules-format", options.rules_format, "Write the rules in this notation, and no events")
      ->check(CLI::IsMember(std::vector<std::string>{"json", "text"}));
  app.add_option("--mode", options.mode,
                 "seq, euclid:K/N, prob:P, chaos, random, markov, pattern:STEPS or poly:A,B ...")
      ->type_name("MODE");
  describe_voice(app, options);
  app.add_option("--bars", options.bars, "Length, or inf: on and on, as JSON Lines")
      ->type_name("N|inf")
      ->check(check_bars);
  describe_making(app, options);
  app.add_flag("--explain", options.explain, "Tell with each event which rules fired and on which draw");
  app.add_flag("--stream", options.stream, "Write JSON Lines: what all events share, then each event");
}

}  // namespace sfa::seq
