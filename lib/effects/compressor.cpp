#include "sfa/effects/compressor.hpp"

#include <cmath>

#include "sfa/audio/error.hpp"

namespace sfa::effects {
namespace {

constexpr double negligible_db = 1e-6;  // lets silence end the smoothing, and what is not compressed stay as it is

double left_after_one_frame(double time_ms, SampleRate rate) {
  return time_ms <= 0.0 ? 0.0 : std::exp(-1000.0 / (time_ms * rate.hz));
}

bool within(double value, double low, double high) { return value >= low && value <= high; }

}  // namespace

double compressed_level_db(double level_db, const CompressorOptions& options) noexcept {
  const double over = level_db - options.threshold_db;
  const double slope = 1.0 / options.ratio - 1.0;
  if (2.0 * over < -options.knee_db) return level_db;
  if (2.0 * std::abs(over) <= options.knee_db && options.knee_db > 0.0) {
    const double into_knee = over + options.knee_db / 2.0;
    return level_db + slope * into_knee * into_knee / (2.0 * options.knee_db);
  }
  return level_db + slope * over;
}

Compressor::Compressor(const CompressorOptions& options, SampleRate rate)
    : options_(options),
      attack_(left_after_one_frame(options.attack_ms, rate)),
      release_(left_after_one_frame(options.release_ms, rate)) {
  if (!within(options.threshold_db, -120.0, 0.0) || !within(options.ratio, 1.0, 1e6) ||
      !within(options.knee_db, 0.0, 60.0) || !within(options.attack_ms, 0.0, 1e4) ||
      !within(options.release_ms, 0.0, 1e4) || !within(options.makeup_db, -60.0, 60.0) || rate.hz < 1)
    throw Error(Error::Kind::invalid_argument, "a compressor was given a value outside its range");
}

void Compressor::process(const Block& samples) noexcept {
  const double knee_begin = to_gain({options_.threshold_db - options_.knee_db / 2.0});
  for (Frames i = 0; i < samples.frames; ++i) {
    float highest = 0.0F;
    for (int c = 0; c < samples.channels; ++c)
      highest = std::max(highest, std::abs(samples.data[c * samples.stride + i]));
    double wanted_db = 0.0;
    if (highest > knee_begin) {
      const double level_db = 20.0 * std::log10(static_cast<double>(highest));
      wanted_db = level_db - compressed_level_db(level_db, options_);
    }
    held_db_ = std::max(wanted_db, release_ * held_db_ + (1.0 - release_) * wanted_db);
    smooth_db_ = attack_ * smooth_db_ + (1.0 - attack_) * held_db_;
    if (smooth_db_ < negligible_db && held_db_ < negligible_db) held_db_ = smooth_db_ = 0.0;
    const double gain_db = options_.makeup_db - smooth_db_;
    if (gain_db == 0.0) continue;
    const auto gain = static_cast<float>(std::pow(10.0, gain_db / 20.0));
    for (int c = 0; c < samples.channels; ++c) samples.data[c * samples.stride + i] *= gain;
  }
}

}  // namespace sfa::effects
