// Batches made ahead by threads of their own, handed out in the order of their steps, so that the network need not
// wait for them and the number of threads does not change what it is given.
#pragma once
#include <memory>

#include "sfa/training/examples.hpp"

namespace sfa::training {

class Prefetch {
 public:
  /// `maker` outlives it. `threads` >= 1; as many batches and one more are kept ready.
  Prefetch(const ExampleMaker& maker, std::uint64_t first_step, int threads);
  ~Prefetch();

  /// The batch of the next step. Throws what making it threw.
  [[nodiscard]] Batch next();

  /// How many seconds next() has waited so far: what the network could have worked.
  [[nodiscard]] double waited_seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::training
