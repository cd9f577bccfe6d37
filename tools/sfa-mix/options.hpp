// The command line of sfa-mix.
#pragma once
#include <string>

#include "session_input.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

struct Options {
  Changes changes;
  int bit_depth = 0;
  bool dither = true;
  std::string stems, session;
};

/// Flags and positionals.
void describe(Command& command, Options& options);

}  // namespace sfa::tool
