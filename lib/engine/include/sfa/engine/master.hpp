// What the sum goes through on its way out: compressor, volume, limiter, meters.
#pragma once
#include <array>
#include <optional>

#include "sfa/effects/compressor.hpp"
#include "sfa/effects/limiter.hpp"
#include "sfa/engine/block.hpp"
#include "sfa/engine/gain_ramp.hpp"

namespace sfa::engine {

struct MasterOptions {
  std::optional<effects::CompressorOptions> compressor = {};
  std::optional<effects::LimiterOptions> limiter = {};
};

inline constexpr int metered_channels = 8;

/// Of what went out since the last report.
struct MasterLevels {
  float peak = 0.0F;                                 // highest absolute sample of all channels
  std::array<float, metered_channels> peaks{};       // of the first channels
  std::array<float, metered_channels> rms{};
  float compressor_db = 0.0F;                        // what each takes away at most, >= 0
  float limiter_db = 0.0F;
};

class Master {
 public:
  Master(const MasterOptions& options, SampleRate rate, int channels, Frames ramp_frames);

  /// The volume; passed over if it is not finite.
  void set_gain(float gain) noexcept;
  void settle() noexcept { gain_.jump(gain_.target()); }

  /// In place, at most piece_frames; what comes out is latency_frames() old.
  void process(const Block& block) noexcept;
  [[nodiscard]] Frames latency_frames() const noexcept { return limiter_ ? limiter_->latency_frames() : 0; }

  [[nodiscard]] MasterLevels take_levels() noexcept;

 private:
  void measure(const Block& block) noexcept;

  std::optional<effects::Compressor> compressor_;
  GainRamp gain_;
  std::optional<effects::Limiter> limiter_;
  MasterLevels levels_;
  std::array<double, metered_channels> energy_{};
  Frames measured_frames_ = 0;
};

}  // namespace sfa::engine
