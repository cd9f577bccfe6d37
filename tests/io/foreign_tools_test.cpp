// Other programs' word on our files, and ours on theirs. Passes over what is not installed.
#include <cstdlib>

#include "scratch.hpp"
#include "sfa/io/sound_file.hpp"

using scratch::Folder;
using scratch::get;
using scratch::put;
using namespace sfa::io;

namespace {

bool run(const std::string& command) {
  return std::system(("{ " + command + "; } 2>/dev/null </dev/null").c_str()) == 0;
}
bool have(const std::string& program) { return run("command -v " + program + " >/dev/null"); }

std::string interleaved(const sfa::AudioView& audio) {
  std::string text;
  for (std::size_t i = 0; i < static_cast<std::size_t>(audio.frames()); ++i)
    for (int c = 0; c < audio.channels(); ++c)
      text.append(reinterpret_cast<const char*>(&audio.channel(c)[i]), sizeof(float));
  return text;
}

/// Sends `audio` to standard output as a tool would, into `path`.
void stream_to(const std::string& path, const sfa::AudioBuffer& audio, SoundFormat format) {
  REQUIRE(scratch::in_child([&] {
            if (!std::freopen(path.c_str(), "wb", stdout)) return 1;
            write_sound("-", audio, format);
            return 0;
          }) == 0);
}

}  // namespace

TEST_CASE("sox and ffmpeg read our stream from a pipe, sample for sample") {
  const Folder folder;
  for (const int channels : {1, 2, 3, 8}) {
    CAPTURE(channels);
    auto audio = scratch::noise(channels, 3000, 48000);
    for (int c = 0; c < channels; ++c)  // sox reckons in integers of 32 bits
      for (auto& sample : audio.channel(c)) sample = std::round(sample * 0x1p20F) * 0x1p-20F;
    stream_to(folder / "s.wav", audio, format_for("-"));
    if (have("sox")) {
      CHECK(run("cat " + (folder / "s.wav") + " | sox -t wav - -t f32 " + (folder / "sox.raw")));
      CHECK(get(folder / "sox.raw") == interleaved(audio));
    }
    if (have("ffmpeg")) {
      CHECK(run("cat " + (folder / "s.wav") + " | ffmpeg -v error -y -i - -f f32le " + (folder / "ffmpeg.raw")));
      CHECK(get(folder / "ffmpeg.raw") == interleaved(audio));
    }
  }
}

TEST_CASE("ffmpeg reads every container we write, to the sample where nothing is lost") {
  if (!have("ffmpeg")) return;
  const Folder folder;
  const auto audio = scratch::sine(440, 24000, 2, 48000);
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path), "sfa-x 1 00112233445566778899aabbccddeeff");
    CHECK(run("ffmpeg -v error -xerror -y -i " + path + " -f f32le " + (folder / "x.raw")));
    const auto samples = get(folder / "x.raw");
    const bool lossy = ending == "ogg" || ending == "opus" || ending == "mp3";
    // ffmpeg counts the decoders' delays in its own ways.
    if (lossy) CHECK(std::abs(static_cast<double>(samples.size() / 8) - 24000.0) < 1200.0);
    else CHECK(samples == interleaved(read_sound(path)));
    if (have("sox") && (ending == "w64" || ending == "au")) {
      CHECK(run("sox -D " + path + " -t s24 -L " + (folder / "sox.raw")));
      CHECK(get(folder / "sox.raw").size() == 24000 * 2 * 3);
    }
  }
}

