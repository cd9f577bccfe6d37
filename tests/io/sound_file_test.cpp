#include "sfa/io/sound_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <vector>

#include "scratch.hpp"

using scratch::Folder;
using scratch::get;
using scratch::largest_difference;
using scratch::put;
using sfa::AudioBuffer;
using sfa::Error;
using namespace sfa::io;

TEST_CASE("every container gives back what it was given, to half a step of its encoding") {
  const Folder folder;
  const auto audio = scratch::noise(2, 10001, 44100, 0.999);
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac"})
    for (const int bits : {0, 16, 24, 32}) {
      if (ending == "flac" && bits == 32) continue;
      CAPTURE(ending);
      CAPTURE(bits);
      const auto path = folder / ("x." + ending);
      write_sound(path, audio, format_for(path, bits));
      const bool exact = bits == 0 && ending != "flac";
      const int depth = bits == 0 ? 24 : bits;
      CHECK(largest_difference(read_sound(path), audio) <= (exact ? 0.0 : 0.5 / std::exp2(depth - 1)));
      // and once more, now that it has been rounded: exactly
      const auto rounded = read_sound(path);
      write_sound(path, rounded, format_for(path, bits));
      CHECK(largest_difference(read_sound(path), rounded) == 0.0);
      CHECK(SoundReader(path).info().encoding == (exact ? "float" : std::to_string(depth) + "-bit PCM"));
    }
}

TEST_CASE("lossy formats keep length, rate and sound") {
  const Folder folder;
  const auto audio = scratch::sine(440, 48000, 2, 48000);
  for (const std::string ending : {"ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path));
    const auto back = read_sound(path);
    CHECK(SoundReader(path).info().frames == 48000);
    CHECK(back.frames() == 48000);
    CHECK(back.rate().hz == 48000);
    CHECK(largest_difference(back.view().slice({4800, 43200}), audio.view().slice({4800, 43200})) < 0.02);
  }
}

TEST_CASE("1 to 64 channels and 8 to 192 kHz go through") {
  const Folder folder;
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au"})
    for (const int channels : {1, 2, 3, 8, 64})
      for (const int rate : {8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 192000}) {
        CAPTURE(ending);
        CAPTURE(channels);
        CAPTURE(rate);
        const auto audio = scratch::noise(channels, 50, rate);
        const auto path = folder / ("x." + ending);
        write_sound(path, audio, format_for(path));
        REQUIRE(largest_difference(read_sound(path), audio) == 0.0);
      }
  write_sound(folder / "x.flac", scratch::noise(8, 50, 192000), format_for("x.flac"));
  CHECK(read_sound(folder / "x.flac").channels() == 8);
}

TEST_CASE("what a format cannot hold is told in one line, and nothing is left behind") {
  const Folder folder;
  const auto attempt = [&](const std::string& name, int channels, int rate) {
    return scratch::kind_of(
        [&] { write_sound(folder / name, AudioBuffer(channels, 10, {rate}), format_for(name)); });
  };
  CHECK(attempt("x.flac", 9, 44100) == Error::Kind::unsupported);
  CHECK(attempt("x.mp3", 3, 44100) == Error::Kind::unsupported);
  CHECK(attempt("x.mp3", 2, 192000) == Error::Kind::unsupported);
  CHECK(attempt("x.opus", 2, 44100) == Error::Kind::unsupported);
  CHECK(attempt("x.wav", 65, 44100) == Error::Kind::unsupported);
  CHECK(attempt("x.wav", 0, 44100) == Error::Kind::unsupported);
  CHECK(attempt("x.wav", 1, 999) == Error::Kind::unsupported);
  CHECK(attempt("x.wav", 1, 768001) == Error::Kind::unsupported);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a format follows from a name's ending") {
  CHECK(format_for("a.wav").container == Container::wav);
  CHECK(format_for("a.wav").encoding == Encoding::float32);
  CHECK(format_for("A.WAV", 16).encoding == Encoding::pcm16);
  CHECK(format_for("dir.d/a.b.flac").container == Container::flac);
  CHECK(format_for("a.flac").encoding == Encoding::pcm24);
  CHECK(format_for("a.ogg").encoding == Encoding::lossy);
  CHECK(format_for("-").container == Container::wav);
  CHECK(format_for("/dev/null").container == Container::wav);
  CHECK(format_for("/dev/shm/a.flac").container == Container::flac);
  for (const std::string name : {"a", "a.txt", "wav", ".wav/x", "a."})
    CHECK(scratch::kind_of([&] { (void)format_for(name); }) == Error::Kind::unsupported);
  CHECK(scratch::kind_of([] { (void)format_for("a.wav", 12); }) == Error::Kind::unsupported);
  CHECK(scratch::kind_of([] { (void)format_for("a.flac", 32); }) == Error::Kind::unsupported);
  CHECK(scratch::kind_of([] { (void)format_for("a.ogg", 16); }) == Error::Kind::unsupported);
}

TEST_CASE("the same samples give the same bytes in every format") {
  const Folder folder;
  const auto audio = scratch::sine(440, 48000, 2, 48000);
  const std::vector<std::string> endings{"wav", "rf64", "w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"};
  const auto write_all = [&](const std::string& stem) {
    for (const auto& ending : endings) {
      const auto path = folder / (stem + "." + ending);
      write_sound(path, audio, format_for(path), "sfa-x 1 00112233445566778899aabbccddeeff");
    }
  };
  write_all("a");
  ::sleep(1);  // time stamps count seconds
  write_all("b");
  for (const auto& ending : endings) {
    CAPTURE(ending);
    CHECK(get(folder / ("a." + ending)) == get(folder / ("b." + ending)));
  }
}

TEST_CASE("how a sound is cut into blocks does not show in the file") {
  const Folder folder;
  const auto audio = scratch::noise(2, 20000, 48000);
  for (const std::string ending : {"wav", "flac", "aiff", "ogg"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path));
    const auto whole = get(path);
    SoundWriter writer(path, audio.rate(), 2, format_for(path));
    for (sfa::Frames at = 0; at < 20000; at += 333) writer.write(audio.view().slice({at, at + 333}));
    writer.commit();
    if (ending != "ogg") CHECK(get(path) == whole);
    CHECK(largest_difference(read_sound(path).view(), audio) < (ending == "ogg" ? 2.0 : 1e-6));
  }
}

