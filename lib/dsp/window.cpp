#include "sfa/dsp/window.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

// Harris 1978: hann equation 27a (alpha = 2), hamming 30, blackman 32. The sign alternates there,
// (-1)^k a_k, so that the maximum falls on n = size / 2.
std::array<double, 3> cosine_terms(Window kind) {
  switch (kind) {
    case Window::rectangular: return {1.0, 0.0, 0.0};
    case Window::hann: return {0.5, -0.5, 0.0};
    case Window::hamming: return {0.54, -0.46, 0.0};
    case Window::blackman: return {0.42, -0.5, 0.08};
  }
  throw Error(Error::Kind::invalid_argument, "unknown window");
}

}  // namespace

std::vector<float> make_window(Window kind, int size) {
  if (size < 1) throw Error(Error::Kind::invalid_argument, "window size " + std::to_string(size) + " is below 1");
  const auto a = cosine_terms(kind);
  std::vector<float> window(static_cast<std::size_t>(size));
  for (std::size_t n = 0; n < window.size(); ++n) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(n) / size;
    window[n] = static_cast<float>(a[0] + a[1] * std::cos(phase) + a[2] * std::cos(2.0 * phase));
  }
  return window;
}

}  // namespace sfa::dsp
