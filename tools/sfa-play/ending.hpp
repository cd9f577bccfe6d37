// SIGINT, SIGTERM and SIGHUP while it plays: the sound fades, notes come up, and then the process ends by the signal. A
// second signal, 0.3 s later or more, does not wait for that.
#pragma once

namespace sfa::play {

class Ending {
 public:
  Ending();
  /// Puts back what was there before.
  ~Ending();
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  /// The signal that came; 0 for none.
  [[nodiscard]] static int wanted() noexcept;
};

}  // namespace sfa::play
