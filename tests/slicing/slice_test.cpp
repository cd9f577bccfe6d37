#include "sfa/slicing/slice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sfa/audio/error.hpp"
#include "sfa/slicing/zero_crossing.hpp"
#include "signals.hpp"

using namespace sfa;
using namespace sfa::slicing;

namespace {

void check_partition(const Bank& bank, FrameRange range) {
  REQUIRE_FALSE(bank.slices.empty());
  CHECK(bank.slices.front().range.begin == range.begin);
  CHECK(bank.slices.back().range.end == range.end);
  for (std::size_t i = 0; i < bank.slices.size(); ++i) {
    CHECK(bank.slices[i].id == static_cast<int>(i));
    CHECK(bank.slices[i].range.size() > 0);
    if (i > 0) CHECK(bank.slices[i].range.begin == bank.slices[i - 1].range.end);
  }
}

/// Drum hits over a held tone.
AudioBuffer loop(SampleRate rate, double seconds = 2.0) {
  AudioBuffer audio(2, to_frames({seconds}, rate), rate);
  mix_in(audio, 0, sine(311.0, seconds, rate, 0.05));
  for (double time = 0.25; time < seconds; time += 0.25)
    mix_in(audio, to_frames({time}, rate), decaying(noise(0.15, rate, 0.7), 0.2, rate));
  return audio;
}

}  // namespace

TEST_CASE("slices begin at bursts or within a millisecond before them, at any rate and any number of channels") {
  for (const int hz : {8000, 11025, 22050, 44100, 48000, 96000, 192000}) {
    for (const int channels : {1, 2, 64}) {
      if (channels == 64 && hz != 44100) continue;
      CAPTURE(hz);
      CAPTURE(channels);
      const SampleRate rate{hz};
      std::vector<Frames> onsets;
      for (const double time : {0.2, 0.45, 0.8013, 1.1, 1.6}) onsets.push_back(to_frames({time}, rate));
      const auto audio = bursts(onsets, 2 * hz, rate, channels);
      const auto bank = slice(audio, audio.view().range(), {});
      check_partition(bank, audio.view().range());
      REQUIRE(bank.slices.size() == onsets.size() + 1);  // the silence before them is one
      CHECK(bank.slices[0].kind == SliceClass::silence);
      for (std::size_t i = 0; i < onsets.size(); ++i) {
        const Frames early = onsets[i] - bank.slices[i + 1].range.begin;
        CHECK(early >= 0);
        CHECK(early <= hz / 1000);
      }
    }
  }
}

TEST_CASE("slices follow one another without gap or overlap") {
  const SampleRate rate{44100};
  const auto audio = loop(rate);
  for (const double sensitivity : {0.0, 0.5, 1.0}) {
    SliceOptions options;
    options.sensitivity = sensitivity;
    check_partition(slice(audio, audio.view().range(), options), audio.view().range());
  }
}

TEST_CASE("samples up to the largest float are sliced and described as the same sound at a usual level") {
  const AudioBuffer audio = loop(SampleRate{44100});
  AudioBuffer huge = audio;
  for (int c = 0; c < huge.channels(); ++c)
    for (float& sample : huge.channel(c)) sample = std::ldexp(sample, 127);  // up to the largest power of two
  const auto wanted = slice(audio, audio.view().range(), {}), found = slice(huge, huge.view().range(), {});
  const double louder = 127.0 * to_decibels(2.0).value;
  REQUIRE(found.slices.size() == wanted.slices.size());
  for (std::size_t i = 0; i < found.slices.size(); ++i) {
    const auto &is = found.slices[i], &was = wanted.slices[i];
    CHECK(is.range == was.range);
    CHECK(is.kind == was.kind);
    CHECK(is.features.centroid_hz == was.features.centroid_hz);
    CHECK(is.features.flatness == was.features.flatness);
    CHECK(is.features.attack == was.features.attack);
    CHECK(is.features.peak_db == doctest::Approx(was.features.peak_db + louder));
    CHECK(is.features.rms_db == doctest::Approx(was.features.rms_db + louder));
  }
}

TEST_CASE("N parts are exactly equal") {
  const AudioBuffer audio = loop(SampleRate{44100});
  SliceOptions options;
  options.at = SliceAt::parts;
  options.parts = 16;
  const auto bank = slice(audio, audio.view().range(), options);
  check_partition(bank, audio.view().range());
  REQUIRE(bank.slices.size() == 16);
  for (const auto& part : bank.slices) CHECK(std::abs(part.range.size() - 88200 / 16) <= 1);
}