TEST_CASE("blocks, seeks and ranges see the samples that the whole has") {
  const Folder folder;
  const auto audio = scratch::sine(1000, 100000, 2, 48000);
  for (const std::string ending : {"wav", "w64", "aiff", "caf", "au", "flac", "ogg", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path));
    const auto whole = read_sound(path);
    REQUIRE(whole.frames() == 100000);
    SoundReader reader(path);
    sfa::Frames at = 0;
    while (at < 100000) {
      const auto block = reader.read(7001);
      REQUIRE(largest_difference(block, whole.view().slice({at, at + 7001})) == 0.0);
      at += block.frames();
    }
    CHECK(reader.read(1).frames() == 0);
    // Decoders with memory between frames come close after a seek, the others exactly.
    const double tolerance = ending == "mp3" ? 1e-4 : 0.0;
    for (const sfa::Frames to : {50000, 0, 99999, 100000, 12345}) {
      CAPTURE(to);
      reader.seek(to);
      CHECK(largest_difference(reader.read(500), whole.view().slice({to, to + 500})) <= tolerance);
    }
    CHECK(largest_difference(read_sound(path, sfa::FrameRange{60000, 70000}),
                             whole.view().slice({60000, 70000})) <= tolerance);
    CHECK(read_sound(path, sfa::FrameRange{99990, 200000}).frames() == 10);
    CHECK(read_sound(path, sfa::FrameRange{200000, 300000}).frames() == 0);
    CHECK(read_sound(path, sfa::FrameRange{-5, 3}).frames() == 3);
    CHECK(scratch::kind_of([&] { reader.seek(100001); }) == Error::Kind::invalid_argument);
    CHECK(scratch::kind_of([&] { reader.seek(-1); }) == Error::Kind::invalid_argument);
    CHECK(scratch::kind_of([&] { (void)reader.read(0); }) == Error::Kind::invalid_argument);
  }
}

