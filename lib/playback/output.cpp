#include "sfa/playback/output.hpp"

#include <RtAudio.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <rtaudio_c.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <iostream>
#include <thread>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::playback {
namespace {

void say_nothing(const char*) {}
void say_nothing_of_alsa(const char*, int, const char*, int, const char*, ...) {}

/// RtAudio's functions. Its C interface is the same in versions 5 and 6 but for the devices'
/// numbers, and no exception of it crosses into us.
struct Library {
  void* handle;
  decltype(&rtaudio_create) create;
  decltype(&rtaudio_device_count) device_count;
  decltype(&rtaudio_get_device_info) device_info;
  decltype(&rtaudio_open_stream) open_stream;
  decltype(&rtaudio_close_stream) close_stream;
  decltype(&rtaudio_start_stream) start_stream;
  decltype(&rtaudio_stop_stream) stop_stream;
  decltype(&rtaudio_abort_stream) abort_stream;
  decltype(&rtaudio_is_stream_running) is_stream_running;
  decltype(&rtaudio_get_stream_latency) stream_latency;
  decltype(&rtaudio_error) error;
  decltype(&rtaudio_show_warnings) show_warnings;
#if defined(RTAUDIO_VERSION_MAJOR) && RTAUDIO_VERSION_MAJOR >= 6
  decltype(&rtaudio_get_device_id) device_id;
#endif

  template <typename Function>
  void find(Function& function, const char* symbol) const {
    function = reinterpret_cast<Function>(dlsym(handle, symbol));
    if (function == nullptr) throw Error(Error::Kind::unsupported, std::string(SFA_RTAUDIO " has no ") + symbol);
  }

  /// ALSA and JACK tell standard error of every device that is not there.
  void silence_backends() const {
    using AlsaHandler = int (*)(void (*)(const char*, int, const char*, int, const char*, ...));
    using JackHandler = void (*)(void (*)(const char*));
    if (const auto set = reinterpret_cast<AlsaHandler>(dlsym(handle, "snd_lib_error_set_handler")))
      set(&say_nothing_of_alsa);
    for (const char* const symbol : {"jack_set_error_function", "jack_set_info_function"})
      if (const auto set = reinterpret_cast<JackHandler>(dlsym(handle, symbol))) set(&say_nothing);
  }

  Library() : handle(dlopen(SFA_RTAUDIO, RTLD_NOW | RTLD_LOCAL)) {
    if (handle == nullptr)
      throw Error(Error::Kind::unsupported, std::string("no sound without RtAudio: ") + dlerror());
    find(create, "rtaudio_create");
    find(device_count, "rtaudio_device_count");
    find(device_info, "rtaudio_get_device_info");
    find(open_stream, "rtaudio_open_stream");
    find(close_stream, "rtaudio_close_stream");
    find(start_stream, "rtaudio_start_stream");
    find(stop_stream, "rtaudio_stop_stream");
    find(abort_stream, "rtaudio_abort_stream");
    find(is_stream_running, "rtaudio_is_stream_running");
    find(stream_latency, "rtaudio_get_stream_latency");
    find(error, "rtaudio_error");
    find(show_warnings, "rtaudio_show_warnings");
#if defined(RTAUDIO_VERSION_MAJOR) && RTAUDIO_VERSION_MAJOR >= 6
    find(device_id, "rtaudio_get_device_id");
#endif
    silence_backends();
  }
};

/// Loaded once and kept: its threads may outlive what is done here.
const Library& library() {
  static const Library loaded;
  return loaded;
}

/// While it lives, standard error leads nowhere: for what the handlers above do not catch.
class Hush {
 public:
  Hush() : kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (kept_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0) close(nowhere);
  }
  ~Hush() {
    if (kept_ < 0) return;
    dup2(kept_, STDERR_FILENO);
    close(kept_);
  }
  Hush(const Hush&) = delete;
  Hush& operator=(const Hush&) = delete;

 private:
  int kept_;
};

/// RtAudio 5 tells std::cerr, from a thread of its own, that a server went away: trouble() says it.
class HushStream {
 public:
  HushStream() : kept_(std::cerr.rdbuf(nullptr)) {}
  ~HushStream() { std::cerr.rdbuf(kept_); }
  HushStream(const HushStream&) = delete;
  HushStream& operator=(const HushStream&) = delete;

