#include "sfa/io/json_bank.hpp"

#include <doctest/doctest.h>

#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;

namespace {

/// A bank whose one slice has `members`.
std::string with_slice(const std::string& members) {
  return R"({"format":"sfa.bank","version":1,"source":{"sample_rate":44100,"channels":2,"frames":1000},"slices":[{)" +
         members + "}]}";
}

std::string complaint(const std::string& text) {
  try {
    (void)io::bank_from_json(text);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_data);
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a bank comes back from its document as it was") {
  slicing::Bank bank;
  bank.source = {"a/song.wav", std::string(64, 'a'), SampleRate{192000}, 64, Frames{6912000000}};
  bank.grid = {123.456, {0.0, 0.5, 1.0}, {0.5}};
  slicing::Slice slice;
  slice.id = 3;
  slice.range = {6000000000, 6912000000};
  slice.features = {-0.1, -12.5, 1234.5, 0.25, 0.004};
  slice.features.detail = slicing::SliceDetail{-14.0, 812.5, 0.3, 440.0, 0.75, {1.5F, -2.25F}};
  slice.attack_frame = 6000000100;
  slice.confidence = 0.875;
  slice.group = 4;
  slice.gain_db = -3.5;
  slice.kind = slicing::SliceClass::tonal;
  slice.note = 69;
  slice.fade_in_frames = 13;
  slice.fade_out_frames = 132;
  slice.path = "slices/003-tonal.wav";
  bank.slices = {slice};

  const auto back = io::bank_from_json(io::to_json(bank, "sfa-slice 0 0"));
  CHECK(back.source.path == bank.source.path);
  CHECK(back.source.sha256 == bank.source.sha256);
  CHECK(back.source.sample_rate == bank.source.sample_rate);
  CHECK(back.source.channels == 64);
  CHECK(back.source.frames == bank.source.frames);
  CHECK(back.grid.bpm == bank.grid.bpm);
  CHECK(back.grid.beats == bank.grid.beats);
  REQUIRE(back.slices.size() == 1);
  const auto& found = back.slices[0];
  CHECK(found.id == 3);
  CHECK(found.range == slice.range);
  CHECK(found.features.peak_db == slice.features.peak_db);
  CHECK(found.features.rms_db == slice.features.rms_db);
  CHECK(found.features.centroid_hz == slice.features.centroid_hz);
  CHECK(found.features.flatness == slice.features.flatness);
  CHECK(found.features.attack == slice.features.attack);
  CHECK(found.kind == slice.kind);
  CHECK(found.note == 69);
  CHECK(found.fade_in_frames == 13);
  CHECK(back.grid.downbeats == bank.grid.downbeats);
  CHECK(found.attack_frame == slice.attack_frame);
  CHECK(found.confidence == slice.confidence);
  CHECK(found.group == 4);
  CHECK(found.gain_db == -3.5);
  REQUIRE(found.features.detail);
  CHECK(found.features.detail->loudness_lufs == -14.0);
  CHECK(found.features.detail->bandwidth_hz == 812.5);
  CHECK(found.features.detail->decay == 0.3);
  CHECK(found.features.detail->pitch_hz == 440.0);
  CHECK(found.features.detail->pitch_confidence == 0.75);
  CHECK(found.features.detail->mfcc == slice.features.detail->mfcc);
  CHECK(found.fade_out_frames == 132);
  CHECK(found.path == slice.path);
}

TEST_CASE("a bank by hand needs no more than frame ranges") {
  const auto bank = io::bank_from_json(with_slice(R"("begin":0,"end":10)"));
  REQUIRE(bank.slices.size() == 1);
  CHECK(bank.slices[0].id == 0);
  CHECK(bank.slices[0].note == -1);
  CHECK(bank.slices[0].kind == slicing::SliceClass::percussion);
  CHECK_FALSE(bank.slices[0].features.detail);
  CHECK_FALSE(bank.slices[0].attack_frame);
  CHECK_FALSE(bank.slices[0].confidence);
  // What older versions say of hats.
  CHECK(io::bank_from_json(with_slice(R"("begin":0,"end":10,"class":"hat")")).slices[0].kind == slicing::SliceClass::hat);
}

TEST_CASE("what is wrong in a bank is named") {
  CHECK(complaint(with_slice(R"("begin":5,"end":5)")) == "slices[0].end: must be a frame after begin");
  CHECK(complaint(with_slice(R"("begin":0,"end":1001)")) == "slices[0].end: must be within the source's frames");
  CHECK(complaint(with_slice(R"("begin":-1,"end":10)")).starts_with("slices[0].begin: must be"));
  CHECK(complaint(with_slice(R"("begin":0.5,"end":10)")).starts_with("slices[0].begin: must be"));
  CHECK(complaint(with_slice(R"("begin":0,"end":1e300)")).starts_with("slices[0].end: must be"));
  CHECK(complaint(with_slice(R"("begin":0)")) == "slices[0].end: is missing");
  CHECK(complaint(with_slice(R"("begin":0,"end":9,"class":"bonk")")).starts_with("slices[0].class: must be kick"));
  CHECK(complaint(with_slice(R"("begin":5,"end":9,"attack_frame":9)")).starts_with("slices[0].attack_frame: must be"));
  CHECK(complaint(with_slice(R"("begin":5,"end":9,"confidence":1.5)")).starts_with("slices[0].confidence: must be"));
  CHECK(complaint(with_slice(R"("begin":5,"end":9,"loudness_lufs":-9,"mfcc":[1,2])")) == "slices[0].mfcc: must be 13 numbers");
  CHECK(complaint(with_slice(R"("begin":0,"end":9,"note":128)")).starts_with("slices[0].note: must be"));
  CHECK(complaint(with_slice(R"("begin":0,"end":9,"fade_in_frames":-1)"))
            .starts_with("slices[0].fade_in_frames: must be"));
  CHECK(complaint(with_slice(R"("begin":0,"end":9},{"id":0,"begin":0,"end":9)")) ==
        "slices[1].id: must be above the id of the slice before it");
  CHECK(complaint(
            R"({"format":"sfa.bank","version":1,"source":{"sample_rate":0,"channels":1,"frames":1},"slices":[]})")
            .starts_with("source.sample_rate: must be"));
  CHECK(complaint(R"({"format":"sfa.bank","version":1,"slices":[]})") == "source: is missing");
  CHECK(complaint(R"({"format":"sfa.events","version":1})").find("sfa.events") != std::string::npos);
  CHECK(complaint("[") != "none");
}

TEST_CASE("ids do not run over") {
  CHECK(complaint(with_slice(R"("id":2147483647,"begin":0,"end":9},{"begin":0,"end":9)")) ==
        "slices[0].id: must be a whole number from 0 to 1000000000");
  const auto bank = io::bank_from_json(with_slice(R"("id":1000000000,"begin":0,"end":9},{"begin":0,"end":9)"));
  CHECK(bank.slices.at(1).id == 1000000001);
}
