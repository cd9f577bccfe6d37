#include "sfa/midi/output_port.hpp"

#include <dlfcn.h>
#include <rtmidi_c.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/silence.hpp"

namespace sfa::midi {
namespace {

/// RtMidi's functions, by its C interface: no exception of it crosses into us.
struct Library {
  void* handle;
  decltype(&rtmidi_out_create) out_create;
  decltype(&rtmidi_out_free) out_free;
  decltype(&rtmidi_get_port_count) port_count;
  decltype(&rtmidi_get_port_name) port_name;
  decltype(&rtmidi_open_port) open_port;
  decltype(&rtmidi_open_virtual_port) open_virtual_port;
  decltype(&rtmidi_close_port) close_port;
  decltype(&rtmidi_out_send_message) send;

  template <typename Function>
  void find(Function& function, const char* symbol) const {
    function = reinterpret_cast<Function>(dlsym(handle, symbol));
    if (function == nullptr) throw Error(Error::Kind::unsupported, std::string(SFA_RTMIDI " has no ") + symbol);
  }

  Library() : handle(dlopen(SFA_RTMIDI, RTLD_NOW | RTLD_LOCAL)) {
    if (handle == nullptr) throw Error(Error::Kind::unsupported, std::string("no MIDI without RtMidi: ") + dlerror());
    find(out_create, "rtmidi_out_create");
    find(out_free, "rtmidi_out_free");
    find(port_count, "rtmidi_get_port_count");
    find(port_name, "rtmidi_get_port_name");
    find(open_port, "rtmidi_open_port");
    find(open_virtual_port, "rtmidi_open_virtual_port");
    find(close_port, "rtmidi_close_port");
    find(send, "rtmidi_out_send_message");
    silence_backends(handle);
  }
};

const Library& library() {
  static const Library loaded;
  return loaded;
}

std::vector<std::string> names(RtMidiPtr device) {
  std::vector<std::string> found;
  for (unsigned i = 0, count = library().port_count(device); i < count; ++i) {
    std::array<char, 512> name{};
    int bytes = static_cast<int>(name.size()) - 1;
    (void)library().port_name(device, i, name.data(), &bytes);
    found.emplace_back(name.data());
  }
  return found;
}

[[noreturn]] void refuse(const std::string& name, const std::vector<std::string>& all, bool several) {
  std::string known;
  for (const auto& one : all) known += (known.empty() ? "; there are: " : ", ") + one;
  throw Error(Error::Kind::not_found, (several ? "several MIDI ports are called " : "no MIDI port is called ") + name + known);
}

}  // namespace

struct OutputPort::State {
  using Clock = std::chrono::steady_clock;
  RtMidiOutPtr device = nullptr;
  Clock::time_point last_sent;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { close(); }

  void close() noexcept {
    if (device == nullptr) return;
    const SilencedCerr silenced;
    if (device->ptr != nullptr) library().close_port(device);  // there is none where the API is not
    library().out_free(device);
    device = nullptr;
  }

  /// False where the API, or its server, is not there. That it did not reach JACK RtMidi tells on std::cerr only; then it
  /// tries anew with every call, and loses a buffer each time. So it is not called again, but made again: a server with
  /// much to do may refuse once.
  bool create(RtMidiApi api, const std::string& client) {
    constexpr int tries = 3;
    constexpr std::chrono::milliseconds pause{20};
    for (int i = 0; i < tries; ++i) {
      close();
      if (i > 0) std::this_thread::sleep_for(pause);
      const SilencedCerr cerr;
      device = library().out_create(api, client.c_str());
      if (device == nullptr || !device->ok) return false;
      if (!cerr.anything_said()) return true;
    }
    return false;
  }
};

OutputPort::OutputPort(const std::string& name, const std::string& client_name) : state_(std::make_unique<State>()) {
  constexpr std::array apis{RTMIDI_API_UNIX_JACK, RTMIDI_API_LINUX_ALSA};
  const SilencedCerr silenced;
  std::vector<std::string> all;
  bool reached = false;
  for (const auto api : apis) {
    if (!state_->create(api, client_name)) continue;
    reached = true;
    const auto found = names(state_->device);
    all.insert(all.end(), found.begin(), found.end());
    if (name == "virtual") {
      library().open_virtual_port(state_->device, "out");
      if (state_->device->ok) return;
      continue;
    }
    std::vector<unsigned> fitting;
    for (unsigned i = 0; i < found.size(); ++i)
      if (found[i].find(name) != std::string::npos) fitting.push_back(i);
    if (const auto same = std::ranges::find(found, name); same != found.end()) fitting = {static_cast<unsigned>(same - found.begin())};
    if (fitting.size() > 1) refuse(name, found, true);
    if (fitting.empty()) continue;
    library().open_port(state_->device, fitting.front(), "out");
    if (state_->device->ok) return;
  }
  if (!reached) throw Error(Error::Kind::not_found, "no MIDI ports: neither JACK nor ALSA's sequencer is there");
  refuse(name, all, false);
}

// RtMidi waits until JACK has taken what was sent, not until the receiver has: a port that is gone within that cycle takes
// it along. The longest usual cycle is 4096 frames.
OutputPort::~OutputPort() {
  constexpr std::chrono::milliseconds longest_cycle{100};
  std::this_thread::sleep_until(state_->last_sent + longest_cycle);
}

void OutputPort::send(std::span<const std::uint8_t> message) noexcept {
  state_->last_sent = State::Clock::now();
  (void)library().send(state_->device, message.data(), static_cast<int>(message.size()));
}

}  // namespace sfa::midi