TEST_CASE("what libsndfile does not know is read by ffmpeg") {
  if (!have("ffmpeg")) return;
  const Folder folder;
  const auto audio = scratch::sine(440, 48000, 2, 48000);
  write_sound(folder / "x.wav", audio, format_for("x.wav", 16));
  REQUIRE(run("ffmpeg -v error -y -i " + (folder / "x.wav") + " -c:a alac " + (folder / "x.m4a")));
  const auto rounded = read_sound(folder / "x.wav");
  CHECK(scratch::largest_difference(read_sound(folder / "x.m4a"), rounded) == 0.0);
  CHECK(scratch::largest_difference(read_sound(folder / "x.m4a", sfa::FrameRange{1000, 2000}),
                                    rounded.view().slice({1000, 2000})) == 0.0);
  // Names that ffmpeg would take for something else.
  for (const std::string name : {"-y.m4a", "concat:x.m4a", "http:x.m4a", "a b%d;$(x).m4a"}) {
    CAPTURE(name);
    scratch::fs::copy_file(folder / "x.m4a", folder / name);
    const auto here = scratch::fs::current_path();
    scratch::fs::current_path(folder.str());
    CHECK(scratch::error_of([&] { (void)read_sound(name); }).empty());
    scratch::fs::current_path(here);
  }
  {
    SoundReader unread(folder / "x.m4a");  // its child ends with it
    CHECK(unread.read(10).frames() == 10);
    CHECK_FALSE(unread.info().frames);
  }
  int status = 0;
  CHECK(::waitpid(-1, &status, WNOHANG) == -1);  // no child is left

  const auto whole = get(folder / "x.m4a");
  put(folder / "cut.m4a", whole.substr(0, whole.size() / 2));
  CHECK(scratch::kind_of([&] { (void)read_sound(folder / "cut.m4a"); }) == sfa::Error::Kind::invalid_data);
  put(folder / "list.m4a", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + (folder / "x.wav") + "\n");
  CHECK(scratch::error_of([&] { (void)read_sound(folder / "list.m4a"); }) ==
        (folder / "list.m4a") + ": not a sound file");
  put(folder / "junk.m4a", std::string(5000, '\1'));
  CHECK(scratch::error_of([&] { (void)read_sound(folder / "junk.m4a"); }) ==
        (folder / "junk.m4a") + ": not a sound file");
}

TEST_CASE("what ffmpeg sends down a pipe is read, also when it has become a file") {
  if (!have("ffmpeg")) return;
  const Folder folder;
  write_sound(folder / "x.wav", scratch::sine(440, 48000, 2, 48000), format_for("x.wav", 16));
  const auto expected = read_sound(folder / "x.wav");
  for (const std::string format : {"wav", "wav -rf64 always", "aiff", "au", "caf", "w64", "flac"}) {
    CAPTURE(format);
    REQUIRE(run("ffmpeg -v error -i " + (folder / "x.wav") + " -f " + format + " - | cat > " + (folder / "y")));
    CHECK(scratch::largest_difference(read_sound(folder / "y"), expected) == 0.0);
  }
}

TEST_CASE("without ffmpeg, one line says what is missing") {
  const Folder folder;
  put(folder / "x.m4a", std::string("\0\0\0\x20" "ftypM4A ", 12) + std::string(100, '\0'));
  const int code = scratch::in_child([&] {
    ::setenv("PATH", folder.str().c_str(), 1);
    return scratch::error_of([&] { (void)read_sound(folder / "x.m4a"); }) ==
                   (folder / "x.m4a") + ": needs ffmpeg to be read (apt install ffmpeg)"
               ? 7
               : 8;
  });
  CHECK(code == 7);
}

TEST_CASE("an MP3 without a Xing header has its true length") {
  if (!have("ffmpeg")) return;
  const Folder folder;
  // 3 s of silence and 3 s of noise: a guess from the first frame's bit rate would be far off.
  auto audio = scratch::noise(1, 6 * 44100);
  std::ranges::fill(audio.channel(0).first(3 * 44100), 0.0F);
  write_sound(folder / "x.wav", audio, format_for("x.wav"));
  REQUIRE(run("ffmpeg -v error -y -i " + (folder / "x.wav") + " -c:a libmp3lame -q:a 4 -write_xing 0 " +
              (folder / "x.mp3")));
  const auto frames = SoundReader(folder / "x.mp3").info().frames.value_or(0);
  CHECK(frames >= 6 * 44100);
  CHECK(frames <= 6 * 44100 + 3 * 1152);  // the encoder's delay and padding, which nothing tells
  CHECK(read_sound(folder / "x.mp3").frames() == frames);
}

TEST_CASE("MPEG audio is called by its layer") {
  if (!have("ffmpeg")) return;
  const Folder folder;
  write_sound(folder / "x.wav", scratch::sine(440, 44100), format_for("x.wav"));
  REQUIRE(run("ffmpeg -v error -y -i " + (folder / "x.wav") + " -c:a mp2 " + (folder / "x.mp2")));
  CHECK(SoundReader(folder / "x.mp2").info().container == "MP2");
  CHECK(SoundReader(folder / "x.mp2").info().encoding == "MPEG layer II");
  write_sound(folder / "x.mp3", scratch::sine(440, 44100), format_for("x.mp3"));
  CHECK(SoundReader(folder / "x.mp3").info().encoding == "MPEG layer III");
}
