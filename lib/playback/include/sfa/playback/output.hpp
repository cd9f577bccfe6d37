// Sound out of an audio device: JACK, PulseAudio or ALSA, through RtAudio. RtAudio (5 or 6) is
// loaded when the first function here is called, and what it and the libraries below it would
// write to standard error is kept from it.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::playback {

/// Why a device does not play.
struct DeviceError : Error {
  enum class Reason { none, busy, rate, lost };  // there is none; others have it; not at that rate; it went away
  DeviceError(Reason why, const std::string& message)
      : Error(why == Reason::none ? Kind::not_found : why == Reason::rate ? Kind::unsupported : Kind::io, message),
        reason(why) {}
  Reason reason;
};

enum class Api { automatic, jack, pulse, alsa };

/// "auto", "jack", "pulse", "alsa".
[[nodiscard]] const char* name(Api api);
/// The other way. Throws Error::invalid_argument for any other word.
[[nodiscard]] Api api_named(const std::string& word);

struct Device {
  Api api = Api::automatic;
  std::string name;
  int channels = 0;                  // of its output, >= 1
  SampleRate preferred_rate{};
  std::vector<SampleRate> rates;
  bool is_default = false;

  /// `wanted` if the device can, else the rate it prefers.
  [[nodiscard]] SampleRate rate_for(SampleRate wanted) const;
  /// Throws DeviceError::rate, with those that it has, if this is not one of them.
  void check_rate(SampleRate wanted) const;
};

/// All devices that can play; automatic means those of JACK, then PulseAudio, then ALSA. None is
/// no error. Throws Error::unsupported where RtAudio is not installed.
[[nodiscard]] std::vector<Device> devices(Api api);

/// The device of that name, or else the only one whose name contains it; for an empty name the
/// default one of the first API that has any. Throws DeviceError::none, in one line that says where
/// it was looked for.
[[nodiscard]] Device find_device(Api api, const std::string& name);

/// Fills planar samples, channel after channel. Called on the device's own thread: it must not
/// allocate, lock, wait or throw.
using Fill = std::function<void(float* samples, int channels, Frames frames)>;

struct OutputOptions {
  SampleRate rate{};
  int channels = 2;             // at most the device's
  Frames buffer_frames = 512;   // a wish; JACK has its own
  std::string client_name = "sfa";
};

enum class Health {
  playing,
  silent,  // no callback for three seconds
  gone     // the stream was closed
};

/// One at a time. While it lives std::cerr leads nowhere, since RtAudio writes to it.
class Output {
 public:
  /// Opens the device, still silent. Throws DeviceError with the device's name and what RtAudio says: busy where
  /// it has others, none where it is gone.
  Output(const Device& device, const OutputOptions& options, Fill fill);
  /// Stops at once.
  ~Output();

  /// May be called again after stop().
  void start();
  /// With `drain` what has been filled is played first. Afterwards `fill` is not called any more. A server that does not
  /// call back within a second and a buffer is left alone for good: who talks to it would wait for ever.
  void stop(bool drain) noexcept;

  [[nodiscard]] Frames buffer_frames() const;
  /// Frames filled so far.
  [[nodiscard]] Frames filled() const noexcept;
  /// How often the device ran out of samples, where the API tells.
  [[nodiscard]] std::uint64_t underruns() const noexcept;

  /// The longest that `fill` took so far. It has buffer_frames() of time.
  [[nodiscard]] Seconds worst_fill() const noexcept;
  /// From `fill` to the loudspeaker, as far as the API knows; at least a buffer.
  [[nodiscard]] Seconds latency() const;

  /// Whether it is heard. Asked a few times a second while playing, it notices by the wall clock that the callbacks
  /// stopped, or with PulseAudio run without measure. What is gone stays gone; what is silent may go on.
  [[nodiscard]] Health health();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::playback