 private:
  std::streambuf* kept_;
};

rtaudio_api_t number_of(Api api) {
  switch (api) {
    case Api::jack: return RTAUDIO_API_UNIX_JACK;
    case Api::pulse: return RTAUDIO_API_LINUX_PULSE;
    case Api::alsa: return RTAUDIO_API_LINUX_ALSA;
    case Api::automatic: break;
  }
  return RTAUDIO_API_UNSPECIFIED;
}

/// RtAudio for an API, made once: rtaudio_destroy of version 5.2 loses the memory of its handle.
/// Without an open stream it holds no connection to anything. Nothing if the API is not built in.
rtaudio_t& instance(Api api) {
  static std::array<rtaudio_t, 4> made{};
  auto& audio = made[static_cast<std::size_t>(api)];
  if (audio == nullptr) {
    const auto& rt = library();
    const Hush hush;
    audio = rt.create(number_of(api));
    if (audio != nullptr) rt.show_warnings(audio, 0);
  }
  return audio;
}

/// What RtAudio wants to hear of its `index`-th device, and what it says of it.
struct Entry {
  unsigned id;
  rtaudio_device_info_t info;
};

std::vector<Entry> entries(rtaudio_t audio) {
  const auto& rt = library();
  const Hush hush;
  std::vector<Entry> found;
  for (int i = 0, count = rt.device_count(audio); i < count; ++i) {
#if defined(RTAUDIO_VERSION_MAJOR) && RTAUDIO_VERSION_MAJOR >= 6
    const unsigned id = rt.device_id(audio, i);
    const auto info = rt.device_info(audio, id);
#else
    const auto id = static_cast<unsigned>(i);
    const auto info = rt.device_info(audio, i);
    if (info.probed == 0) continue;
#endif
    if (info.output_channels > 0) found.push_back({id, info});
  }
  return found;
}

Device device_from(const rtaudio_device_info_t& info, Api api) {
  Device device{.api = api,
                .name = std::string(info.name, strnlen(info.name, MAX_NAME_LENGTH)),
                .channels = static_cast<int>(info.output_channels),
                .preferred_rate = {static_cast<int>(info.preferred_sample_rate)},
                .rates = {},
                .is_default = info.is_default_output != 0};
  for (const int hz : info.sample_rates)
    if (hz > 0) device.rates.push_back({hz});
  if (device.preferred_rate.hz < 1)
    device.preferred_rate = device.rates.empty() ? SampleRate{48000} : device.rates.back();
  return device;
}

std::vector<Api> apis(Api api) {
  if (api == Api::automatic) return {Api::jack, Api::pulse, Api::alsa};
  return {api};
}

std::vector<Device> devices_of(Api api) {
  const auto audio = instance(api);
  std::vector<Device> found;
  if (audio == nullptr) return found;
  for (const auto& entry : entries(audio)) found.push_back(device_from(entry.info, api));
  return found;
}

constexpr std::array<std::pair<Api, const char*>, 4> api_names{
    {{Api::automatic, "auto"}, {Api::jack, "jack"}, {Api::pulse, "pulse"}, {Api::alsa, "alsa"}}};

}  // namespace

const char* name(Api api) { return api_names[static_cast<std::size_t>(api)].second; }

Api api_named(const std::string& word) {
  for (const auto& [api, text] : api_names)
    if (word == text) return api;
  throw Error(Error::Kind::invalid_argument, "no audio API is called " + word + " (auto, jack, pulse or alsa)");
}

SampleRate Device::rate_for(SampleRate wanted) const {
  return std::ranges::find(rates, wanted) != rates.end() ? wanted : preferred_rate;
}

void Device::check_rate(SampleRate wanted) const {
  if (std::ranges::find(rates, wanted) != rates.end()) return;
  std::string known;
  for (const auto rate : rates) known += (known.empty() ? "" : ", ") + std::to_string(rate.hz);
  throw DeviceError(DeviceError::Reason::rate,
                    name + ": does not play at " + std::to_string(wanted.hz) + " Hz (it has " + known + ")");
}

std::vector<Device> devices(Api api) {
  std::vector<Device> all;
  for (const Api one : apis(api)) std::ranges::move(devices_of(one), std::back_inserter(all));
  return all;
}

