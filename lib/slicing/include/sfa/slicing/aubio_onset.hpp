// Onsets as aubio finds them: the high frequency content of whitened spectra.
// Brossier, "Automatic annotation of musical audio for interactive applications", PhD thesis, Queen
// Mary University of London, 2006, chapter 2.
#pragma once
#include <span>
#include <vector>

#include "sfa/analysis/onset.hpp"

namespace sfa::slicing {

/// In order of time. Loads libaubio when first called, so that only those who ask for it pay for its
/// start. Throws Error::unsupported where it is not installed, Error::invalid_argument outside the
/// ranges of `options`.
[[nodiscard]] std::vector<analysis::Onset> aubio_onsets(std::span<const float> signal, SampleRate rate,
                                                        const analysis::OnsetOptions& options = {});

}  // namespace sfa::slicing
