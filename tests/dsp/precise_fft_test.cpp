#include "sfa/dsp/precise_fft.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"

using sfa::dsp::PreciseFft;

TEST_CASE("the precise transform of a cosine is one line, and nothing else to 250 dB below it") {
  PreciseFft fft(2048);
  CHECK(fft.size() == 2048);
  for (int again = 0; again < 2; ++again) {
    for (std::size_t n = 0; n < 2048; ++n)
      fft.time()[n] = std::cos(2.0 * std::numbers::pi * 100.0 * static_cast<double>(n) / 2048.0);
    const auto spectrum = fft.transform();
    REQUIRE(spectrum.size() == 1025);
    for (std::size_t k = 0; k < spectrum.size(); ++k) CHECK(std::abs(spectrum[k] - (k == 100 ? 1024.0 : 0.0)) < 3e-10);
  }
}

TEST_CASE("the precise transform has exp(-i) for its sign, and odd sizes are refused") {
  PreciseFft fft(4);
  std::ranges::copy(std::initializer_list<double>{0.0, 1.0, 0.0, 0.0}, fft.time().begin());
  CHECK(fft.transform()[1] == std::complex<double>(0.0, -1.0));
  for (const int size : {-2, 0, 1, 7}) CHECK_THROWS_AS(PreciseFft fft_of(size), sfa::Error);
}
