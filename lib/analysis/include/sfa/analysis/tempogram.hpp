// How strongly onsets repeat at each distance: the autocorrelation of what surrounds each moment.
// Grosche, Müller and Kurth, "Cyclic tempogram: a mid-level tempo representation for music signals", ICASSP 2010.
// Window, padding and norm are librosa 0.11's.
#pragma once
#include <functional>
#include <memory>
#include <span>

namespace sfa::analysis {

/// Of an onset strength that arrives value by value.
class Tempogram {
 public:
  static constexpr int lags = 384;  // and the window, a Hann; 4.5 s at librosa's 86 frames a second at 44.1 kHz
  using Sink = std::function<void(std::span<const float> by_lag)>;

  Tempogram();
  ~Tempogram();
  Tempogram(Tempogram&&) noexcept;
  Tempogram& operator=(Tempogram&&) noexcept;

  /// Calls `sink` for the frame that lies half a window back: `lags` values, of which the largest is 1 (that of
  /// lag 0), or all 0.
  void add(float strength, const Sink& sink);
  /// The frames whose windows reach beyond the end, as many in all as values were added.
  void finish(const Sink& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::analysis
