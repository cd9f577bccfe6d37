// An RtAudio (5) whose one device fails as SFA_FAKE_DEVICE says: none (it is not there), busy (others have it), lost (it
// plays 0.3 s and is gone), dead (it plays 0.3 s and then asks for nothing any more), or well. It plays at 48 kHz alone.
#include <rtaudio_c.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct Stream {
  rtaudio_cb_t callback = nullptr;
  void* user = nullptr;
  unsigned frames = 0;
  unsigned channels = 0;
  std::atomic<bool> running{false}, stop{false}, thread{false};
  const char* error = nullptr;
};
Stream& stream = *new Stream;  // its thread may outlive everything, as that of a server that is gone

bool fails(std::string_view how) {
  const char* const wanted = std::getenv("SFA_FAKE_DEVICE");
  return wanted != nullptr && wanted == how;
}

void play() {
  std::vector<float> samples(stream.frames * stream.channels);
  const auto begin = std::chrono::steady_clock::now();
  auto next = begin;
  while (!stream.stop) {
    const bool over = std::chrono::steady_clock::now() - begin > 300ms;
    if (over && fails("lost")) break;
    if (!(over && fails("dead"))) stream.callback(samples.data(), nullptr, stream.frames, 0.0, 0, stream.user);
    next += std::chrono::microseconds(1'000'000LL * stream.frames / 48000);
    std::this_thread::sleep_until(next);
  }
  stream.running = false;
  stream.thread = false;
}

int end() {
  stream.stop = true;
  while (stream.thread) std::this_thread::sleep_for(1ms);
  return 0;
}

}  // namespace

extern "C" {

rtaudio_t rtaudio_create(rtaudio_api_t) { return reinterpret_cast<rtaudio_t>(&stream); }
int rtaudio_device_count(rtaudio_t) { return fails("none") ? 0 : 1; }
void rtaudio_show_warnings(rtaudio_t, int) {}
const char* rtaudio_error(rtaudio_t) { return stream.error; }

rtaudio_device_info_t rtaudio_get_device_info(rtaudio_t, int) {
  rtaudio_device_info_t info{};
  info.probed = 1;
  info.output_channels = 2;
  info.is_default_output = 1;
  info.preferred_sample_rate = 48000;
  info.sample_rates[0] = 48000;
  std::string_view("Fake").copy(info.name, MAX_NAME_LENGTH - 1);
  return info;
}

int rtaudio_open_stream(rtaudio_t, rtaudio_stream_parameters_t* out, rtaudio_stream_parameters_t*, rtaudio_format_t, unsigned,
                        unsigned* buffer_frames, rtaudio_cb_t callback, void* user, rtaudio_stream_options_t*, rtaudio_error_cb_t) {
  if (fails("busy")) {
    stream.error = "RtApiAlsa::probeDeviceOpen: pcm device (hw:0,0) won't open for output: Device or resource busy.";
    return 8;
  }
  stream.callback = callback;
  stream.user = user;
  stream.frames = *buffer_frames;
  stream.channels = out->num_channels;
  return 0;
}

int rtaudio_start_stream(rtaudio_t) {
  stream.stop = false;
  stream.running = true;
  stream.thread = true;
  std::thread(play).detach();
  return 0;
}

void rtaudio_close_stream(rtaudio_t) { end(); }
int rtaudio_stop_stream(rtaudio_t) { return end(); }
int rtaudio_abort_stream(rtaudio_t) { return end(); }
int rtaudio_is_stream_running(rtaudio_t) { return stream.running ? 1 : 0; }
int rtaudio_get_stream_latency(rtaudio_t) { return 0; }

}
