#include "messages.hpp"

#include <utility>

namespace sfa::play {

void Messages::put(std::uint32_t number, EventMessages messages) {
  const std::lock_guard lock(mutex_);
  kept_.insert_or_assign(number, std::move(messages));
  if (most_ > 0 && kept_.size() > most_) kept_.erase(kept_.begin());
}

std::optional<EventMessages> Messages::find(std::uint32_t number) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(number);
  return found != kept_.end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace sfa::play
