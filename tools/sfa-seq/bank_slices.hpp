// A bank on its way into a pattern: what the rules are told of it, and how it goes along.
#pragma once
#include <string>
#include <vector>

#include "sfa/io/json_events.hpp"
#include "sfa/rules/pattern.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::tool {

/// What the rules may know of the slices that are to be played: all but silence, or those of `only`. At
/// least one, or Error::invalid_data.
[[nodiscard]] std::vector<rules::SliceFacts> playable(const slicing::Bank& bank,
                                                      const std::vector<std::string>& only);

/// The bank's tempo, or `otherwise` if it has none. Error::invalid_data if no pattern is made at it.
[[nodiscard]] double tempo(const slicing::Bank& bank, double otherwise);

/// The bank goes along by its path, or whole where it came down a stream.
void enclose(const std::string& input, const std::string& output, slicing::Bank bank,
             io::EventsDocument& document);

}  // namespace sfa::tool
