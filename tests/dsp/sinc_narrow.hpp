// The sinc kernel compiled for registers of four floats alone.
#pragma once
#include <cstdint>
#include <span>

void narrow_interpolate(double speed, const float* left, const float* right, std::span<const std::int32_t> whole,
                        std::span<const float> part, std::span<float> left_out, std::span<float> right_out);
