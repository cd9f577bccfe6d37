// A sequencer that can be taken back to a bar: so that where a loop or a jump comes back to bars that are older than the
// last change of the rules, they are made anew, as the rules are now.
#pragma once
#include <deque>
#include <functional>
#include <optional>

#include "sfa/audio/units.hpp"
#include "sfa/rules/sequencer.hpp"

namespace sfa::play {

class Timeline {
 public:
  explicit Timeline(rules::Sequencer sequencer) : now_(std::move(sequencer)) {}

  /// For all that changes nothing but where it is, and to look at it.
  [[nodiscard]] rules::Sequencer& now() { return now_; }
  [[nodiscard]] const rules::Sequencer& now() const { return now_; }

  /// Does this to the sequencer, now and whenever it was taken back to before now. False, and nothing is kept, where
  /// `change` is false or throws.
  using Change = std::function<bool(rules::Sequencer&)>;
  bool change(const Change& change);

  /// A bar begins here, at frame `frame`.
  void mark(Frames frame);
  /// The bar that holds `frame`, if it was made before the last change; the first that is known for what is before.
  [[nodiscard]] std::optional<Frames> stale(Frames frame) const;
  /// The bar that holds `frame`.
  [[nodiscard]] std::optional<Frames> bar(Frames frame) const;
  /// Goes back to where the bar that begins at `frame` had not been made, with all changes since.
  void go_back(Frames frame);

 private:
  struct Mark {
    Frames frame;
    std::size_t changes;  // that had been made
    rules::Sequencer sequencer;
  };
  [[nodiscard]] const Mark* mark_at(Frames frame) const;

  static constexpr std::size_t most_marks = 128;
  rules::Sequencer now_;
  std::deque<Mark> marks_;       // ascending
  std::deque<Change> changes_;   // since the first mark
  std::size_t forgotten_ = 0;    // changes before them
};

}  // namespace sfa::play
