#include "dsp/sinc_narrow.hpp"

#define SFA_NO_AVX2
#define SincKernel NarrowSincKernel
#include "../../lib/dsp/sinc.cpp"

void narrow_interpolate(double speed, const float* left, const float* right, std::span<const std::int32_t> whole,
                        std::span<const float> part, std::span<float> left_out, std::span<float> right_out) {
  sfa::dsp::NarrowSincKernel::for_speed(speed).interpolate(left, right, whole, part, left_out, right_out);
}