TEST_CASE("cuts lie at rising zero crossings") {
  const SampleRate rate{44100};
  AudioBuffer audio(1, 88200, rate);
  mix_in(audio, 0, sine(997.0, 2.0, rate, 0.3));  // there is a crossing in every millisecond
  for (const Frames hit : {22000, 44000, 66000}) mix_in(audio, hit, decaying(noise(0.2, rate, 0.7), 0.2, rate));
  for (const auto at : {SliceAt::onsets, SliceAt::times, SliceAt::parts}) {
    SliceOptions options;
    options.at = at;
    options.times = {0.333, 0.9, 1.71};
    options.parts = 7;
    options.snap = 0.003;
    const auto bank = slice(audio, audio.view().range(), options);
    CHECK(bank.slices.size() >= 4);
    for (const auto& part : bank.slices) CHECK(rises_through_zero(audio, part.range.begin));
  }
}

TEST_CASE("slices are cut at given times") {
  const auto audio = loop(SampleRate{44100});
  SliceOptions options;
  options.at = SliceAt::times;
  options.snap = 0.0;
  options.times = {0.0, 0.5, 1.0, 1.5, 2.0, 2.5};
  const auto bank = slice(audio, audio.view().range(), options);
  REQUIRE(bank.slices.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(bank.slices[i].range.begin == static_cast<Frames>(i) * 22050);
}

TEST_CASE("an attack lies in its slice, where the burst is") {
  const SampleRate rate{44100};
  const auto audio = bursts({11025, 22050, 33075}, 44100, rate);
  const auto bank = slice(audio, audio.view().range(), {});
  REQUIRE(bank.slices.size() == 4);
  CHECK_FALSE(bank.slices[0].attack_frame);
  for (std::size_t i = 1; i < 4; ++i) {
    REQUIRE(bank.slices[i].attack_frame);
    CHECK(bank.slices[i].range.contains(*bank.slices[i].attack_frame));
    CHECK(std::abs(*bank.slices[i].attack_frame - static_cast<Frames>(i) * 11025) <= 221);
  }
}

TEST_CASE("long slices lose their ends, and tails ring on into the next slice but not beyond the range") {
  const SampleRate rate{44100};
  const auto audio = bursts({11025, 22050, 33075}, 44100, rate);
  SliceOptions options;
  options.max_length = 0.1;
  for (const auto& part : slice(audio, audio.view().range(), options).slices) CHECK(part.range.size() <= 4410);
  const auto plain = slice(audio, audio.view().range(), {});
  options = {};
  options.tail = 0.05;
  const auto ringing = slice(audio, audio.view().range(), options);
  REQUIRE(ringing.slices.size() == plain.slices.size());
  for (std::size_t i = 0; i < plain.slices.size(); ++i) {
    CHECK(ringing.slices[i].range.begin == plain.slices[i].range.begin);
    CHECK(ringing.slices[i].range.end == std::min<Frames>(44100, plain.slices[i].range.end + 2205));
    CHECK(ringing.slices[i].features.rms_db == plain.slices[i].features.rms_db);
  }
}

TEST_CASE("sound and silence are told apart") {
  const SampleRate rate{44100};
  AudioBuffer audio(1, 3 * 44100, rate);
  mix_in(audio, 44100, noise(1.0, rate, 0.3));
  SliceOptions options;
  options.at = SliceAt::silences;
  const auto bank = slice(audio, audio.view().range(), options);
  check_partition(bank, audio.view().range());
  REQUIRE(bank.slices.size() == 3);
  CHECK(bank.slices[0].kind == SliceClass::silence);
  CHECK(bank.slices[1].kind != SliceClass::silence);
  CHECK(bank.slices[2].kind == SliceClass::silence);
}

TEST_CASE("shaping piece by piece is shaping the whole") {
  const auto audio = loop(SampleRate{44100}, 0.5);
  Slice part;
  part.range = {1000, 9000};
  part.gain_db = -3.0;
  part.fade_in_frames = 700;
  part.fade_out_frames = 1500;
  const auto whole = faded(audio, part);
  for (const Frames piece : {1, 333, 4096}) {
    for (Frames begin = part.range.begin; begin < part.range.end; begin += piece) {
      AudioBuffer block(audio.view().slice({begin, std::min(begin + piece, part.range.end)}));
      shape(block, begin, part);
      const auto wanted = whole.channel(1).subspan(static_cast<std::size_t>(begin - part.range.begin), static_cast<std::size_t>(block.frames()));
      REQUIRE(std::ranges::equal(block.channel(1), wanted));
    }
  }
}

TEST_CASE("no slice is shorter than asked") {
  const auto audio = loop(SampleRate{44100}, 4.0);
  for (const double least : {0.0, 0.05, 0.2, 0.3, 0.7}) {
    SliceOptions options;
    options.sensitivity = 1.0;
    options.min_length = least;
    const auto bank = slice(audio, audio.view().range(), options);
    CAPTURE(least);
    check_partition(bank, audio.view().range());
    // A cut may move by the reach of the snap and by what stands before an attack.
    for (const auto& part : bank.slices)
      CHECK(to_seconds(part.range.size(), audio.rate()).value >= least - 0.0035);
  }
}

TEST_CASE("a part of a sound is sliced in the frames of the whole") {
  const auto audio = loop(SampleRate{44100});
  const FrameRange range{30000, 70000};
  for (const auto at : {SliceAt::onsets, SliceAt::times, SliceAt::parts}) {
    SliceOptions options;
    options.at = at;
    options.parts = 4;
    options.times = {0.1, 30000.0 / 44100.0, 1.0, 1.9};
    const auto bank = slice(audio, range, options);
    check_partition(bank, range);
    CHECK(bank.source.frames == audio.frames());
  }
  SliceOptions options;
  options.at = SliceAt::times;
  options.snap = 0.0;
  options.times = {0.75, 1.25};
  const auto bank = slice(audio, range, options);
  REQUIRE(bank.slices.size() == 3);
  CHECK(bank.slices[1].range.begin == 33075);
  CHECK(bank.slices[2].range.begin == 55125);
}

TEST_CASE("short silence before the first attack is a slice of its own, short sound is part of the first") {
  const SampleRate rate{44100};
  const auto silent = bursts({1000, 20000}, 44100, rate);
  const auto bank = slice(silent, silent.view().range(), {});
  check_partition(bank, silent.view().range());
  REQUIRE(bank.slices.size() == 3);
  CHECK(bank.slices[0].kind == SliceClass::silence);
  CHECK(1000 - bank.slices[1].range.begin <= 44);
  CHECK(1000 >= bank.slices[1].range.begin);

  auto humming = silent;
  mix_in(humming, 0, sine(200.0, 1.0, rate, 0.01));
  CHECK(slice(humming, humming.view().range(), {}).slices.at(0).range.end > 10000);
}

TEST_CASE("silence, a single frame and nothing give one slice, one slice and none") {
  for (const auto at : {SliceAt::onsets, SliceAt::times, SliceAt::parts}) {
    SliceOptions options;
    options.at = at;
    for (const Frames frames : {1, 2, 44100}) {
      const AudioBuffer audio(1, frames, SampleRate{44100});
      const auto bank = slice(audio, audio.view().range(), options);
      REQUIRE(bank.slices.size() == 1);
      CHECK(bank.slices[0].kind == SliceClass::silence);
      CHECK(bank.slices[0].range == FrameRange{0, frames});
    }
    const AudioBuffer none(1, 0, SampleRate{44100});
    CHECK(slice(none, {0, 100}, options).slices.empty());
  }
  const auto audio = loop(SampleRate{44100});
  CHECK(slice(audio, {500000, 600000}, {}).slices.empty());
}

TEST_CASE("fades run along straight lines and never meet in a slice") {
  const SampleRate rate{44100};
  const std::vector<float> ones(1000, 1.0F);
  Slice part;
  part.range = {100, 200};
  part.fade_in_frames = 4;
  part.fade_out_frames = 9;
  const auto samples = faded(AudioView(ones, rate), part);
  REQUIRE(samples.frames() == 100);
  CHECK(samples.channel(0)[0] == doctest::Approx(0.2));
  CHECK(samples.channel(0)[3] == doctest::Approx(0.8));
  CHECK(samples.channel(0)[4] == 1.0F);
  CHECK(samples.channel(0)[90] == 1.0F);
  CHECK(samples.channel(0)[91] == doctest::Approx(0.9));
  CHECK(samples.channel(0)[99] == doctest::Approx(0.1));

  SliceOptions options;
  options.at = SliceAt::parts;
  options.parts = 100;
  options.fade_in = options.fade_out = 1.0;
  for (const auto& tiny : slice(AudioView(ones, rate), {0, 1000}, options).slices)
    CHECK(tiny.fade_in_frames + tiny.fade_out_frames <= tiny.range.size());
}

TEST_CASE("options outside their ranges are refused") {
  const auto audio = loop(SampleRate{44100});
  const auto with = [&](auto change) {
    SliceOptions options;
    change(options);
    return slice(audio, audio.view().range(), options);
  };
  CHECK_THROWS_AS(with([](auto& o) { o.sensitivity = 1.1; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.sensitivity = std::nan(""); }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.min_length = -1.0; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.snap = 0.2; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.fade_in = -1.0; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.fade_out = 1e9; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.at = SliceAt::parts, o.parts = 0; }), Error);
  CHECK_THROWS_AS(with([](auto& o) { o.at = SliceAt::parts, o.parts = 1000000; }), Error);
}

TEST_CASE("a progress callback can stop the work") {
  const auto audio = loop(SampleRate{44100});
  CHECK_THROWS_AS((void)slice(audio, audio.view().range(), {}, [](double) { return false; }), Error);
}
