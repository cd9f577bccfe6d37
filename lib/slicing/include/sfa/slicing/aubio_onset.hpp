// Onsets as aubio finds them: the high frequency content of whitened spectra.
// Brossier, "Automatic annotation of musical audio for interactive applications", PhD thesis, Queen
// Mary University of London, 2006, chapter 2.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "sfa/analysis/onset.hpp"

namespace sfa::slicing {

/// Takes a sound block by block.
class AubioOnsets {
 public:
  /// Loads libaubio when first called, so that only those who ask for it pay for its start. Throws
  /// Error::unsupported where it is not installed, Error::invalid_argument outside the ranges of `options`.
  explicit AubioOnsets(SampleRate rate, const analysis::OnsetOptions& options = {});
  ~AubioOnsets();
  AubioOnsets(AubioOnsets&&) noexcept;
  AubioOnsets& operator=(AubioOnsets&&) noexcept;

  void add(std::span<const float> mono);
  /// In order of time. Nothing may be added after it.
  [[nodiscard]] std::vector<analysis::Onset> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::slicing
