// What was said on the command line.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/tool/command.hpp"

namespace sfa::seq {

struct Options {
  std::string bank;  // empty where each voice of the rules has its own
  std::string rules_file, rules_format, analysis;
  std::vector<std::string> rules, variables;
  std::string scene;
  // Of the one voice that plays where the rules file has none.
  std::string mode, choice;
  std::vector<std::string> only, weights;
  std::optional<double> swing_percent, gate_steps, shift, humanize;
  std::optional<int> steps_per_beat, length;

  std::string bars = "4", meter;
  std::optional<double> tempo;
  int fill_bars = 0;
  bool explain = false, stream = false;

  [[nodiscard]] bool endless() const { return bars == "inf"; }
  /// The first option of the one voice that was given; empty if none was.
  [[nodiscard]] std::string voice_option() const;
  /// The same of those that say what is made of the voices, but --rule.
  [[nodiscard]] std::string making_option() const;
};

void describe(tool::Command& command, Options& options);

/// The options of the one voice, but --mode; and those that say what is made of the voices. sfa-play has them too.
void describe_voice(CLI::App& app, Options& options);
void describe_making(CLI::App& app, Options& options);

/// Throws tool::UsageError if more than one of the inputs is standard input.
void check_inputs(const Options& options);

}  // namespace sfa::seq
