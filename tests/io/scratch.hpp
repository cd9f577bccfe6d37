// What the tests of this room share: a folder of their own, bytes by hand, and signals.
#pragma once
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

namespace scratch {

namespace fs = std::filesystem;

/// A new folder, removed at the end of the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "sfa-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path_ = name;
  }
  ~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] std::string str() const { return path_.string(); }
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

inline void put(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string get(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

/// Little-endian.
template <typename Integer>
std::string bytes(Integer value) {
  std::string text;
  for (std::size_t i = 0; i < sizeof value; ++i)
    text += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF);
  return text;
}

inline std::string chunk(const std::string& id, const std::string& body) {
  return id + bytes(static_cast<std::uint32_t>(body.size())) + body + std::string(body.size() % 2, '\0');
}

/// A WAV by the book (IBM and Microsoft, 1991), to read and to compare with.
inline std::string wav(int tag, int channels, int rate_hz, int bits, const std::string& data) {
  const int frame = channels * bits / 8;
  const auto format = bytes(static_cast<std::uint16_t>(tag)) + bytes(static_cast<std::uint16_t>(channels)) +
                      bytes(rate_hz) + bytes(rate_hz * frame) + bytes(static_cast<std::uint16_t>(frame)) +
                      bytes(static_cast<std::uint16_t>(bits));
  return chunk("RIFF", "WAVE" + chunk("fmt ", format) + chunk("data", data));
}

/// Noise below full scale that differs in each channel.
inline sfa::AudioBuffer noise(int channels, sfa::Frames frames, int rate_hz = 44100, double level = 0.9) {
  sfa::AudioBuffer audio(channels, frames, {rate_hz});
  sfa::Random random(1);
  for (int c = 0; c < channels; ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(random.uniform(-level, level));
  return audio;
}

inline sfa::AudioBuffer sine(double hz, sfa::Frames frames, int channels = 1, int rate_hz = 44100) {
  sfa::AudioBuffer audio(channels, frames, {rate_hz});
  for (int c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < static_cast<std::size_t>(frames); ++i)
      audio.channel(c)[i] = static_cast<float>(0.5 * std::sin(2.0 * M_PI * hz * static_cast<double>(i) / rate_hz));
  return audio;
}

inline double largest_difference(const sfa::AudioView& a, const sfa::AudioView& b) {
  if (a.channels() != b.channels() || a.frames() != b.frames() || a.rate() != b.rate()) return HUGE_VAL;
  double largest = 0.0;
  for (int c = 0; c < a.channels(); ++c)
    for (std::size_t i = 0; i < static_cast<std::size_t>(a.frames()); ++i)
      largest =
          std::max(largest, std::abs(static_cast<double>(a.channel(c)[i]) - static_cast<double>(b.channel(c)[i])));
  return largest;
}

/// The message of the error that `work` throws; empty if it throws none.
template <typename Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const sfa::Error& error) {
    return error.what();
  }
  return {};
}

template <typename Work>
sfa::Error::Kind kind_of(Work work) {
  try {
    work();
  } catch (const sfa::Error& error) {
    return error.kind;
  }
  FAIL("nothing was thrown");
  return {};
}

/// Runs `work` in a process of its own and returns its exit status (128 + N for signal N).
template <typename Work>
int in_child(Work work) {
  const auto pid = ::fork();
  if (pid == 0) {
    int code = 99;
    try {
      code = work();
    } catch (...) {
    }
    ::_exit(code);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace scratch
