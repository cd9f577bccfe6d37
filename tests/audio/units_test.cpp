#include <doctest/doctest.h>

#include <limits>

#include "sfa/audio/error.hpp"
#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/progress.hpp"

using namespace sfa;

TEST_CASE("ten hours at 192 kHz come back from seconds to the frame") {
  const Frames ten_hours = Frames{36000} * 192000;
  CHECK(to_frames(to_seconds(ten_hours, {192000}), {192000}) == ten_hours);
  CHECK(to_frames(to_seconds(ten_hours - 1, {192000}), {192000}) == ten_hours - 1);
}

TEST_CASE("a time is the nearest frame") {
  CHECK(to_frames({0.5}, {44100}) == 22050);
  CHECK(to_frames({1.0 / 3.0}, {10}) == 3);
  CHECK(to_frames({-0.26}, {10}) == -3);
}

TEST_CASE("6.0206 dB are a factor of two and silence has no level") {
  CHECK(to_gain({20.0 * std::log10(2.0)}) == doctest::Approx(2.0));
  CHECK(to_decibels(0.1).value == doctest::Approx(-20.0));
  CHECK(to_decibels(0.0).value == -std::numeric_limits<double>::infinity());
  CHECK(to_gain(to_decibels(0.0)) == 0.0F);
}

TEST_CASE("a half-open range holds its begin and not its end") {
  constexpr FrameRange range{10, 20};
  CHECK(range.size() == 10);
  CHECK(range.contains(10));
  CHECK_FALSE(range.contains(20));
  CHECK(FrameRange{5, 5}.empty());
  CHECK(FrameRange{7, 3}.size() == 0);
}

TEST_CASE("ranges that meet share what both hold, others nothing") {
  CHECK(intersect({0, 10}, {5, 15}) == FrameRange{5, 10});
  CHECK(intersect({0, 5}, {5, 9}).empty());
  CHECK(intersect({0, 5}, {50, 90}).empty());
}

TEST_CASE("an error's message is one line whatever a file name holds") {
  CHECK(std::string(Error(Error::Kind::io, "a\nb\x1b[2J").what()) == "a?b?[2J");
}

TEST_CASE("a progress callback that says stop cancels") {
  CHECK_NOTHROW(report({}, 0.5));
  CHECK_NOTHROW(report([](double) { return true; }, 0.5));
  CHECK_THROWS_AS(report([](double) { return false; }, 0.5), Error);
}
