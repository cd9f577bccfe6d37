#include <csignal>

#include "sfa/io/atomic_file.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

// The process ends at once, whatever its threads are doing: a half-written file has only a
// temporary name until it is whole, and that name goes here.
extern "C" void end_by_signal(int number) {
  io::remove_temporaries();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

}  // namespace

void handle_signals() {
  struct sigaction action {};
  action.sa_handler = end_by_signal;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    // nohup and a shell's background jobs ignore some signals on purpose.
    if (sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error to report, not an end
}

}  // namespace sfa::tool
