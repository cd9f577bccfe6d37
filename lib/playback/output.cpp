#include "sfa/playback/output.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "rtaudio.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/silence.hpp"

namespace sfa::playback {

using namespace std::chrono_literals;

struct Output::State {
  Device device;
  OutputOptions options;
  Fill fill;
  SilencedCerr silenced;  // RtAudio 5 tells it, from a thread of its own, that a server went away: health() does
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
    for (int i = 0; filling && i < 1000; ++i) std::this_thread::sleep_for(1ms);
  }

  /// Whether it calls back within a second, and the time of a buffer.
  [[nodiscard]] bool answers() const noexcept {
    const Frames before = filled;
    const auto buffer = std::chrono::milliseconds(1000 * Frames{buffer_frames} / options.rate.hz);
    for (const auto give_up = Clock::now() + 1s + buffer; filled == before && Clock::now() < give_up;)
      std::this_thread::sleep_for(1ms);
    return filled != before;
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
  if (!state_->answers()) {
    state_->dead = true;
    state_->fall_silent();
    return;
  }
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

Health Output::health() {
  auto& s = *state_;
  if (s.dead) return Health::gone;
  if (!s.running) return Health::playing;
  const auto now = State::Clock::now();
  const Frames frames = filled();
  if (frames != std::exchange(s.last_filled, frames)) s.last_progress = now;
  const std::chrono::duration<double> elapsed = now - s.started;
  // JACK may run freely and ALSA's null device always does; PulseAudio does only when it is gone.
  const double ahead = to_seconds(frames - s.first_filled, s.options.rate).value - elapsed.count();
  const bool unmeasured = s.device.api == Api::pulse && ahead > 5.0;
  if (library().is_stream_running(s.audio) != 0 && !unmeasured)
    return now - s.last_progress < 3s ? Health::playing : Health::silent;
  s.dead = true;
  s.fall_silent();
  return Health::gone;
}

}  // namespace sfa::playback
