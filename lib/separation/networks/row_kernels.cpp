#include "row_kernels.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

// One copy of each function for each kind of machine; the loader picks.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define SFA_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SFA_CLONES
#endif

namespace sfa::separation::networks::kernels {
namespace {

constexpr std::ptrdiff_t block = 6;
constexpr std::ptrdiff_t half = lanes / 2;
typedef float Vector __attribute__((vector_size(half * sizeof(float)), aligned(sizeof(float)), may_alias));

// exp by 2^n times a polynomial, relative error below 3e-7: Cephes, expf. Inputs are clamped to where
// the result is a normal number.
inline float exponential(float x) {
  x = std::min(std::max(x, -87.0F), 88.0F);
  const float n = x * 1.44269504F;
  const auto whole = static_cast<std::int32_t>(n + (n >= 0.0F ? 0.5F : -0.5F));
  const auto count = static_cast<float>(whole);
  const float r = (x - count * 0.693359375F) - count * -2.12194440e-4F;
  float p = 1.9875691500e-4F;
  p = p * r + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  return p * std::bit_cast<float>((whole + 127) << 23);
}

inline float sigmoid(float x) { return 1.0F / (1.0F + exponential(-x)); }

// Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26: absolute error below 1.5e-7.
inline float error_function(float x) {
  const float a = x < 0.0F ? -x : x;
  const float t = 1.0F / (1.0F + 0.3275911F * a);
  const float p = ((((1.061405429F * t - 1.453152027F) * t + 1.421413741F) * t - 0.284496736F) * t + 0.254829592F) * t;
  const float y = 1.0F - p * exponential(-a * a);
  return x < 0.0F ? -y : y;
}

}  // namespace

void pack(const float* weight, std::ptrdiff_t count, std::ptrdiff_t depth, float* packed) {
  for (std::ptrdiff_t first = 0; first < count; first += block)
    for (std::ptrdiff_t k = 0; k < depth; ++k)
      for (std::ptrdiff_t m = first; m < first + block; ++m) *packed++ = m < count ? weight[m * depth + k] : 0.0F;
}

SFA_CLONES
void multiply(const float* weight, const float* bias, std::ptrdiff_t count, const float* const* rows, std::ptrdiff_t depth,
              float* out, std::ptrdiff_t out_stride, std::ptrdiff_t width) {
  for (std::ptrdiff_t t = 0; t < width; t += lanes) {
    const float* column = weight;
    for (std::ptrdiff_t first = 0; first < count; first += block) {
      Vector left[block], right[block];
      for (std::ptrdiff_t m = 0; m < block; ++m) {
        const float start = first + m < count ? bias[first + m] : 0.0F;
        left[m] = right[m] = Vector{} + start;
      }
      for (std::ptrdiff_t k = 0; k < depth; ++k, column += block) {
        const auto a = *reinterpret_cast<const Vector*>(rows[k] + t);
        const auto b = *reinterpret_cast<const Vector*>(rows[k] + t + half);
        for (std::ptrdiff_t m = 0; m < block; ++m) {
          left[m] += column[m] * a;
          right[m] += column[m] * b;
        }
      }
      for (std::ptrdiff_t m = 0; m < std::min(block, count - first); ++m) {
        float* to = out + (first + m) * out_stride + t;
        *reinterpret_cast<Vector*>(to) = left[m];
        *reinterpret_cast<Vector*>(to + half) = right[m];
      }
    }
  }
}

SFA_CLONES
void affine_gelu(float* x, float gain, float shift, std::ptrdiff_t width) {
  for (std::ptrdiff_t t = 0; t < width; ++t) {
    const float y = x[t] * gain + shift;
    x[t] = 0.5F * y * (1.0F + error_function(y * 0.70710678F));
  }
}

SFA_CLONES
void add_gated(float* x, const float* a, const float* b, float scale, std::ptrdiff_t width) {
  for (std::ptrdiff_t t = 0; t < width; ++t) x[t] += scale * a[t] * sigmoid(b[t]);
}

SFA_CLONES
void gate(float* a, const float* b, std::ptrdiff_t width) {
  for (std::ptrdiff_t t = 0; t < width; ++t) a[t] *= sigmoid(b[t]);
}

SFA_CLONES
float exponentials(float* x, float scale, std::ptrdiff_t width) {
  float top = x[0];
  std::ptrdiff_t t = 0;
  if (width >= half) {
    auto tops = *reinterpret_cast<const Vector*>(x);
    for (t = half; t + half <= width; t += half) {
      const auto next = *reinterpret_cast<const Vector*>(x + t);
      tops = next > tops ? next : tops;
    }
    for (std::ptrdiff_t i = 0; i < half; ++i) top = std::max(top, tops[i]);
  }
  for (; t < width; ++t) top = std::max(top, x[t]);
  for (t = 0; t < width; ++t) x[t] = exponential(scale * (x[t] - top));
  Vector sums{};
  for (t = 0; t + half <= width; t += half) sums += *reinterpret_cast<const Vector*>(x + t);
  float sum = 0.0F;
  for (; t < width; ++t) sum += x[t];
  for (std::ptrdiff_t i = 0; i < half; ++i) sum += sums[i];
  return 1.0F / sum;
}

SFA_CLONES
float exponentials(std::uint16_t* x, float scale, std::ptrdiff_t width, float* buffer) {
  for (std::ptrdiff_t t = 0; t < width; ++t) buffer[t] = std::bit_cast<float>(static_cast<std::uint32_t>(x[t]) << 16);
  const float share = exponentials(buffer, scale, width);
  for (std::ptrdiff_t t = 0; t < width; ++t) {  // to the nearest, halves to even
    const auto bits = std::bit_cast<std::uint32_t>(buffer[t]);
    x[t] = static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
  }
  return share;
}

SFA_CLONES
Moments moments(const float* x, std::ptrdiff_t width) {
  Vector sums{}, squares{};
  std::ptrdiff_t t = 0;
  for (; t + half <= width; t += half) {
    const auto next = *reinterpret_cast<const Vector*>(x + t);
    sums += next;
    squares += next * next;
  }
  Moments all;
  for (; t < width; ++t) {
    all.sum += x[t];
    all.squares += x[t] * x[t];
  }
  for (std::ptrdiff_t i = 0; i < half; ++i) {
    all.sum += sums[i];
    all.squares += squares[i];
  }
  return all;
}

SFA_CLONES
double product_sum(const float* a, const float* b, std::ptrdiff_t width) {
  Vector sums{};
  std::ptrdiff_t t = 0;
  for (; t + half <= width; t += half)
    sums += *reinterpret_cast<const Vector*>(a + t) * *reinterpret_cast<const Vector*>(b + t);
  double sum = 0.0;
  for (; t < width; ++t) sum += a[t] * b[t];
  for (std::ptrdiff_t i = 0; i < half; ++i) sum += sums[i];
  return sum;
}

}  // namespace sfa::separation::networks::kernels
