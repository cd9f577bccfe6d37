#include "sfa/osc/socket.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "sfa/audio/error.hpp"

using namespace sfa;
using namespace std::literals;

namespace {

std::vector<osc::Message> all(osc::Receiver& receiver) {
  std::vector<osc::Message> messages;
  pollfd wait{.fd = receiver.descriptor(), .events = POLLIN, .revents = 0};
  while (poll(&wait, 1, 200) > 0)
    receiver.receive([&](const osc::Message& message, const auto&) { messages.push_back(message); });
  return messages;
}

struct Udp {
  int file = socket(AF_INET, SOCK_DGRAM, 0);
  explicit Udp(int port) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(file, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  ~Udp() { close(file); }
  void send(std::string_view bytes) const { REQUIRE(write(file, bytes.data(), bytes.size()) >= 0); }
};

}  // namespace

TEST_CASE("what is sent comes in") {
  osc::Receiver receiver(0);
  osc::Sender sender(std::to_string(receiver.port()));
  const std::vector<osc::Message> sent{{"/sfa/seek", {2.5}}, {"/sfa/mute", {"drums"s, true}}, {"/sfa/fill", {1}}, {"/sfa/play", {}}};
  sender.send(sent);
  CHECK(all(receiver) == sent);
}

TEST_CASE("the specification's example is read") {
  // OSC 1.0: "/oscillator/4/frequency" with the float 440.
  osc::Receiver receiver(0);
  const Udp udp(receiver.port());
  udp.send("/oscillator/4/frequency\0,f\0\0\x43\xdc\0\0"sv);
  const auto came = all(receiver);
  REQUIRE(came.size() == 1);
  CHECK(came[0] == osc::Message{"/oscillator/4/frequency", {440.0}});
}

TEST_CASE("what is no message is passed over, and an answer goes back") {
  osc::Receiver receiver(0);
  const Udp udp(receiver.port());
  for (const auto bytes : {"x"sv, "\0\0\0\0"sv, "/sfa/seek\0\0\0,f\0\0"sv, "#bundle\0\0\0\0\0\0\0\0\1\xff\xff\xff\xff"sv, ""sv}) udp.send(bytes);
  CHECK(all(receiver).empty());
  udp.send("/ask\0\0\0\0,\0\0\0"sv);
  receiver.receive([](const osc::Message& message, const auto& reply) { reply({message.address + "/answer", {7}}); });
  std::array<char, 64> bytes{};
  const auto count = recv(udp.file, bytes.data(), bytes.size(), 0);
  CHECK(std::string_view(bytes.data(), static_cast<std::size_t>(count)) == "/ask/answer\0,i\0\0\0\0\0\7"sv);
}

TEST_CASE("what comes from another address than this machine's own is passed over, unless it is asked for") {
  ifaddrs* all_interfaces = nullptr;
  REQUIRE(getifaddrs(&all_interfaces) == 0);
  sockaddr_in outer{};
  for (const auto* one = all_interfaces; one != nullptr; one = one->ifa_next)
    if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET && (one->ifa_flags & IFF_LOOPBACK) == 0)
      outer = *reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
  freeifaddrs(all_interfaces);
  if (outer.sin_family != AF_INET) return;  // there is no network
  for (const auto from : {osc::Receiver::From::this_machine, osc::Receiver::From::anywhere}) {
    osc::Receiver receiver(0, from);
    outer.sin_port = htons(static_cast<std::uint16_t>(receiver.port()));
    const int file = socket(AF_INET, SOCK_DGRAM, 0);
    REQUIRE(sendto(file, "/ask\0\0\0\0,\0\0\0", 12, 0, reinterpret_cast<const sockaddr*>(&outer), sizeof outer) == 12);
    CHECK(all(receiver).size() == (from == osc::Receiver::From::anywhere ? 1 : 0));
    close(file);
  }
}

TEST_CASE("a port that is taken, and an address that is none, are refused") {
  const osc::Receiver receiver(0);
  CHECK_THROWS_AS(osc::Receiver(receiver.port()), Error);
  for (const char* target : {"", "host:", ":9000", "host:70000", "9000x"}) {
    CAPTURE(target);
    CHECK_THROWS_AS(osc::Sender{target}, Error);
  }
  const std::string nobody(70, 'x');  // longer than a name may be: nobody need be asked
  CHECK_THROWS_WITH_AS(osc::Sender(nobody + ":9000"), ("OSC: no host is called " + nobody).c_str(), Error);
}
