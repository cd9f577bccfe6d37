// The inner loops of a residual branch over one row of frames, in vectors of 16 floats that the
// compiler maps to what the machine has. Rows of a matrix lie `stride` floats apart; widths are
// multiples of `lanes`, and what lies between a row's end and the next multiple is computed and unused.
#pragma once
#include <cstddef>
#include <cstdint>

namespace sfa::separation::networks::kernels {

constexpr std::ptrdiff_t lanes = 32;

/// out[m][t] = bias[m] + sum over k of weight[m][k] * rows[k][t], for m < count and t < width.
/// `weight` is packed in blocks of 6 rows, columns first, zeros below the last: see pack().
void multiply(const float* weight, const float* bias, std::ptrdiff_t count, const float* const* rows, std::ptrdiff_t depth,
              float* out, std::ptrdiff_t out_stride, std::ptrdiff_t width);

/// What multiply() wants: ceil(count / 6) * 6 * depth floats, from count x depth.
void pack(const float* weight, std::ptrdiff_t count, std::ptrdiff_t depth, float* packed);

/// x = gelu(x * gain + shift), the exact one: x (1 + erf(x / sqrt 2)) / 2.
void affine_gelu(float* x, float gain, float shift, std::ptrdiff_t width);

/// x += scale * a * sigmoid(b).
void add_gated(float* x, const float* a, const float* b, float scale, std::ptrdiff_t width);

/// a = a * sigmoid(b).
void gate(float* a, const float* b, std::ptrdiff_t width);

/// x = gelu(x).
inline void gelu(float* x, std::ptrdiff_t width) { affine_gelu(x, 1.0F, 0.0F, width); }

/// x = exp(scale * (x - the largest x)), scale > 0; returns 1 / the sum of all. A softmax whose division is left.
float exponentials(float* x, float scale, std::ptrdiff_t width);
/// The same in bfloat16, the upper halves of floats; `buffer` holds `width` floats.
float exponentials(std::uint16_t* x, float scale, std::ptrdiff_t width, float* buffer);

/// The sum of x[t] and of x[t] * x[t].
struct Moments {
  double sum = 0.0, squares = 0.0;
};
Moments moments(const float* x, std::ptrdiff_t width);
double product_sum(const float* a, const float* b, std::ptrdiff_t width);

}  // namespace sfa::separation::networks::kernels
