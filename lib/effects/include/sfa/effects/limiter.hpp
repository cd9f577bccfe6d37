// Keeps the peaks, those between the samples too, under a ceiling, by looking ahead: the gain begins to fall before
// the peak comes, and is down when it is there.
//
// Of every frame the highest true peak (dsp/true_peak.hpp) says what gain it needs. The lowest of these over a window
// is let rise slowly (the release) and averaged over the look-ahead, which makes of every step a ramp that ends in
// time: McNally, "Dynamic range control of digital audio signals", JAES 32(5), 1984, section 3; as minimum and
// average, Hämäläinen, "Smoothing of the control signal without clipped output in digital peak limiters", DAFx 2002.
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/audio/block.hpp"
#include "sfa/audio/units.hpp"
#include "sfa/dsp/true_peak.hpp"

namespace sfa::effects {

struct LimiterOptions {
  double ceiling_db = -1.0;      // dBTP, -60 to 0 (EBU R 128 asks for at most -1)
  double lookahead_ms = 1.5;     // 0.1 to 20
  double release_ms = 80.0;      // time constant, 1 to 10000
};

class Limiter {
 public:
  /// 1 to 64 channels. Throws Error::invalid_argument outside the ranges above.
  Limiter(const LimiterOptions& options, SampleRate rate, int channels);

  /// In place, all channels by the same gain; what comes out came in latency_frames() before, and is the same sample
  /// where nothing need be done. Real-time safe. The samples are finite.
  void process(const Block& samples) noexcept;

  [[nodiscard]] Frames latency_frames() const noexcept { return latency_; }
  /// The lowest gain applied since the last call, 1 if none.
  [[nodiscard]] float take_lowest_gain() noexcept;

 private:
  struct Least {                  // a value in the window with none lower after it
    float gain;
    Frames frame;
  };
  float next_gain(float peak) noexcept;
  float lowest_in_window(float gain) noexcept;
  float delayed(std::size_t channel, float sample) noexcept;

  float ceiling_;
  double release_;                // what is left of a step after one frame
  Frames attack_, window_, latency_;
  std::vector<dsp::TruePeak> peaks_;
  std::vector<float> delay_;      // channels x latency
  std::size_t delay_at_ = 0;
  std::vector<Least> least_;      // a ring
  std::size_t least_begin_ = 0, least_size_ = 0;
  std::vector<std::int64_t> ramp_;  // the last `attack` gains in fixed point, whose sum does not drift
  std::size_t ramp_at_ = 0;
  std::int64_t ramp_sum_;
  double rising_ = 1.0;
  Frames clock_ = 0;
  float lowest_applied_ = 1.0F;
};

}  // namespace sfa::effects
