// Makes what is loud quieter by a ratio. Feed-forward, in decibels, all channels by the same gain.
//
// Giannoulis, Massberg and Reiss, "Digital dynamic range compressor design: a tutorial and analysis", JAES 60(6),
// 2012: the static curve is equation 4, the level detector the smooth decoupled one of equation 17, on the gain
// reduction, so that it begins without a delay.
#pragma once
#include "sfa/audio/block.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::effects {

struct CompressorOptions {
  double threshold_db = -18.0;   // -120 to 0 dBFS
  double ratio = 3.0;            // >= 1
  double knee_db = 6.0;          // its whole width, 0 to 60
  double attack_ms = 10.0;       // time constants, 0 to 10000
  double release_ms = 120.0;
  double makeup_db = 0.0;        // -60 to 60
};

/// The level that comes out where `level_db` goes in and stays, without the make-up gain.
[[nodiscard]] double compressed_level_db(double level_db, const CompressorOptions& options) noexcept;

class Compressor {
 public:
  /// Throws Error::invalid_argument outside the ranges above.
  Compressor(const CompressorOptions& options, SampleRate rate);

  /// In place, without delay. Real-time safe. The samples are finite.
  void process(const Block& samples) noexcept;
  void reset() noexcept { held_db_ = smooth_db_ = 0.0; }

  /// How much it takes away now, >= 0.
  [[nodiscard]] double reduction_db() const noexcept { return smooth_db_; }

 private:
  CompressorOptions options_;
  double attack_, release_;     // what is left of a step after one frame
  double held_db_ = 0.0, smooth_db_ = 0.0;
};

}  // namespace sfa::effects
