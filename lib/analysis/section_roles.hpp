// What part a section plays in its song. See structure.hpp.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/bars.hpp"

namespace sfa::analysis {

/// What tells a section's role: its energy against the song's, how that changes in it, from the section before
/// and to the next, its place, its length, and how often its label comes back.
constexpr std::size_t role_measures = 18;
using RoleMeasures = std::array<double, role_measures>;

/// Of each section; they lie one after another in `bars`.
[[nodiscard]] std::vector<RoleMeasures> measure_roles(std::span<const Section> sections,
                                                      std::span<const Bar> bars);

/// Sets role and role_confidence: the likelihood that a multinomial logistic regression gives the role, half of
/// the section itself and half the mean of all sections of its label. No role where none reaches 0.35, where no bar is known, or where
/// there is but one section. The regression was fitted to generated songs (scripts/make-songs), whose sections
/// are named (a break that begins or ends one counted as intro or outro); in five-fold cross-validation 0.57 of
/// the sections got the right one of nine names, of those with a likelihood of 0.9 0.87.
void name_roles(std::span<Section> sections, std::span<const Bar> bars);

}  // namespace sfa::analysis
