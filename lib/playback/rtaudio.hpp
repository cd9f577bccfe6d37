// RtAudio, loaded when sound is first wanted, and quiet.
#pragma once
#include <RtAudio.h>
#include <rtaudio_c.h>

#include <vector>

#include "sfa/playback/output.hpp"

namespace sfa::playback {

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

  /// Throws Error::unsupported where it is not installed.
  Library();

 private:
  template <typename Function>
  void find(Function& function, const char* symbol) const;
};

/// Loaded once and kept: its threads may outlive what is done here.
const Library& library();

/// While it lives, standard error leads nowhere: for what silence_backends() does not catch.
class Hush {
 public:
  Hush();
  ~Hush();
  Hush(const Hush&) = delete;
  Hush& operator=(const Hush&) = delete;

 private:
  int kept_;
};

/// RtAudio for an API, made once: rtaudio_destroy of version 5.2 loses the memory of its handle.
/// Without an open stream it holds no connection to anything. Nothing if the API is not built in.
rtaudio_t& instance(Api api);

/// What RtAudio wants to hear of a device, and what it says of it.
struct Entry {
  unsigned id;
  rtaudio_device_info_t info;
};

/// All devices that play.
std::vector<Entry> entries(rtaudio_t audio);

}  // namespace sfa::playback
