// Messages in and out by UDP, through liblo. A leaf: no thread of its own, nothing waits.
#pragma once
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "sfa/osc/message.hpp"

namespace sfa::osc {

/// Listens on a port of this machine.
class Receiver {
 public:
  enum class From { this_machine, anywhere };  // what comes from elsewhere is passed over
  /// Port 0: any that is free. Throws Error::io if it is taken.
  explicit Receiver(int port, From from = From::this_machine);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  [[nodiscard]] int port() const;
  [[nodiscard]] int descriptor() const;  // readable when something came

  /// What came: `reply` sends something back to where that came from. Messages in bundles come one by one, at once.
  using Reply = std::function<void(const Message&)>;
  using Handler = std::function<void(const Message&, const Reply&)>;
  /// At most `most` packets. What `handle` throws comes out of here.
  void receive(const Handler& handle, int most = 64);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Sends to one address.
class Sender {
 public:
  /// "HOST:PORT", or a port of this machine. Throws Error::invalid_argument for what is neither, and Error::not_found for
  /// a host that has no IPv4 address.
  explicit Sender(const std::string& target);
  ~Sender();
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  /// In one bundle, due at once. Nobody need listen.
  void send(std::span<const Message> messages) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::osc
