// Another program whose standard output is read here. It does not outlive this process, however that ends.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace sfa::play {

/// The program of that name beside this one, else in $PATH; empty if there is none.
[[nodiscard]] std::string find_program(const std::string& name);

class Child {
 public:
  /// `input` is opened as its standard input; "-": it shares ours. Reading from it fails with EAGAIN where nothing
  /// comes for `patience`; 0: waits for ever. Throws Error::io and not_found.
  Child(const std::vector<std::string>& arguments, const std::string& input, std::chrono::seconds patience);
  /// Kills it, if it still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// A path that opens what it writes to standard output.
  [[nodiscard]] std::string output() const;

  /// Reads no more of it, and waits for its end. Whether that was a good one.
  bool wait();

  /// The last line that it wrote to standard error, or how it ended where it wrote none. After wait().
  [[nodiscard]] std::string last_words() const;

 private:
  pid_t pid_ = -1;
  int output_ = -1, errors_ = -1, status_ = 0;
};

}  // namespace sfa::play
