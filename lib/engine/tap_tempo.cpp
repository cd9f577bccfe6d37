#include "sfa/engine/tap_tempo.hpp"

namespace sfa::engine {

std::optional<double> TapTempo::tap(Seconds time) {
  if (!times_.empty() && time.value - times_.back() > longest_pause.value) times_.clear();
  times_.push_back(time.value);
  if (times_.size() > most_taps) times_.pop_front();
  const auto count = static_cast<double>(times_.size());
  if (times_.size() < 2) return std::nullopt;
  const double middle = (count - 1.0) / 2.0;
  double by_time = 0.0, by_number = 0.0;
  for (std::size_t i = 0; i < times_.size(); ++i) {
    const double number = static_cast<double>(i) - middle;
    by_time += number * (times_[i] - times_.front());
    by_number += number * number;
  }
  const double beat = by_time / by_number;
  return beat > 0.0 ? std::optional(60.0 / beat) : std::nullopt;
}

}  // namespace sfa::engine
