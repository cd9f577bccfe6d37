// One channel's sample-rate conversion by libsoxr, with the settings of all conversions here.
#pragma once
#include <soxr.h>

#include <memory>
#include <span>

#include "sfa/audio/units.hpp"

namespace sfa::dsp {

class SoxrChannel {
 public:
  /// Throws Error::unsupported for a ratio that libsoxr refuses.
  SoxrChannel(SampleRate from, SampleRate to);

  struct Progress {
    std::size_t taken = 0;  // of `in`
    std::size_t made = 0;   // in `out`
  };

  /// Converts what fits.
  Progress convert(std::span<const float> in, std::span<float> out);
  /// After the last sample: what is still owed, as much as fits. Once it makes nothing, all is given.
  std::size_t drain(std::span<float> out);

 private:
  struct Delete {
    void operator()(soxr* resampler) const { soxr_delete(resampler); }
  };
  std::unique_ptr<soxr, Delete> resampler_;
};

}  // namespace sfa::dsp
