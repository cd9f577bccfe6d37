// One slice being played.
#pragma once
#include <array>
#include <vector>

#include "sfa/dsp/envelope.hpp"
#include "sfa/dsp/state_variable_filter.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/pan.hpp"
#include "sfa/engine/transport.hpp"
#include "sfa/engine/trigger.hpp"

namespace sfa::engine {

/// Reads the slice's frame n * speed (or its last minus that) at output frame n. At speed 1 the samples come out as
/// they are, times gain; otherwise by the trigger's kernel. Then filter, fades and envelope, pan.
class Voice {
 public:
  static constexpr int max_channels = 64;

  /// What voices need while they render; one after another may use the same.
  class Scratch {
   public:
    Scratch();

   private:
    friend class Voice;
    // Where in the sample the next frames lie: computed once for all channels.
    Frames begin_ = 0;         // a frame of the sample, from which whole_ counts
    std::array<std::int32_t, piece_frames> whole_{};
    std::array<float, piece_frames> part_{};
    std::array<float, piece_frames> gains_{};
    std::array<std::array<float, piece_frames>, 2> made_{};
    std::array<std::vector<float>, 2> edge_;  // what an interpolator sees at the sample's ends
  };

  /// `trigger` must be sound() and its sample taken; `release` as in length_frames(). The slice is cut to what the
  /// sample has.
  void start(const Trigger& trigger, const Sample& sample, Frames release, SampleRate rate) noexcept;

  /// The gate ends here, if it has not ended before.
  void release() noexcept;
  /// What is left of its gate changes with the tempo.
  void change_tempo(TempoRatio from, TempoRatio to) noexcept;
  /// Takes it away over `frames`; at once if it has not been heard yet.
  void fade(Frames frames) noexcept;

  /// Adds its next frames to `out`, at most piece_frames: one channel goes to the first two, others to the channel of
  /// their number, modulo out.channels. Pan is left alone where there is one channel, and where the sample has more
  /// than two.
  void render(const Block& out, Scratch& scratch) noexcept;

  [[nodiscard]] bool active() const noexcept { return done_ < length_; }
  [[nodiscard]] bool fading() const noexcept { return taken_.release_at <= done_; }
  /// Frames since its gate ended; negative before.
  [[nodiscard]] Frames released_for() const noexcept { return done_ - envelope_.release_at; }
  [[nodiscard]] Frames left() const noexcept { return length_ - done_; }
  /// Highest absolute sample of what was rendered last, before the pan. Infinite before anything was.
  [[nodiscard]] float level() const noexcept { return level_; }
  [[nodiscard]] int lane() const noexcept { return lane_; }
  [[nodiscard]] int mute_group() const noexcept { return mute_group_; }
  [[nodiscard]] SampleSlot* slot() const noexcept { return slot_; }

 private:
  [[nodiscard]] double offset(Frames frame) const noexcept;
  void fill_gains(std::span<float> gains) const noexcept;
  void find_path(int count, Scratch& scratch) const noexcept;
  void read(int first, int channels, std::size_t count, Scratch& scratch) const noexcept;
  void interpolate(int first, int channels, std::size_t count, Scratch& scratch) const noexcept;
  void copy(std::span<const float> samples, std::span<float> to) const noexcept;
  void filter(int first, int channels, std::size_t count, Scratch& scratch) noexcept;
  [[nodiscard]] dsp::SvfCoefficients coefficients(Frames frame) const noexcept;

  SampleSlot* slot_ = nullptr;
  AudioView audio_;
  FrameRange slice_;
  int fade_in_frames_ = 0, fade_out_frames_ = 0;
  double speed_ = 1.0;
  const dsp::SincKernel* kernel_ = nullptr;
  bool reverse_ = false;
  float gain_ = 1.0F;
  StereoGain sides_;
  bool panned_ = false;
  dsp::Envelope envelope_, taken_;
  std::optional<Filter> filter_;
  SampleRate rate_{};
  dsp::SvfCoefficients coefficients_;
  std::array<dsp::StateVariableFilter, max_channels> filters_;
  int lane_ = 0, mute_group_ = 0;
  float level_ = 0.0F;
  Frames ungated_ = 0;         // its length if the gate never ended
  Frames length_ = 0;
  Frames done_ = 0;
};

}  // namespace sfa::engine
