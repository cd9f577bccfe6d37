#include "timeline.hpp"

#include <algorithm>

namespace sfa::play {

bool Timeline::change(const Change& change) {
  if (!change(now_)) return false;
  changes_.push_back(change);
  return true;
}

void Timeline::mark(Frames frame) {
  marks_.push_back({frame, forgotten_ + changes_.size(), now_});
  if (marks_.size() > most_marks) marks_.pop_front();
  for (; forgotten_ < marks_.front().changes; ++forgotten_) changes_.pop_front();
}

const Timeline::Mark* Timeline::mark_at(Frames frame) const {
  if (marks_.empty()) return nullptr;
  const auto after = std::ranges::upper_bound(marks_, frame, {}, &Mark::frame);
  return after == marks_.begin() ? &*after : &*std::prev(after);
}

std::optional<Frames> Timeline::stale(Frames frame) const {
  const auto* const found = mark_at(frame);
  return found != nullptr && found->changes < forgotten_ + changes_.size() ? std::optional(found->frame) : std::nullopt;
}

std::optional<Frames> Timeline::bar(Frames frame) const {
  const auto* const found = mark_at(frame);
  return found != nullptr ? std::optional(found->frame) : std::nullopt;
}

void Timeline::go_back(Frames frame) {
  while (!marks_.empty() && marks_.back().frame > frame) marks_.pop_back();
  if (marks_.empty()) return;
  now_ = marks_.back().sequencer;
  for (auto i = marks_.back().changes - forgotten_; i < changes_.size(); ++i) (void)changes_[i](now_);
  marks_.pop_back();
}

}  // namespace sfa::play
