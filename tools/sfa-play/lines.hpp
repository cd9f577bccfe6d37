// Lines from and to descriptors, read and written without waiting.
#pragma once
#include <chrono>
#include <functional>
#include <string>

namespace sfa::play {

/// Lines out of what a descriptor gives. Too long a one is told of once and passed over.
class LineReader {
 public:
  explicit LineReader(int descriptor) : file_(descriptor) {}
  /// What there is, at most `most` lines and until `take` is false; `whole` is false, and the line empty, for one that
  /// was too long. False at the end.
  using Take = std::function<bool(const std::string& line, bool whole)>;
  bool read(int most, const Take& take);

  static constexpr std::size_t longest_line = 65536;

 private:
  int file_;
  std::string kept_;
  bool skipping_ = false, ended_ = false;
};

/// What goes to a descriptor, whole and in its order, however slowly that takes it.
class LineWriter {
 public:
  explicit LineWriter(int descriptor) : file_(descriptor) {}
  void write(const std::string& text);
  /// As much of what is left as goes out now.
  void flush();
  /// All of it, or until then.
  void finish(std::chrono::steady_clock::time_point give_up);

  [[nodiscard]] int descriptor() const { return file_; }
  [[nodiscard]] bool empty() const { return unsent_.empty(); }
  /// Nobody reads any more; what is written is lost.
  [[nodiscard]] bool gone() const { return gone_; }

 private:
  int file_;
  std::string unsent_;
  bool gone_ = false;
};

}  // namespace sfa::play
