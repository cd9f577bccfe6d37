#include "sfa/dsp/fft.hpp"

#include <doctest/doctest.h>

#include <numbers>
#include <thread>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using sfa::dsp::Fft;

namespace {

std::vector<std::complex<double>> direct_dft(const std::vector<float>& x) {
  std::vector<std::complex<double>> spectrum(x.size() / 2 + 1);
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    for (std::size_t n = 0; n < x.size(); ++n) {
      const auto turns = static_cast<double>(k * n % x.size()) / static_cast<double>(x.size());
      spectrum[k] += static_cast<double>(x[n]) * std::polar(1.0, -2.0 * std::numbers::pi * turns);
    }
  }
  return spectrum;
}

std::vector<std::complex<float>> transform(const std::vector<float>& x) {
  Fft fft(static_cast<int>(x.size()));
  std::vector<std::complex<float>> spectrum(static_cast<std::size_t>(fft.bins()));
  fft.forward(x, spectrum);
  return spectrum;
}

}  // namespace

TEST_CASE("the transform is the sum that defines it") {
  for (const std::size_t size : {2U, 4U, 6U, 10U, 64U, 98U, 300U, 1022U, 1024U}) {
    CAPTURE(size);
    const auto x = test::noise(size);
    const auto wanted = direct_dft(x);
    const auto got = transform(x);
    REQUIRE(got.size() == size / 2 + 1);
    double worst = 0.0;
    for (std::size_t k = 0; k < got.size(); ++k) {
      worst = std::max(worst, std::abs(std::complex<double>(got[k]) - wanted[k]));
    }
    CHECK(worst < 1e-5 * std::sqrt(static_cast<double>(size)));
  }
}

TEST_CASE("energy is the same in both domains (Parseval)") {
  const auto x = test::noise(4096);
  const auto spectrum = transform(x);
  double time = 0.0, frequency = 0.0;
  for (const float sample : x) time += static_cast<double>(sample) * sample;
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    const double once = std::norm(std::complex<double>(spectrum[k]));
    frequency += k == 0 || k + 1 == spectrum.size() ? once : 2.0 * once;
  }
  CHECK(frequency / 4096.0 == doctest::Approx(time).epsilon(1e-6));
}

TEST_CASE("the inverse gives back the signal, and leaves its input alone") {
  for (const int size : {2, 12, 1000, 8192}) {
    CAPTURE(size);
    const auto x = test::noise(static_cast<std::size_t>(size));
    auto spectrum = transform(x);
    const auto before = spectrum;
    std::vector<float> back(x.size());
    Fft(size).inverse(spectrum, back);
    CHECK(spectrum == before);
    for (std::size_t n = 0; n < x.size(); ++n) REQUIRE(std::abs(back[n] - x[n]) < 2e-6F);
  }
}

TEST_CASE("threads may plan and transform at the same time, and get the same bits") {
  std::vector<std::vector<std::complex<float>>> results(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&results, i] {
      for (std::size_t size = 2; size < 400; size += 2) results[i] = transform(test::noise(size + 1002));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) CHECK(result == results.front());
}

TEST_CASE("odd, zero and negative sizes are refused, and spans of another size") {
  for (const int size : {-4, 0, 1, 3, 1001}) CHECK_THROWS_AS(Fft{size}, sfa::Error);
  Fft fft(8);
  std::vector<float> time(7);
  std::vector<std::complex<float>> spectrum(5);
  CHECK_THROWS_AS(fft.forward(time, spectrum), sfa::Error);
  CHECK_THROWS_AS(fft.inverse(spectrum, time), sfa::Error);
}