Device find_device(Api api, const std::string& wanted) {
  const std::string where = api == Api::automatic ? "JACK, PulseAudio or ALSA" : name(api);
  std::vector<Device> similar;
  for (const Api one : apis(api)) {
    const auto found = devices_of(one);
    if (wanted.empty() && !found.empty()) {
      const auto standard = std::ranges::find_if(found, &Device::is_default);
      return standard != found.end() ? *standard : found.front();
    }
    for (const auto& device : found) {
      if (device.name == wanted) return device;
      if (device.name.find(wanted) != std::string::npos) similar.push_back(device);
    }
  }
  if (similar.size() == 1) return similar.front();
  if (wanted.empty()) throw DeviceError(DeviceError::Reason::none, "no audio device found through " + where);
  const std::string many = similar.empty() ? "no audio device is called " : "several audio devices are called ";
  throw DeviceError(DeviceError::Reason::none, many + wanted + " (looked through " + where + ")");
}

// Output -------------------------------------------------------------------------------------

struct Output::State {
  Device device;
  OutputOptions options;
  Fill fill;
  HushStream hush;
  rtaudio_t audio = nullptr;
  unsigned buffer_frames = 0;
  bool running = false, dead = false;
  std::atomic<bool> silent{false}, filling{false};
  std::atomic<Frames> filled{0};
  std::atomic<std::uint64_t> underruns{0};
  std::atomic<std::int64_t> worst_fill_ns{0};

  using Clock = std::chrono::steady_clock;
  Clock::time_point started, last_progress;
  Frames first_filled = 0, last_filled = 0;  // at the start, and when trouble was last looked for

