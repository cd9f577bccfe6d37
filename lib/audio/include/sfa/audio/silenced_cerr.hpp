// Keeps libraries from talking to the user behind our back.
#pragma once
#include <iostream>

namespace sfa {

/// While it lives, what is written to std::cerr leads nowhere: RtAudio and RtMidi tell it of servers that are not there.
class SilencedCerr {
 public:
  SilencedCerr() : kept_(std::cerr.rdbuf(nullptr)) {}
  ~SilencedCerr() { std::cerr.rdbuf(kept_); }
  SilencedCerr(const SilencedCerr&) = delete;
  SilencedCerr& operator=(const SilencedCerr&) = delete;

 private:
  std::streambuf* kept_;
};

}  // namespace sfa
