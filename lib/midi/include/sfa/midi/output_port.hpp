// A MIDI port to send to, of JACK or ALSA, through RtMidi, which is loaded when the first is opened.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace sfa::midi {

class OutputPort {
 public:
  /// Connects to the port of that name, or else to the only one whose name contains it; "virtual" makes one that others
  /// connect to. Throws Error::not_found with the names that there are, Error::unsupported where RtMidi is not
  /// installed.
  OutputPort(const std::string& name, const std::string& client_name);
  /// What has been sent still goes out, as far as that takes less than 0.1 seconds.
  ~OutputPort();
  OutputPort(const OutputPort&) = delete;
  OutputPort& operator=(const OutputPort&) = delete;

  /// A message's bytes, at once. One that a port does not take any more is lost.
  void send(std::span<const std::uint8_t> message) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::midi
