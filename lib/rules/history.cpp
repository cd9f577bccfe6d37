#include <algorithm>

#include "program.hpp"

namespace sfa::rules {
namespace {

constexpr double longest_memory_beats = 64.0;
constexpr std::size_t most_remembered = 1024;

}  // namespace

void History::add(const Played& played) {
  auto place = played_.end();
  while (place != played_.begin() && std::prev(place)->beat > played.beat) --place;
  played_.insert(place, played);
  while (played_.size() > most_remembered || played_.front().beat < played_.back().beat - longest_memory_beats)
    played_.pop_front();
}

const Played* History::last(double beat) const {
  for (auto at = played_.rbegin(); at != played_.rend(); ++at)
    if (at->beat <= beat + 1e-9) return &*at;
  return nullptr;
}

}  // namespace sfa::rules
