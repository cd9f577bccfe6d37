#include "rtaudio.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "sfa/audio/error.hpp"
#include "sfa/audio/silence.hpp"

namespace sfa::playback {
namespace {

rtaudio_api_t number_of(Api api) {
  switch (api) {
    case Api::jack: return RTAUDIO_API_UNIX_JACK;
    case Api::pulse: return RTAUDIO_API_LINUX_PULSE;
    case Api::alsa: return RTAUDIO_API_LINUX_ALSA;
    case Api::automatic: break;
  }
  return RTAUDIO_API_UNSPECIFIED;
}

}  // namespace

template <typename Function>
void Library::find(Function& function, const char* symbol) const {
  function = reinterpret_cast<Function>(dlsym(handle, symbol));
  if (function == nullptr) throw Error(Error::Kind::unsupported, std::string(SFA_RTAUDIO " has no ") + symbol);
}

Library::Library() : handle(dlopen(SFA_RTAUDIO, RTLD_NOW | RTLD_LOCAL)) {
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
  silence_backends(handle);
}

const Library& library() {
  static const Library loaded;
  return loaded;
}

Hush::Hush() : kept_(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) {
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept_ >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  if (nowhere >= 0) close(nowhere);
}

Hush::~Hush() {
  if (kept_ < 0) return;
  dup2(kept_, STDERR_FILENO);
  close(kept_);
}

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

}  // namespace sfa::playback
