// The command line of sfa-separate.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/separation/network.hpp"
#include "sfa/separation/segmenter.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

/// The network that separates where nothing else is asked for; it comes with sfa.
inline constexpr const char* default_model = "sfa";

enum class ClipMode { none, clamp, rescale };

struct Options {
  // What separates.
  std::string engine;     // after check(), either this one
  std::string model;      // or that is not empty
  std::string model_dir;  // looked through for it before the usual folders
  separation::SegmentOptions segments;
  separation::NetworkSettings network;
  bool no_cache = false;

  // What of it is written.
  std::vector<std::string> stems;  // empty: all
  std::string two_stems;           // this one and the rest, if not empty
  bool residual = false;
  std::optional<double> preview_seconds;
  ClipMode clip_mode = ClipMode::none;
  std::string format = "wav";
  std::string bit_depth = "kept";
  std::string name = "{track}/{stem}.{ext}";

  bool stream = false;             // while the sound still comes in
  // What is done instead.
  std::string benchmark;             // a folder of songs
  bool list_engines = false;
  std::string fetch_model;
  std::vector<std::string> convert;  // from, to
};

/// Adds the options to `command`, which is then to parse.
void describe(Command& command, Options& options);

/// What CLI11 does not see: throws UsageError for options that do not go together.
void check(Command& command, Options& options);

/// The depth that --bit-depth says for a sound of `encoding`, as io::format_for takes it: 0 for float.
[[nodiscard]] int bit_depth_for(const Options& options, const std::string& encoding);

}  // namespace sfa::tool
