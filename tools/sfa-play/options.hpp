// What was said on the command line, besides the shared options.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "control.hpp"
#include "material.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

struct Options {
  bool live_stems = false;
  std::string model, model_dir;          // for them
  std::vector<std::string> mute, solo;   // names or numbers of tracks
  double gain_db = 0.0;
  int passes = 1;
  int bit_depth = 0;                     // 0: float
  int buffer_frames = 512;
  std::string api = "auto", device;
  bool list_devices = false;
  std::string midi_out;                  // a port's name; empty: none
  double reconnect = 30.0;               // seconds
  std::optional<bool> limiter;           // where nothing is said, patterns and rules have one
  std::optional<double> ceiling_db;
  std::optional<double> compress;        // the ratio
  std::optional<double> threshold_db;
  ControlOptions control;

  seq::Options rules;                    // read as sfa-seq reads them
  std::optional<int> bars;
  /// Whether FILE is a bank, played by what these say.
  [[nodiscard]] bool ruled() const {
    return !rules.rules_file.empty() || !rules.rules.empty() || !rules.mode.empty() || !rules.voice_option().empty();
  }
  /// The first option that is for rules alone; empty if none was given.
  [[nodiscard]] std::string rules_option() const { return bars ? "--bars" : rules.making_option(); }
};

void describe(tool::Command& command, Options& options);

/// The commands that they stand for, to be given to an engine before it begins. Throws
/// tool::UsageError for a track that is not there.
[[nodiscard]] std::vector<engine::Action> first_actions(const Material& material, const Options& options);

/// What the whole goes through. Throws tool::UsageError for a threshold of nothing.
[[nodiscard]] engine::MasterOptions master_options(const Material& material, const Options& options);

}  // namespace sfa::play
