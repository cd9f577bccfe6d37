// Files that are not what they should be: each gives one clear line or its samples, never a crash,
// never memory for a length that only a header knows.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "scratch.hpp"
#include "sfa/io/sound_file.hpp"

using scratch::bytes;
using scratch::chunk;
using scratch::Folder;
using scratch::get;
using scratch::put;
using sfa::Error;
using namespace sfa::io;

namespace {

std::string error_of_reading(const std::string& path) {
  return scratch::error_of([&] { (void)read_sound(path); });
}

bool is_one_line(const std::string& message) {
  return message.find('\n') == std::string::npos && !message.ends_with('.');
}

/// Reads `content` as a file; true if it was read or refused in one line that names the file.
bool is_survived(const Folder& folder, const std::string& ending, const std::string& content) {
  const auto path = folder / ("x." + ending);
  put(path, content);
  const auto message = error_of_reading(path);
  return message.empty() || (is_one_line(message) && message.starts_with(path + ": "));
}

}  // namespace

TEST_CASE("what cannot be opened is told as the system tells it") {
  const Folder folder;
  CHECK(error_of_reading(folder / "none.wav") == (folder / "none.wav") + ": No such file or directory");
  CHECK(scratch::kind_of([&] { (void)read_sound(folder / "none.wav"); }) == Error::Kind::not_found);
  CHECK(error_of_reading(folder.str()) == folder.str() + ": Is a directory");
  CHECK(scratch::kind_of([&] { (void)read_sound(folder.str()); }) == Error::Kind::io);
  put(folder / "empty.wav", "");
  CHECK(error_of_reading(folder / "empty.wav") == (folder / "empty.wav") + ": an empty file");
  put(folder / "text.wav", "It was a dark and stormy night\n");
  CHECK(error_of_reading(folder / "text.wav") == (folder / "text.wav") + ": not a sound file");
  if (::geteuid() != 0) {
    put(folder / "secret.wav", "x");
    ::chmod((folder / "secret.wav").c_str(), 0);
    CHECK(error_of_reading(folder / "secret.wav") == (folder / "secret.wav") + ": Permission denied");
  }
}

TEST_CASE("a WAV cut at any byte is refused, never taken for a whole one") {
  const Folder folder;
  const auto path = folder / "x.wav";
  write_sound(path, scratch::noise(2, 20), format_for(path, 16), "sfa-x 1 00112233445566778899aabbccddeeff");
  const auto whole = get(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    put(path, whole.substr(0, size));
    const auto message = error_of_reading(path);
    CHECK_FALSE(message.empty());
    CHECK(is_one_line(message));
  }
  CHECK(error_of_reading(path) == path + ": cut short after 79 of 80 bytes of samples");
}

TEST_CASE("a cut file of any other format is refused or, at worst, a shorter sound without a length") {
  const Folder folder;
  const auto audio = scratch::noise(2, 30000, 48000);
  for (const std::string ending : {"w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"}) {
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path));
    const auto whole = get(path);
    for (const double part : {0.02, 0.1, 0.5, 0.9, 0.99}) {
      CAPTURE(ending);
      CAPTURE(part);
      put(path, whole.substr(0, static_cast<std::size_t>(part * static_cast<double>(whole.size()))));
      const auto message = error_of_reading(path);
      CHECK(is_one_line(message));
      if (ending != "mp3" || part < 0.95) CHECK_FALSE(message.empty());
    }
  }
}

TEST_CASE("a decoder's error is not taken for the end of a sound whose length is unknown") {
  const Folder folder;
  const auto path = folder / "x.flac";
  write_sound(path, scratch::noise(1, 200000), format_for(path));
  auto text = scratch::get(path);
  text[21] = static_cast<char>(text[21] & 0xF0);  // STREAMINFO's 36 bits of total samples: 0 is unknown
  for (std::size_t i = 22; i < 26; ++i) text[i] = '\0';
  put(path, text);
  CHECK(read_sound(path).frames() == 200000);
  std::fill(text.begin() + static_cast<std::ptrdiff_t>(text.size() / 2), text.end(), '\0');
  put(path, text);
  CHECK(scratch::kind_of([&] { (void)read_sound(path); }) == Error::Kind::invalid_data);
}

