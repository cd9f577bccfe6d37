#include "sfa/playback/output.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace sfa::playback;

namespace {

/// No JACK or PulseAudio server answers where these lead.
void leave_no_server() {
  setenv("JACK_DEFAULT_SERVER", "sfa-no-such-server", 1);
  setenv("JACK_NO_START_SERVER", "1", 1);
  setenv("PULSE_SERVER", "unix:/nonexistent/sfa", 1);
}

/// What `work` writes to standard error.
template <typename Work>
std::string written_to_stderr(Work work) {
  char path[] = "/tmp/sfa-playback-XXXXXX";
  const int file = mkstemp(path);
  unlink(path);
  const int kept = dup(STDERR_FILENO);
  dup2(file, STDERR_FILENO);
  work();
  dup2(kept, STDERR_FILENO);
  close(kept);
  std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
  CHECK(pread(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  close(file);
  return text;
}

}  // namespace

TEST_CASE("the APIs have names, and other words are refused") {
  for (const Api api : {Api::automatic, Api::jack, Api::pulse, Api::alsa}) CHECK(api_named(name(api)) == api);
  CHECK_THROWS_WITH_AS((void)api_named("oss"), "no audio API is called oss (auto, jack, pulse or alsa)", Error);
}

TEST_CASE("without a server there is no device, which is an error of one line only where one is needed") {
  leave_no_server();
  const auto noise = written_to_stderr([] {
    for (const Api api : {Api::jack, Api::pulse}) {
      CHECK(devices(api).empty());
      try {
        (void)find_device(api, "");
        FAIL("found a device");
      } catch (const Error& error) {
        CHECK(error.kind == Error::Kind::not_found);
        CHECK(std::string(error.what()) == std::string("no audio device found through ") + name(api));
      }
      const auto none = std::string("no audio device is called Scarlett (looked through ") + name(api) + ")";
      CHECK_THROWS_WITH_AS((void)find_device(api, "Scarlett"), none.c_str(), Error);
    }
  });
  CHECK(noise.empty());
}

TEST_CASE("a device that went away between finding and opening is an error that names it") {
  leave_no_server();
  const Device gone{.api = Api::jack,
                    .name = "system",
                    .channels = 2,
                    .preferred_rate = {48000},
                    .rates = {},
                    .is_default = true};
  const Fill nothing = [](float*, int, Frames) {};
  CHECK_THROWS_WITH_AS(Output(gone, {.rate = {48000}}, nothing), "system: the device is gone", Error);
}

TEST_CASE("a device plays at the wanted rate if it can, else at the one it prefers") {
  const Device device{.api = Api::alsa, .name = "card", .channels = 2, .preferred_rate = {48000},
                      .rates = {{44100}, {48000}}, .is_default = false};
  CHECK(device.rate_for({44100}) == SampleRate{44100});
  CHECK(device.rate_for({96000}) == SampleRate{48000});
}
