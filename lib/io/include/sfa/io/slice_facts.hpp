// What rules are told of a bank's slices, which they never see themselves.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/rules/rule_set.hpp"
#include "sfa/rules/slice_facts.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::io {

/// All classes that slices can have, and the groups of them.
[[nodiscard]] std::vector<std::string> class_names();

/// The slices that a voice can play, those of the classes `only` or, without any, all but silence. `sections` are
/// those of the song that the bank is from, if they are known. Throws Error::invalid_data if none are left.
[[nodiscard]] std::vector<rules::SliceFacts> slice_facts(const slicing::Bank& bank,
                                                         std::span<const rules::ClassName> only = {},
                                                         std::span<const analysis::Section> sections = {});

}  // namespace sfa::io
