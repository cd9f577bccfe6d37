#include "sfa/engine/tap.hpp"

#include <doctest/doctest.h>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

/// A sine of full scale on both sides, into the tap and out of it again.
void listen(Scope& scope, double hz, float gain, Frames frames) {
  Tap tap(64);
  const auto tone = sine(hz / 48000.0, frames);
  for (Frames begin = 0; begin + piece_frames <= frames; begin += piece_frames) {
    TapPiece piece{.frame = begin};
    for (std::size_t i = 0; i < piece_frames; ++i)
      piece.samples[0][i] = piece.samples[1][i] = gain * tone.channel(0)[static_cast<std::size_t>(begin) + i];
    REQUIRE(tap.push(piece));
    CHECK(scope.read(tap));
  }
  CHECK_FALSE(scope.read(tap));
}

}  // namespace

TEST_CASE("a sine stands in its band at its level, and far from it is nothing") {
  Scope scope(SampleRate{48000}, 31);
  const double hz = std::sqrt(scope.band_hz(17) * scope.band_hz(18));
  listen(scope, hz, 0.5F, 20000);
  const auto levels = scope.spectrum_db();
  REQUIRE(levels.size() == 31);
  for (int band = 0; band < 31; ++band) {
    const float level = levels[static_cast<std::size_t>(band)];
    if (band == 17)
      CHECK(level == doctest::Approx(-6.0).epsilon(0.25));  // a Hann window loses up to 1.4 dB between bins
    else if (scope.band_hz(band + 1) < hz / 2.0 || scope.band_hz(band) > 2.0 * hz)
      CHECK(level < -60.0F);
  }
}

TEST_CASE("momentary loudness is that of EBU Tech 3341: a stereo sine of 1 kHz at -23 dBFS has -23 LUFS") {
  Scope scope(SampleRate{48000}, 8);
  listen(scope, 1000.0, to_gain({-23.0}), 48000);
  CHECK(scope.momentary_lufs() == doctest::Approx(-23.0).epsilon(0.005));
  listen(scope, 1000.0, 0.0F, 48000);
  CHECK(scope.momentary_lufs() < -100.0);
}

TEST_CASE("silence is at the floor") {
  Scope scope(SampleRate{44100}, 4);
  for (const float level : scope.spectrum_db()) CHECK(level == -120.0F);
}
