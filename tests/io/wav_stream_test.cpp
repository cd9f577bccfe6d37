// WAV byte by byte: what is written is compared with headers made by hand, what is read is made by hand.
#include <fcntl.h>

#include <bit>
#include <thread>

#include "scratch.hpp"
#include "sfa/io/sound_file.hpp"

using scratch::bytes;
using scratch::chunk;
using scratch::Folder;
using scratch::get;
using scratch::put;
using sfa::AudioBuffer;
using sfa::Error;
using namespace sfa::io;

namespace {

std::string float_bytes(std::initializer_list<float> samples) {
  std::string text;
  for (const float sample : samples) text += bytes(std::bit_cast<std::uint32_t>(sample));
  return text;
}

AudioBuffer mono(std::initializer_list<float> samples, int rate_hz = 44100) {
  AudioBuffer audio(1, static_cast<sfa::Frames>(samples.size()), {rate_hz});
  std::ranges::copy(samples, audio.channel(0).begin());
  return audio;
}

/// What SoundReader makes of `content` on standard input, a pipe.
template <typename Use>
void through_pipe(const std::string& content, Use use) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  std::thread writer([&] {
    std::size_t done = 0;
    while (done < content.size()) {
      const auto count =
          ::write(ends[1], content.data() + done, std::min<std::size_t>(content.size() - done, 1000));
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
    ::close(ends[1]);
  });
  use();
  // Take what nobody read, so that the writer ends.
  char rest[4096];
  while (::read(STDIN_FILENO, rest, sizeof rest) > 0) {
  }
  writer.join();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

/// What SoundWriter sends to standard output.
template <typename Use>
std::string captured(Use use) {
  const Folder folder;
  const int file = ::open((folder / "out").c_str(), O_RDWR | O_CREAT, 0600);
  const int saved = ::dup(STDOUT_FILENO);
  ::dup2(file, STDOUT_FILENO);
  use();
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  ::close(file);
  return get(folder / "out");
}

std::string streaming_wav(const std::string& format, const std::string& data, std::uint32_t size = 0xFFFFFFFF) {
  return "RIFF" + bytes(0xFFFFFFFFU) + "WAVE" + chunk("fmt ", format) + "data" + bytes(size) + data;
}

std::string format_chunk(int tag, int channels, int rate_hz, int bits) {
  return scratch::wav(tag, channels, rate_hz, bits, "").substr(20, 16);
}

}  // namespace

TEST_CASE("16-bit WAV is the book's, with room for sizes beyond 4 GiB before it") {
  const Folder folder;
  write_sound(folder / "x.wav", mono({0.0F, 0.5F, -1.0F, 1.0F}, 8000), {Container::wav, Encoding::pcm16});
  const auto data = bytes(std::int16_t{0}) + bytes(std::int16_t{16384}) + bytes(std::int16_t{-32768}) +
                    bytes(std::int16_t{32767});
  CHECK(get(folder / "x.wav") ==
        chunk("RIFF", "WAVE" + chunk("JUNK", std::string(28, '\0')) + chunk("fmt ", format_chunk(1, 1, 8000, 16)) +
                          chunk("data", data)));
}

TEST_CASE("float WAV has the extra size, the fact chunk and no time stamp; the recipe is its comment") {
  const Folder folder;
  write_sound(folder / "x.wav", mono({0.25F, -2.0F}), format_for("x.wav"), "sfa-x 1 ab");
  const auto comment = "INFO" + chunk("ICMT", std::string("sfa-x 1 ab\0", 11));
  CHECK(get(folder / "x.wav") ==
        chunk("RIFF", "WAVE" + chunk("JUNK", std::string(28, '\0')) +
                          chunk("fmt ", format_chunk(3, 1, 44100, 32) + bytes(std::uint16_t{0})) +
                          chunk("fact", bytes(std::uint32_t{2})) + chunk("LIST", comment) +
                          chunk("data", float_bytes({0.25F, -2.0F}))));
}

TEST_CASE("standard output gets a streaming header, extensible from three channels on") {
  const auto stereo = captured([] { write_sound("-", AudioBuffer(2, 3, {48000}), format_for("-")); });
  CHECK(stereo == streaming_wav(format_chunk(3, 2, 48000, 32) + bytes(std::uint16_t{0}), std::string(24, '\0')));

  const auto three = captured([] {
    write_sound("-", AudioBuffer(3, 1, {48000}), {Container::wav, Encoding::pcm16});
  });
  // KSDATAFORMAT_SUBTYPE_PCM: 00000001-0000-0010-8000-00AA00389B71
  const std::string guid{"\1\0\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71", 16};
  auto format = format_chunk(1, 3, 48000, 16);
  format.replace(0, 2, "\xFE\xFF");
  format += bytes(std::uint16_t{22}) + bytes(std::uint16_t{16}) + bytes(std::uint32_t{0}) + guid;
  CHECK(three == streaming_wav(format, std::string(6, '\0')));
}

TEST_CASE("float samples become the nearest integer and are clipped, never wrapped") {
  const Folder folder;
  const float lsb = 1.0F / 32768.0F;
  write_sound(folder / "x.wav",
              mono({0.4F * lsb, 0.6F * lsb, -0.4F * lsb, -0.6F * lsb, 1.5F * lsb, 2.5F * lsb, 7.0F, -7.0F}),
              {Container::wav, Encoding::pcm16});
  const auto data = get(folder / "x.wav").substr(88 - 8);
  std::string expected;
  for (const int value : {0, 1, 0, -1, 2, 2, 32767, -32768}) expected += bytes(static_cast<std::int16_t>(value));
  CHECK(data == expected);
  // The same by libsndfile's writers.
  for (const std::string ending : {"aiff", "caf", "au", "w64", "flac"})
    for (const int bits : {16, 24}) {
      CAPTURE(ending);
      CAPTURE(bits);
      const float step = bits == 16 ? lsb : lsb / 256.0F;
      const auto path = folder / ("x." + ending);
      write_sound(path, mono({0.6F * step, -0.6F * step, -0.4F * step, 9.0F, -9.0F}), format_for(path, bits));
      CHECK(scratch::largest_difference(read_sound(path), mono({step, -step, 0.0F, 1.0F - step, -1.0F})) == 0.0);
    }
}

TEST_CASE("samples of each width are read at their value") {
  const Folder folder;
  const auto read = [&](int tag, int bits, const std::string& data) {
    put(folder / "x.wav", scratch::wav(tag, 1, 44100, bits, data));
    return read_sound(folder / "x.wav");
  };
  CHECK(scratch::largest_difference(read(1, 8, std::string("\x80\xC0\x00", 3)), mono({0.0F, 0.5F, -1.0F})) == 0.0);
  CHECK(scratch::largest_difference(read(1, 16, std::string("\0\x40\0\x80", 4)), mono({0.5F, -1.0F})) == 0.0);
  CHECK(scratch::largest_difference(read(1, 24, std::string("\0\0\x40\0\0\x80\xFF\xFF\xFF", 9)),
                                    mono({0.5F, -1.0F, -0x1p-23F})) == 0.0);
  CHECK(scratch::largest_difference(read(1, 32, std::string("\0\0\0\x40\0\0\0\x80", 8)), mono({0.5F, -1.0F})) ==
        0.0);
  CHECK(scratch::largest_difference(read(3, 32, float_bytes({0.1F, -3.5F})), mono({0.1F, -3.5F})) == 0.0);
  CHECK(scratch::largest_difference(read(3, 64, bytes(std::bit_cast<std::uint64_t>(0.75))), mono({0.75F})) == 0.0);
}

TEST_CASE("a streamed WAV is read to its end, from a pipe and from a file") {
  const Folder folder;
  const auto data = float_bytes({0.1F, 0.2F, 0.3F, 0.4F, 0.5F});
  const auto expected = mono({0.1F, 0.2F, 0.3F, 0.4F, 0.5F});
  // ffmpeg, sox and arecord
  for (const std::uint32_t size : {0xFFFFFFFFU, 0x7FFFF000U, 0x7FFFFFFFU, 0x80000000U, 0U}) {
    CAPTURE(size);
    const auto content = streaming_wav(format_chunk(3, 1, 44100, 32), data, size);
    through_pipe(content, [&] {
      SoundReader reader("-");
      CHECK_FALSE(reader.info().frames);
      CHECK(reader.info().container == "WAV");
      CHECK(scratch::largest_difference(reader.read(100), expected) == 0.0);
      CHECK(reader.read(100).frames() == 0);
      CHECK(scratch::kind_of([&] { reader.seek(0); }) == Error::Kind::unsupported);
    });
    put(folder / "x.wav", content);
    CHECK(SoundReader(folder / "x.wav").info().frames == 5);
    CHECK(scratch::largest_difference(read_sound(folder / "x.wav"), expected) == 0.0);
    CHECK(scratch::largest_difference(read_sound(folder / "x.wav", sfa::FrameRange{3, 9}), mono({0.4F, 0.5F})) ==
          0.0);
  }
}

TEST_CASE("a known length ends the samples: chunks behind them are not sound") {
  const auto whole = scratch::wav(1, 1, 44100, 16, std::string("\0\x40\0\x80", 4)) + chunk("LIST", "INFOtail");
  through_pipe(whole, [] {
    CHECK(scratch::largest_difference(read_sound("-"), mono({0.5F, -1.0F})) == 0.0);
  });
  through_pipe(whole.substr(0, 46), [] {
    CHECK(scratch::error_of([] { (void)read_sound("-"); }) ==
          "standard input: cut short after 2 of 4 bytes of samples");
  });
}

TEST_CASE("other formats come down a pipe too") {
  const Folder folder;
  const auto audio = scratch::sine(440, 48000, 2, 48000);
  for (const std::string ending : {"aiff", "flac", "caf", "w64", "au", "ogg", "opus", "mp3"}) {
    CAPTURE(ending);
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path));
    const auto expected = read_sound(path);
    through_pipe(get(path), [&] { CHECK(scratch::largest_difference(read_sound("-"), expected) == 0.0); });
  }
  through_pipe("",
               [] { CHECK(scratch::error_of([] { (void)read_sound("-"); }) == "standard input: an empty file"); });
  through_pipe("words\n", [] {
    CHECK(scratch::error_of([] { (void)read_sound("-"); }) == "standard input: not a sound file");
  });
}

