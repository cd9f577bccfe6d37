#include "ending.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <ctime>

namespace sfa::play {
namespace {

constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP};
// timeout(1) and shells signal a process and then its group: what comes so soon is the same wish.
constexpr std::int64_t same_wish_ms = 300;

volatile std::sig_atomic_t came = 0;
volatile std::int64_t came_ms = 0;  // written before `came`, once
std::array<struct sigaction, numbers.size()> before;

void put_back() {
  for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], &before[i], nullptr);
}

/// Async-signal-safe.
std::int64_t now_ms() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1000000;
}

extern "C" void ask_to_end(int number) {
  if (came == 0) {
    came_ms = now_ms();
    came = number;
    return;
  }
  if (now_ms() - came_ms < same_wish_ms) return;
  put_back();
  raise(number);
}

}  // namespace

Ending::Ending() {
  came = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_end;
  sigemptyset(&action.sa_mask);
  for (const int number : numbers) sigaddset(&action.sa_mask, number);
  action.sa_flags = SA_RESTART;
  for (std::size_t i = 0; i < numbers.size(); ++i) sigaction(numbers[i], nullptr, &before[i]);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (before[i].sa_handler != SIG_IGN) sigaction(numbers[i], &action, nullptr);
}

Ending::~Ending() { put_back(); }

int Ending::wanted() noexcept { return came; }

}  // namespace sfa::play
