// Keeps libraries from talking to the user behind our back.
#pragma once
#include <atomic>
#include <iostream>
#include <streambuf>

namespace sfa {

/// While it lives, what is written to std::cerr leads nowhere: RtAudio and RtMidi tell it of servers that are not there.
class SilencedCerr {
 public:
  SilencedCerr() : kept_(std::cerr.rdbuf(&listener_)) {}
  ~SilencedCerr() { std::cerr.rdbuf(kept_); }
  SilencedCerr(const SilencedCerr&) = delete;
  SilencedCerr& operator=(const SilencedCerr&) = delete;

  /// Whether something was written so far.
  [[nodiscard]] bool anything_said() const { return listener_.heard; }

 private:
  struct Listener : std::streambuf {
    std::atomic<bool> heard = false;  // libraries have threads of their own
    int_type overflow(int_type character) override {
      heard = true;
      return traits_type::not_eof(character);
    }
  };
  Listener listener_;
  std::streambuf* kept_;
};

/// Silences ALSA and JACK, which tell standard error of every device and server that is not there. `library` is a handle
/// of dlopen(), of a library that uses them.
void silence_backends(void* library);

}  // namespace sfa
