#include "ending.hpp"

#include <array>
#include <csignal>

namespace sfa::play {
namespace {

constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t came = 0;
std::array<struct sigaction, numbers.size()> before;

void put_back() {
  for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], &before[i], nullptr);
}

extern "C" void ask_to_end(int number) {
  if (came == 0) {
    came = number;
    return;
  }
  put_back();
  raise(number);
}

}  // namespace

Ending::Ending() {
  came = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_end;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], nullptr, &before[i]);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (before[i].sa_handler != SIG_IGN) sigaction(numbers[i], &action, nullptr);
}

Ending::~Ending() { put_back(); }

int Ending::wanted() noexcept { return came; }

}  // namespace sfa::play
