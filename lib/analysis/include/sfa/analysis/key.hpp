// The key of a chroma: the one of the 24 whose profile correlates best with it.
// Krumhansl, "Cognitive foundations of musical pitch", Oxford 1990, chapter 4; the profiles are those that
// Sha'ath fitted to popular and electronic music ("Estimation of key in digital music recordings", MSc
// thesis, Birkbeck, University of London, 2011), which decided most keys of 37 real excerpts rightly among
// seven sets tried (Krumhansl and Kessler; Temperley's two; Albrecht and Shanahan; Faraldo's two).
#pragma once
#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/chroma.hpp"

namespace sfa::analysis {

/// No key ("none", tonic -1) where no profile correlates by 0.75: noise, drums, silence. The confidence
/// grows with the correlation, and with its lead over the second best key.
[[nodiscard]] Key find_key(const Chroma& chroma);

/// "C# minor". Tonic 0 to 11.
[[nodiscard]] std::string key_name(int tonic, bool minor);

/// The key's place on the Camelot wheel: "8B" is C major, "8A" A minor; a fifth up is the next number.
[[nodiscard]] std::string camelot(int tonic, bool minor);

}  // namespace sfa::analysis
