#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string_view>

#include "sfa/audio/error.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

using Clock = std::chrono::steady_clock;

bool can_redraw() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

void erase_bar(std::atomic<bool>& is_drawn) {
  if (is_drawn.exchange(false)) fmt::print(stderr, "\r\x1b[K");
}

/// In quotes; what is not UTF-8, as file names may be, is replaced.
std::string as_json(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct Meter {
  std::string name, stage;
  bool json = false;
  std::atomic<bool>* is_drawn = nullptr;
  Clock::time_point begin = Clock::now(), last = begin - std::chrono::seconds(1);
  std::mutex mutex;

  void show(double done) {
    const std::lock_guard lock(mutex);
    const auto now = Clock::now();
    const bool last_call = done >= 1.0;
    if (!last_call && now - last < std::chrono::milliseconds(100)) return;
    last = now;
    const double elapsed = std::chrono::duration<double>(now - begin).count();
    if (json)
      fmt::print(stderr, "{{\"format\":\"sfa.progress\",\"version\":1,\"tool\":{},\"stage\":{},\"done\":{:.4f},"
                 "\"elapsed\":{:.3f}}}\n", as_json(name), as_json(stage), done, elapsed);
    else
      draw(done, elapsed, last_call);
  }

  void draw(double done, double elapsed, bool last_call) const {
    constexpr int width = 30;
    const Error printable(Error::Kind::io, stage);  // one line, whatever a file name holds
    *is_drawn = true;
    const int filled = static_cast<int>(done * width);
    const auto left = done > 0.01 ? clock_text(elapsed * (1.0 - done) / done) : std::string("-:--");
    fmt::print(stderr, "\r{}: {} [{:=<{}}{:<{}}] {:3.0f} % {} left\x1b[K", name, printable.what(), "", filled, "",
               width - filled, done * 100.0, left);
    if (last_call) erase_bar(*is_drawn);  // what remains is for the results
  }
};

}  // namespace

void Command::erase_bar() { tool::erase_bar(bar_is_drawn_); }

Progress Command::progress(const std::string& stage) {
  const bool json = progress_mode_ == "json";
  const bool bar = progress_mode_ == "bar" || (progress_mode_ == "auto" && can_redraw());
  if (quiet_ || (!json && !bar)) return {};
  auto meter = std::make_shared<Meter>();
  meter->name = name_;
  meter->stage = stage;
  meter->json = json;
  meter->is_drawn = &bar_is_drawn_;
  return [meter](double done) {
    meter->show(done);
    return true;
  };
}

}  // namespace sfa::tool
