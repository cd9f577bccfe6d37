#include "sfa/osc/socket.hpp"

#include <lo/lo.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <cmath>
#include <exception>
#include <string_view>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::osc {
namespace {

void say_nothing(int, const char*, const char*) {}

Message read(const char* path, const char* types, lo_arg** arguments, int count) {
  Message message{.address = path, .arguments = {}};
  for (int i = 0; i < count; ++i) {
    const lo_arg* value = arguments[i];  // null where the type says it all
    switch (types[i]) {
      case LO_INT32: message.arguments.emplace_back(value->i); break;
      case LO_FLOAT: message.arguments.emplace_back(static_cast<double>(value->f)); break;
      case LO_DOUBLE: message.arguments.emplace_back(value->d); break;
      case LO_STRING:
      case LO_SYMBOL: message.arguments.emplace_back(std::string(&value->s)); break;
      case LO_TRUE: message.arguments.emplace_back(true); break;
      case LO_FALSE: message.arguments.emplace_back(false); break;
      default: break;
    }
  }
  return message;
}

struct Add {
  lo_message message;
  void operator()(std::int32_t value) const { lo_message_add_int32(message, value); }
  void operator()(double value) const { lo_message_add_float(message, static_cast<float>(value)); }
  void operator()(const std::string& value) const { lo_message_add_string(message, value.c_str()); }
  void operator()(bool value) const { value ? lo_message_add_true(message) : lo_message_add_false(message); }
};

lo_message made(const Message& message) {
  const lo_message raw = lo_message_new();
  for (const auto& argument : message.arguments) std::visit(Add{raw}, argument);
  return raw;
}

/// In digits, looked up once: liblo would do so with each message, and say nothing where there is none. It speaks IPv4.
std::string address_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) throw Error(Error::Kind::not_found, "OSC: no host is called " + host);
  std::array<char, NI_MAXHOST> digits{};
  const int error = getnameinfo(found->ai_addr, found->ai_addrlen, digits.data(), digits.size(), nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return error == 0 ? digits.data() : host;
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

}  // namespace

struct Receiver::State {
  lo_server server = nullptr;
  From from = From::this_machine;
  const Handler* handler = nullptr;
  std::exception_ptr failure;  // must not cross liblo, which is C

  static int handle(const char* path, const char* types, lo_arg** arguments, int count, lo_message raw, void* user) {
    auto& state = *static_cast<State*>(user);
    if (state.handler == nullptr || state.failure) return 0;
    try {
      const lo_address source = lo_message_get_source(raw);
      const char* const host = lo_address_get_hostname(source);
      if (state.from == From::this_machine && (host == nullptr || !std::string_view(host).starts_with("127."))) return 0;
      (*state.handler)(read(path, types, arguments, count), [&](const Message& reply) {
        const lo_message answer = made(reply);
        lo_send_message_from(source, state.server, reply.address.c_str(), answer);
        lo_message_free(answer);
      });
    } catch (...) {
      state.failure = std::current_exception();
    }
    return 0;
  }
};

// liblo binds to all interfaces whatever it is told; no other machine can send from 127.0.0.0/8.
Receiver::Receiver(int port, From from) : state_(std::make_unique<State>()) {
  state_->from = from;
  const std::string text = std::to_string(port);
  state_->server = lo_server_new_with_proto(port == 0 ? nullptr : text.c_str(), LO_UDP, &say_nothing);
  if (state_->server == nullptr) throw Error(Error::Kind::io, "OSC: UDP port " + text + " cannot be listened on");
  lo_server_enable_queue(state_->server, 0, 1);  // time tags in the future do not make anything wait
  lo_server_add_method(state_->server, nullptr, nullptr, &State::handle, state_.get());
}

Receiver::~Receiver() { lo_server_free(state_->server); }

int Receiver::port() const { return lo_server_get_port(state_->server); }
int Receiver::descriptor() const { return lo_server_get_socket_fd(state_->server); }

void Receiver::receive(const Handler& handle, int most) {
  state_->handler = &handle;
  for (int i = 0; i < most && lo_server_wait(state_->server, 0) > 0; ++i)
    if (lo_server_recv_noblock(state_->server, 0) <= 0) break;
  state_->handler = nullptr;
  if (const auto failure = std::exchange(state_->failure, nullptr)) std::rethrow_exception(failure);
}

struct Sender::State {
  lo_address address = nullptr;
};

Sender::Sender(const std::string& target) : state_(std::make_unique<State>()) {
  const auto colon = target.rfind(':');
  const std::string host = colon == std::string::npos ? "127.0.0.1" : target.substr(0, colon);
  const std::string port = colon == std::string::npos ? target : target.substr(colon + 1);
  if (host.empty() || !is_port(port))
    throw Error(Error::Kind::invalid_argument, "OSC: " + target + " is neither HOST:PORT nor a port");
  state_->address = lo_address_new_with_proto(LO_UDP, address_of(host).c_str(), port.c_str());
  if (state_->address == nullptr) throw Error(Error::Kind::invalid_argument, "OSC: no address " + target);
}

Sender::~Sender() { lo_address_free(state_->address); }

void Sender::send(std::span<const Message> messages) noexcept {
  const lo_bundle bundle = lo_bundle_new(LO_TT_IMMEDIATE);
  for (const auto& message : messages) lo_bundle_add_message(bundle, message.address.c_str(), made(message));
  lo_send_bundle(state_->address, bundle);
  lo_bundle_free_recursive(bundle);
}

}  // namespace sfa::osc