TEST_CASE("an empty sound is a sound") {
  const Folder folder;
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, AudioBuffer(2, 0, {44100}), format_for(path));
    const auto back = read_sound(path);
    CHECK(back.frames() == 0);
    CHECK(back.channels() == 2);
  }
}

TEST_CASE("nothing appears without commit, and what was there stays") {
  const Folder folder;
  for (const std::string name : {"x.wav", "x.flac", "x.ogg"}) {
    put(folder / name, "old");
    {
      SoundWriter writer(folder / name, {44100}, 1, format_for(name));
      writer.write(scratch::noise(1, 50000));
    }
    CHECK(get(folder / name) == "old");
  }
  CHECK(folder.entries() == 3);
}

TEST_CASE("a full device and a full disk are errors, whatever the format") {
  for (const std::string name : {"x.wav", "x.flac", "x.ogg", "x.aiff"}) {
    CAPTURE(name);
    CHECK(scratch::error_of([&] { write_sound("/dev/full", scratch::noise(1, 1000), format_for(name)); }) ==
          "/dev/full: No space left on device");
    write_sound("/dev/null", scratch::noise(1, 1000), format_for(name));
  }
  const Folder folder;
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"})
    for (const rlim_t size : {20, 300, 9000}) {
      CAPTURE(ending);
      CAPTURE(size);
      const int code = scratch::in_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{size, size};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto path = folder / ("x." + ending);
        const auto error =
            scratch::error_of([&] { write_sound(path, scratch::noise(2, 48000, 48000), format_for(path)); });
        return error.ends_with(": File too large") ? 7 : error.empty() ? 0 : 8;
      });
      CHECK(code == 7);
      CHECK(folder.entries() == 0);
    }
}

TEST_CASE("samples that are not numbers are neither read nor written") {
  const Folder folder;
  auto audio = scratch::noise(2, 100000, 48000);
  put(folder / "x.wav", "");
  write_sound(folder / "x.wav", audio, format_for("x.wav"));
  auto content = get(folder / "x.wav");
  const auto first = content.size() - 100000 * 8;
  content.replace(first + 72000 * 8 + 4, 4, std::string("\0\0\xC0\x7F", 4));
  put(folder / "x.wav", content);
  CHECK(scratch::error_of([&] { (void)read_sound(folder / "x.wav"); }) ==
        (folder / "x.wav") + ": a sample that is not a number at 1.500000 s, channel 2");
  content.replace(first + 72000 * 8 + 4, 4, std::string("\0\0\x80\xFF", 4));  // -infinity
  put(folder / "x.wav", content);
  CHECK(scratch::kind_of([&] { (void)read_sound(folder / "x.wav"); }) == Error::Kind::invalid_data);
  CHECK(read_sound(folder / "x.wav", sfa::FrameRange{0, 72000}).frames() == 72000);

  audio.channel(1)[5] = NAN;
  CHECK(scratch::kind_of([&] { write_sound(folder / "y.wav", audio, format_for("y.wav")); }) ==
        Error::Kind::invalid_data);
  CHECK_FALSE(scratch::fs::exists(folder / "y.wav"));
}

TEST_CASE("a progress callback sees the way to 1 and can stop it") {
  const Folder folder;
  write_sound(folder / "x.wav", scratch::noise(1, 500000), format_for("x.wav"));
  std::vector<double> seen;
  (void)read_sound(folder / "x.wav", {}, [&](double done) {
    seen.push_back(done);
    return true;
  });
  CHECK(seen.size() > 5);
  CHECK(std::ranges::is_sorted(seen));
  CHECK(seen.back() == 1.0);
  CHECK(scratch::kind_of([&] { (void)read_sound(folder / "x.wav", {}, [](double done) { return done < 0.3; }); }) ==
        Error::Kind::cancelled);
}
