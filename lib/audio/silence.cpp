#include "sfa/audio/silence.hpp"

#include <dlfcn.h>

namespace sfa {
namespace {

void say_nothing(const char*) {}
void say_nothing_of_alsa(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

void silence_backends(void* library) {
  using AlsaHandler = int (*)(void (*)(const char*, int, const char*, int, const char*, ...));
  using JackHandler = void (*)(void (*)(const char*));
  if (const auto set = reinterpret_cast<AlsaHandler>(dlsym(library, "snd_lib_error_set_handler")))
    set(&say_nothing_of_alsa);
  for (const char* const symbol : {"jack_set_error_function", "jack_set_info_function"})
    if (const auto set = reinterpret_cast<JackHandler>(dlsym(library, symbol))) set(&say_nothing);
}

}  // namespace sfa
