// The voices that sound at once, and what gives way when there are too many.
//
// The one that is taken for a new sound is, in this order: one that is free; of those whose gate has ended, the one
// whose gate ended first; the quietest; of equally quiet ones the oldest. What it played is faded out on a spare voice
// while the new sound begins. All of that depends on the triggers and their frames alone.
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/engine/voice.hpp"

namespace sfa::engine {

/// How long a voice that is taken away goes on: 4 ms, too short to be heard as more than an end and too long to click.
inline constexpr Seconds steal_fade{0.004};

class VoicePool {
 public:
  /// 1 <= voices; as many spare ones are for what fades out.
  VoicePool(int voices, int lanes, Frames release, SampleRate rate);
  ~VoicePool() { silence(); }
  VoicePool(const VoicePool&) = delete;
  VoicePool& operator=(const VoicePool&) = delete;

  /// `timed`: its gate changes with the tempo.
  void start(const Trigger& trigger, bool timed = false) noexcept;
  void change_tempo(TempoRatio from, TempoRatio to) noexcept;
  /// Adds all voices to the block of their lane; at most piece_frames.
  void render(std::span<const Block> lanes) noexcept;
  /// Ends the gates of all, or of those of a lane.
  void release_all(int lane = every_lane) noexcept;
  /// Ends all at once.
  void silence() noexcept;

  /// Those that sound, with those that are fading out.
  [[nodiscard]] int active() const noexcept;
  /// Triggers whose slice was not there.
  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }
  /// Voices taken away for others.
  [[nodiscard]] std::uint64_t stolen() const noexcept { return stolen_; }

  static constexpr int every_lane = -1;

 private:
  struct Slot {
    Voice voice;
    bool timed = false;
    std::uint64_t number = 0;  // counts up with every start
  };
  [[nodiscard]] Slot* to_steal() noexcept;
  [[nodiscard]] Slot& free_slot() noexcept;
  void end(Slot& slot) noexcept;

  int limit_, lanes_;
  Frames release_, fade_;
  SampleRate rate_;
  std::uint64_t started_ = 0, missing_ = 0, stolen_ = 0;
  std::vector<Slot> slots_;
  Voice::Scratch scratch_;
};

}  // namespace sfa::engine
