// An HTTP server on the loopback that does as badly as a test wants: what it answers is a function of
// the connection, called for one after the other on a thread of the server's own.
#pragma once
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace scratch {

/// One request, and what is answered.
class Connection {
 public:
  Connection(int socket, int count) : number(count), socket_(socket) {
    char block[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const auto size = ::recv(socket_, block, sizeof block, 0);
      if (size <= 0) break;
      request.append(block, static_cast<std::size_t>(size));
    }
    if (const auto at = request.find("Range: bytes="); at != std::string::npos)
      from = std::strtoull(request.c_str() + at + 13, nullptr, 10);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;

  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  /// The whole of `file`, or the rest that was asked for; after `limit` bytes the connection breaks.
  void serve(std::string_view file, std::size_t limit = SIZE_MAX) const {
    if (from > 0 && from >= file.size()) return send("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n");
    const auto whole = std::to_string(file.size());
    const auto rest = file.substr(from);
    const std::string length = "Content-Length: " + std::to_string(rest.size()) + "\r\n\r\n";
    if (from > 0)
      send("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes " + std::to_string(from) + "-" +
           std::to_string(file.size() - 1) + "/" + whole + "\r\n" + length);
    else
      send("HTTP/1.1 200 OK\r\n" + length);
    send(rest.substr(0, limit));
  }

  void status(const std::string& line, const std::string& header = {}) const {
    send("HTTP/1.1 " + line + "\r\n" + header + "Content-Length: 5\r\n\r\nsorry");
  }

  /// Sends no more, until the other side has enough.
  void stall() const {
    pollfd other{socket_, POLLIN | POLLRDHUP, 0};
    ::poll(&other, 1, 20000);
  }

  std::string request;
  std::uint64_t from = 0;  // the first byte asked for
  const int number;        // of this request, from 1 on

 private:
  int socket_;
};

class HttpServer {
 public:
  using Handler = std::function<void(const Connection&)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)) {
    ::setenv("no_proxy", "127.0.0.1", 1);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { loop(); });
  }
  ~HttpServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  HttpServer(const HttpServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/file") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

  /// Where each request so far wanted the file from.
  [[nodiscard]] std::vector<std::uint64_t> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void loop() {
    for (int number = 1; !stopping_; ++number) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const Connection connection(socket, number);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(connection.from);
      }
      handler_(connection);
    }
  }

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::uint64_t> requests_;
  std::thread thread_;
};

}  // namespace scratch