TEST_CASE("a long stream passes in blocks, and a range of it is what a file's would be") {
  const auto audio = scratch::noise(2, 200000);
  const auto content = captured([&] { write_sound("-", audio, format_for("-")); });
  through_pipe(content, [&] {
    CHECK(scratch::largest_difference(read_sound("-", sfa::FrameRange{150000, 190001}),
                                      audio.view().slice({150000, 190001})) == 0.0);
  });
}

TEST_CASE("RF64 states its sizes in 64 bits") {
  const Folder folder;
  write_sound(folder / "x.rf64", mono({0.5F, 0.25F}), format_for("x.rf64", 16));
  const auto content = get(folder / "x.rf64");
  CHECK(content.substr(0, 12) == "RF64" + bytes(0xFFFFFFFFU) + "WAVE");
  CHECK(content.substr(12, 36) == chunk("ds64", bytes(std::uint64_t{content.size() - 8}) + bytes(std::uint64_t{4}) +
                                                    bytes(std::uint64_t{2}) + bytes(std::uint32_t{0})));
  CHECK(content.substr(content.size() - 12) == "data" + bytes(0xFFFFFFFFU) + std::string("\0\x40\0\x20", 4));
  CHECK(SoundReader(folder / "x.rf64").info().container == "RF64");
  CHECK(scratch::largest_difference(read_sound(folder / "x.rf64"), mono({0.5F, 0.25F})) == 0.0);
}

TEST_CASE("a WAV stream beyond 4 GiB in a file can be read at its end") {
  const Folder folder;
  const auto path = folder / "long.wav";
  const std::uint64_t frames = (std::uint64_t{5} << 30) / 4;
  put(path, streaming_wav(format_chunk(3, 1, 44100, 32), ""));
  scratch::fs::resize_file(path, 44 + 4 * (frames - 1));  // a hole: no disk is used
  std::ofstream(path, std::ios::binary | std::ios::app) << float_bytes({0.5F});
  const auto end = static_cast<sfa::Frames>(frames);
  CHECK(SoundReader(path).info().frames == end);
  CHECK(scratch::largest_difference(read_sound(path, sfa::FrameRange{end - 2, end + 5}), mono({0.0F, 0.5F})) ==
        0.0);
}