  /// On the device's thread. It always returns 0: anything else makes RtAudio 5 stop the stream
  /// from in here, and throw on this thread where the server is gone.
  static int callback(void* out, void*, unsigned frames, double, rtaudio_stream_status_t status, void* user) {
    // JACK cancels its thread, at any instruction, when its server goes away; what may not throw would not survive it.
    // The cancellation waits until the end of this, which may.
    int cancelled_before = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancelled_before);
    render(out, frames, status, user);
    pthread_setcancelstate(cancelled_before, nullptr);
    return 0;
  }

  static void render(void* out, unsigned frames, rtaudio_stream_status_t status, void* user) noexcept {
    auto& state = *static_cast<State*>(user);
    auto* const samples = static_cast<float*>(out);
    const auto count = static_cast<std::size_t>(frames) * static_cast<std::size_t>(state.options.channels);
    if ((status & RTAUDIO_STATUS_OUTPUT_UNDERFLOW) != 0) state.underruns.fetch_add(1, std::memory_order_relaxed);
    state.filling = true;
    if (state.silent)
      std::fill_n(samples, count, 0.0F);
    else
      state.timed_fill(samples, static_cast<Frames>(frames));
    state.filling = false;
    // RtAudio turns float into integers for ALSA without a look at their range; the servers clip.
    if (state.device.api == Api::alsa)
      for (std::size_t i = 0; i < count; ++i) samples[i] = std::clamp(samples[i], -1.0F, 1.0F);
    state.filled.fetch_add(static_cast<Frames>(frames), std::memory_order_release);
  }

  void timed_fill(float* samples, Frames frames) noexcept {
    const auto begin = Clock::now();  // reads the time without a system call
    fill(samples, options.channels, frames);
    const std::int64_t took = std::chrono::nanoseconds(Clock::now() - begin).count();
    if (took > worst_fill_ns.load(std::memory_order_relaxed)) worst_fill_ns.store(took, std::memory_order_relaxed);
  }

  /// Afterwards `fill` is not called any more, even if the stream cannot be stopped.
  void fall_silent() noexcept {
    silent = true;
    for (int i = 0; filling && i < 1000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  [[noreturn]] void fail(DeviceError::Reason reason, const std::string& what) const {
    const char* const said = audio != nullptr ? library().error(audio) : nullptr;
    std::string line = device.name + ": " + what;
    if (said != nullptr && *said != '\0') line += std::string(" (") + said + ")";
    // What ALSA and PulseAudio say where another has the device (EBUSY).
    if (line.find("busy") != std::string::npos) reason = DeviceError::Reason::busy;
    throw DeviceError(reason, line);
  }
};

Output::Output(const Device& device, const OutputOptions& options, Fill fill) : state_(std::make_unique<State>()) {
  auto& s = *state_;
  s.device = device;
  s.options = options;
  s.fill = std::move(fill);
  s.audio = instance(device.api);
  if (s.audio == nullptr) s.fail(DeviceError::Reason::busy, "cannot be opened");
  const auto found = entries(s.audio);
  const auto entry = std::ranges::find_if(found, [&](const Entry& e) { return device.name == e.info.name; });
  if (entry == found.end()) s.fail(DeviceError::Reason::none, "the device is gone");

  rtaudio_stream_parameters_t parameters{entry->id, static_cast<unsigned>(options.channels), 0};
  rtaudio_stream_options_t stream{};
  stream.flags = RTAUDIO_FLAGS_NONINTERLEAVED;
  options.client_name.copy(stream.name, MAX_NAME_LENGTH - 1);
  s.buffer_frames = static_cast<unsigned>(options.buffer_frames);
  const Hush hush;
  const auto failed = library().open_stream(s.audio, &parameters, nullptr, RTAUDIO_FORMAT_FLOAT32,
                                            static_cast<unsigned>(options.rate.hz), &s.buffer_frames, &State::callback,
                                            state_.get(), &stream, nullptr);
  if (failed > 0) s.fail(DeviceError::Reason::busy, "cannot be opened");
}

Output::~Output() {
  stop(false);
  if (!state_->dead) {
    const Hush hush;
    library().close_stream(state_->audio);
    return;
  }
  // A server that does not answer would keep us waiting for ever, and its thread may still call
  // back: what it uses stays where it is until the process ends.
  static auto* const abandoned = new std::vector<std::pair<rtaudio_t, std::unique_ptr<State>>>;
  abandoned->emplace_back(std::exchange(instance(state_->device.api), nullptr), std::move(state_));
}

void Output::start() {
  const Hush hush;
  state_->silent = false;
  state_->first_filled = state_->last_filled = filled();
  state_->started = state_->last_progress = State::Clock::now();
  if (library().start_stream(state_->audio) > 0) state_->fail(DeviceError::Reason::busy, "cannot be started");
  state_->running = true;
}

void Output::stop(bool drain) noexcept {
  if (!std::exchange(state_->running, false) || state_->dead) return;
  const Hush hush;
  // JACK has nothing to drain: a callback's samples are played in its own cycle.
  if (drain && state_->device.api != Api::jack) {
    (void)library().stop_stream(state_->audio);
  } else {
    state_->fall_silent();
    (void)library().abort_stream(state_->audio);
  }
}

Frames Output::buffer_frames() const { return static_cast<Frames>(state_->buffer_frames); }
Frames Output::filled() const noexcept { return state_->filled.load(std::memory_order_acquire); }
std::uint64_t Output::underruns() const noexcept { return state_->underruns.load(std::memory_order_relaxed); }

Seconds Output::worst_fill() const noexcept {
  return {static_cast<double>(state_->worst_fill_ns.load(std::memory_order_relaxed)) * 1e-9};
}

Seconds Output::latency() const {
  const long frames = state_->dead ? 0 : library().stream_latency(state_->audio);
  return to_seconds(std::max<Frames>(buffer_frames(), frames), state_->options.rate);
}

std::optional<std::string> Output::trouble() {
  using namespace std::chrono_literals;
  auto& s = *state_;
  if (!s.running) return std::nullopt;
  const auto now = State::Clock::now();
  const Frames frames = filled();
  if (frames != std::exchange(s.last_filled, frames)) s.last_progress = now;
  const std::chrono::duration<double> elapsed = now - s.started;
  // JACK may run freely and ALSA's null device always does; PulseAudio does only when it is gone.
  const double ahead = to_seconds(frames - s.first_filled, s.options.rate).value - elapsed.count();
  const bool unmeasured = s.device.api == Api::pulse && ahead > 5.0;
  const bool closed = library().is_stream_running(s.audio) == 0;
  if (!closed && !unmeasured && now - s.last_progress < 3s) return std::nullopt;
  s.dead = true;
  s.fall_silent();
  return s.device.name + ": the audio server " + (closed || unmeasured ? "went away" : "does not answer any more");
}

}  // namespace sfa::playback
