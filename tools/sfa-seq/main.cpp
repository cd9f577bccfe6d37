// sfa-seq: a bank in, a pattern of its slices out.
#include <algorithm>
#include <optional>

#include "bank_slices.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/json_events.hpp"
#include "sfa/rules/pattern.hpp"
#include "sfa/tool/between.hpp"
#include "sfa/tool/command.hpp"

namespace {
using namespace sfa;

struct Options {
  std::string mode = "seq", choice, meter = "4/4";
  std::vector<std::string> rules, only;
  int bars = 4, steps_per_beat = 4;
  std::optional<double> tempo;
  double swing_percent = 50.0, gate_steps = 0.0;
};

void describe(tool::Command& command, Options& options) {
  command.takes_input("Bank of slices (sfa-slice makes it); - is standard input");
  command.takes_output("Events document; standard output by default");
  command.takes_seed();
  auto& app = command.app();
  app.add_option("--mode", options.mode, "seq, euclid:K/N[/R], random[:no-repeat] or prob:P")->type_name("MODE");
  app.add_option("--rule", options.rules, "'CONDITIONS: ACTIONS', as in 'every 4: reverse'; any number of times")
      ->type_name("RULE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--bars", options.bars, "Length")->type_name("N")->check(tool::between(1, 9999));
  app.add_option("--tempo", options.tempo, "Quarter notes a minute; by default the bank's, or 120")
      ->type_name("BPM")
      ->check(tool::between(10.0, 1000.0));
  app.add_option("--meter", options.meter, "Time signature")->type_name("N/D");
  app.add_option("--steps-per-beat", options.steps_per_beat, "Steps in a quarter note")
      ->type_name("N")
      ->check(tool::between(1, 96));
  app.add_option("--choice", options.choice, "Which slice comes next: order, random or no-repeat")->type_name("CHOICE");
  app.add_option("--only", options.only, "Play slices of these classes alone, as in kick,snare")
      ->type_name("CLASS,...")
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--swing", options.swing_percent, "Where in a pair of steps the second falls: 50 straight, 66 shuffled")
      ->type_name("PERCENT")
      ->check(tool::between(50.0, 75.0));
  app.add_option("--gate", options.gate_steps, "Release events after so many steps; 0: let them ring")
      ->type_name("STEPS")
      ->check(tool::between(0.0, 64.0));
}

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (int kind = 0; kind <= static_cast<int>(slicing::SliceClass::silence); ++kind) {
    names.emplace_back(slicing::name(static_cast<slicing::SliceClass>(kind)));
  }
  return names;
}

/// What the library refuses of the options is a mistake on the command line.
template <typename Work>
auto as_usage(Work work) {
  try {
    return work();
  } catch (const Error& error) {
    throw tool::UsageError(error.what());
  }
}

rules::Pattern pattern_of(const Options& options, std::uint64_t seed) {
  const auto classes = class_names();
  for (const auto& name : options.only) {
    if (std::ranges::find(classes, name) == classes.end()) throw tool::UsageError("--only: no class \"" + name + "\"");
  }
  rules::Pattern pattern{.mode = rules::parse_mode(options.mode),
                         .rules = {},
                         .meter = rules::parse_meter(options.meter),
                         .bars = options.bars,
                         .steps_per_beat = options.steps_per_beat,
                         .swing = options.swing_percent / 100.0,
                         .gate_steps = options.gate_steps,
                         .seed = seed};
  for (const auto& rule : options.rules) pattern.rules.push_back(rules::parse_rule(rule, classes));
  if (!options.choice.empty()) pattern.mode.choice = rules::parse_choice(options.choice);
  return pattern;
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-seq", argc, argv, "Make a pattern of a bank's slices", [](tool::Command& command) {
    Options options;
    describe(command, options);
    command.parse();
    rules::Pattern pattern = as_usage([&] { return pattern_of(options, command.seed()); });

    const std::string text = io::read_document(command.input());
    const auto bank = io::parse_document(command.input(), text, io::bank_from_json);
    pattern.bpm = options.tempo ? *options.tempo : io::about(command.input(), [&] { return tool::tempo(bank, pattern.bpm); });

    const auto slices = io::about(command.input(), [&] { return tool::playable(bank, options.only); });

    io::EventsDocument document;
    document.events = as_usage([&] { return rules::generate(pattern, slices); });
    tool::enclose(command.input(), command.output(), bank, document);
    const std::string recipe = command.recipe().option("bank", text).option("path", document.events.bank).text();
    if (command.needs_making(command.output(), recipe)) command.write(io::to_json(document, recipe));
  });
}
