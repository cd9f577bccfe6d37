// --stream: stems go out while the sound still comes in.
#pragma once
#include "options.hpp"

namespace sfa::tool {

/// The network that separates a stream where no --model is given; it comes with sfa.
inline constexpr const char* default_live_model = "sfa-live";

/// What does not go with --stream, as UsageError, and what --stream takes where nothing is said. `is_given` knows of
/// each option whether it is.
void check_stream(const Command& command, Options& options, const std::function<bool(const std::string&)>& is_given);

/// Separates the input to standard output as WAV, what was asked for side by side as channels. Throws UsageError for
/// stems that the network does not have.
void stream(Command& command, const Options& options);

}  // namespace sfa::tool