TEST_CASE("silly shapes are refused by name") {
  const Folder folder;
  const auto path = folder / "x.wav";
  const auto read = [&](int channels, int rate) {
    auto content = scratch::wav(1, 1, 44100, 16, std::string(400, '\0'));
    content.replace(22, 2, bytes(static_cast<std::uint16_t>(channels)));
    content.replace(24, 4, bytes(rate));
    content.replace(32, 2, bytes(static_cast<std::uint16_t>(2 * channels)));
    put(path, content);
    return error_of_reading(path);
  };
  CHECK(read(1, 44100).empty());
  CHECK(read(0, 44100) == path + ": 0 channels (1 to 64 can be used)");
  CHECK(read(65, 44100) == path + ": 65 channels (1 to 64 can be used)");
  CHECK(read(65535, 44100).starts_with(path + ": 65535 channels"));
  CHECK(read(1, 0) == path + ": a sample rate of 0 Hz (1000 to 768000 can be used)");
  CHECK(read(1, 999).find("999 Hz") != std::string::npos);
  CHECK(read(1, -1).find("4294967295 Hz") != std::string::npos);
}

TEST_CASE("a header's word is not worth memory") {
  const Folder folder;
  const auto path = folder / "x.flac";
  write_sound(path, scratch::noise(1, 5000), format_for(path));
  auto content = get(path);
  // STREAMINFO's total samples: 36 bits, the last four of byte 21 and bytes 22 to 25 (RFC 9639, 8.2).
  content[21] = static_cast<char>(content[21] | 0x0F);
  content.replace(22, 4, "\xFF\xFF\xFF\xFF");
  put(path, content);
  const int code = scratch::in_child([&] {
#ifndef __SANITIZE_ADDRESS__
    const rlimit limit{rlim_t{1} << 30, rlim_t{1} << 30};
    ::setrlimit(RLIMIT_AS, &limit);
#endif
    return error_of_reading(path) == path + ": cut short after 5000 of 68719476735 frames" ? 7 : 8;
  });
  CHECK(code == 7);
}

TEST_CASE("chunks with any size, order or number are survived") {
  const Folder folder;
  const auto format = scratch::wav(1, 1, 44100, 16, "").substr(12, 24);
  const auto data = chunk("data", std::string(100, '\1'));
  const auto survived = [&](const std::string& body) {
    return is_survived(folder, "wav", "RIFF" + bytes(std::uint32_t{100}) + "WAVE" + body);
  };
  CHECK(survived(""));
  CHECK(survived(data));
  CHECK(survived(format));
  CHECK(survived("fmt " + bytes(std::uint32_t{2}) + "\1\0"));
  CHECK(survived("fmt " + bytes(0xFFFFFFFFU) + data));
  CHECK(survived("JUNK" + bytes(0xFFFFFFFEU) + format + data));
  CHECK(survived(format + format + data));
  CHECK(survived(format + "data" + bytes(0xFFFFFFF0U)));
  std::string many;
  for (int i = 0; i < 20000; ++i) many += chunk("abcd", "");
  CHECK(survived(many + format + data));
}

TEST_CASE("files with bytes changed at random are survived") {
  const Folder folder;
  const auto audio = scratch::sine(300, 3000, 2, 48000);
  sfa::Random random(2024);
  for (const std::string ending : {"wav", "rf64", "w64", "aiff", "caf", "au", "flac", "ogg", "opus", "mp3"}) {
    const auto path = folder / ("whole." + ending);
    write_sound(path, audio, format_for(path));
    const auto whole = get(path);
    for (int round = 0; round < 150; ++round) {
      auto content = whole;
      const auto reach = round % 2 ? std::size_t{120} : content.size();
      for (auto changes = 1 + random.below(8); changes > 0; --changes)
        content[random.below(reach)] = static_cast<char>(random.below(3) ? random.bits() : 0xFF);
      if (round % 5 == 0) content.resize(random.below(content.size()));
      CAPTURE(ending);
      CAPTURE(round);
      CHECK(is_survived(folder, ending, content));
    }
  }
}

TEST_CASE("sizes that mean to the end of the file are no mark of a cut one") {
  const Folder folder;
  const auto audio = scratch::noise(1, 1000);
  const auto patched = [&](const std::string& ending, const std::string& id, std::size_t size_at,
                           const std::string& size) {
    const auto path = folder / ("x." + ending);
    write_sound(path, audio, format_for(path, 16));
    const auto expected = read_sound(path);
    auto content = get(path);
    content.replace(id.empty() ? size_at : content.find(id) + size_at, size.size(), size);
    put(path, content);
    return scratch::largest_difference(read_sound(path), expected) == 0.0;
  };
  CHECK(patched("aiff", "SSND", 4, {"\x7F\0\0\x08", 4}));                         // sox on a pipe
  CHECK(patched("au", "", 8, "\xFF\xFF\xFF\xFF"));                                // the format's own
  CHECK(patched("w64", "data", 16, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"));          // ffmpeg on a pipe
  CHECK(patched("rf64", "ds64", 16, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));         // ffmpeg on a pipe
}
