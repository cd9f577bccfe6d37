#include "sfa/dsp/window.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "sfa/audio/error.hpp"

using sfa::dsp::make_window;
using sfa::dsp::Window;

TEST_CASE("windows have the values of Harris's closed forms") {
  const auto hann = make_window(Window::hann, 8);
  for (int n = 0; n < 8; ++n) {
    CHECK(hann[static_cast<std::size_t>(n)] == doctest::Approx(std::pow(std::sin(M_PI * n / 8.0), 2.0)).epsilon(1e-6));
  }
  CHECK(make_window(Window::hamming, 16)[0] == doctest::Approx(0.08));
  CHECK(make_window(Window::hamming, 16)[8] == doctest::Approx(1.0));
  CHECK(std::abs(make_window(Window::blackman, 16)[0]) < 1e-7F);
  CHECK(make_window(Window::blackman, 16)[4] == doctest::Approx(0.34));
  CHECK(make_window(Window::rectangular, 3) == std::vector<float>{1.0F, 1.0F, 1.0F});
}

TEST_CASE("periodic windows overlap to a constant (COLA)") {
  // hann and hamming at size / 2, blackman at size / 3 and all at size / 4 sum to size * a0 / hop.
  const auto check = [](Window kind, int size, int hop, double a0) {
    const auto window = make_window(kind, size);
    for (int phase = 0; phase < hop; ++phase) {
      double sum = 0.0;
      for (int n = phase; n < size; n += hop) sum += window[static_cast<std::size_t>(n)];
      REQUIRE(sum == doctest::Approx(a0 * size / hop).epsilon(1e-6));
    }
  };
  check(Window::hann, 1024, 512, 0.5);
  check(Window::hann, 1024, 256, 0.5);
  check(Window::hamming, 1024, 512, 0.54);
  check(Window::blackman, 960, 320, 0.42);
  check(Window::rectangular, 960, 960, 1.0);
}

TEST_CASE("a window of no size is refused") {
  CHECK_THROWS_AS((void)make_window(Window::hann, 0), sfa::Error);
  CHECK(make_window(Window::hann, 1).size() == 1);
}
