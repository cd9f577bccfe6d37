#include "sfa/io/download.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "http_server.hpp"
#include "scratch.hpp"
#include "sha256.hpp"

using namespace std::chrono_literals;
using scratch::Connection;
using scratch::error_of;
using scratch::Folder;
using scratch::get;
using scratch::HttpServer;
using scratch::kind_of;
using sfa::Error;
using sfa::io::download;
using sfa::io::Expected;

namespace {

const sfa::io::Patience brief{.attempts = 3, .first_wait = 1ms, .stall = 2s, .connect = 5s};

/// Bytes that are the same nowhere in the file.
const std::string& file() {
  static const std::string bytes = [] {
    std::string text;
    for (int i = 0; i < 30000; ++i) text += scratch::bytes(i) + "sfa.";
    return text;
  }();
  return bytes;
}

Expected expected() {
  sfa::io::Sha256 hash;
  hash.update(file());
  return {.sha256 = hash.hex().substr(0, 8), .bytes = {}};
}

/// "http://127.0.0.1:4321/file: " off a message.
std::string after_url(const std::string& message) { return message.substr(message.find(": ") + 2); }

std::string message_of(const HttpServer& server, const std::string& path, const Expected& wanted = expected()) {
  return after_url(error_of([&] { download(server.url(), path, wanted, {}, brief); }));
}

using Requests = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("what a server sends is written whole, and nothing else is left") {
  const Folder folder;
  const HttpServer server([](const Connection& c) { c.serve(file()); });
  std::vector<double> heard;
  download(server.url(), folder / "a", expected(), [&](double done) { return heard.push_back(done), true; }, brief);
  CHECK(get(folder / "a") == file());
  CHECK(folder.entries() == 1);
  CHECK(std::ranges::is_sorted(heard));
  CHECK(heard.back() == 1.0);
}

TEST_CASE("a file that is there as expected is not asked for, and a damaged one is replaced") {
  const Folder folder;
  const HttpServer server([](const Connection& c) { c.serve(file()); });
  scratch::put(folder / "a", file());
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(server.requests().empty());
  scratch::put(folder / "a", "damaged");
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(get(folder / "a") == file());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a broken connection is made anew and goes on where it broke") {
  const Folder folder;
  const HttpServer server([](const Connection& c) { c.serve(file(), 100000); });
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(get(folder / "a") == file());
  CHECK(server.requests() == Requests{0, 100000, 200000});
}

TEST_CASE("what one run leaves the next one goes on with") {
  const Folder folder;
  {
    const HttpServer server([](const Connection& c) {
      if (c.number == 1) c.serve(file(), 70000);
    });
    CHECK(message_of(server, folder / "a") == "connection lost after 0.1 of 0.2 MB; run it again to go on");
    CHECK(get(folder / "a.part") == file().substr(0, 70000));
    CHECK(folder.entries() == 1);
  }
  const HttpServer server([](const Connection& c) { c.serve(file()); });
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(get(folder / "a") == file());
  CHECK(server.requests() == Requests{70000});
  CHECK(folder.entries() == 1);
}

TEST_CASE("what a killed process leaves another goes on with") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    c.serve(file(), 150000);
    if (c.number == 1) c.stall();
  });
  CHECK(scratch::in_child([&] {
          const auto die = [](double done) { return done < 0.6 || ::raise(SIGKILL) == 0; };
          download(server.url(), folder / "a", expected(), die, brief);
          return 0;
        }) == 128 + SIGKILL);
  const auto kept = get(folder / "a.part").size();  // what had come when it was told: the last piece may not have
  CHECK((kept > 140000 && kept <= 150000));
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(get(folder / "a") == file());
  CHECK(server.requests() == Requests{0, kept});
}

TEST_CASE("a row of attempts begins anew where one brought a mebibyte") {
  const Folder folder;
  const std::string large(9 << 20, 'x');
  const HttpServer server([&](const Connection& c) { c.serve(large, 1 << 20); });
  download(server.url(), folder / "a", {.sha256 = {}, .bytes = large.size()}, {}, brief);
  CHECK(get(folder / "a") == large);
  CHECK(server.requests().size() == 9);
}

TEST_CASE("a server that ignores or mistakes the range is asked for all") {
  const Folder folder;
  scratch::put(folder / "a.part", file().substr(0, 50000));
  SUBCASE("200") {
    const HttpServer server([](const Connection& c) {
      c.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(file().size()) + "\r\n\r\n" + file());
    });
    download(server.url(), folder / "a", expected(), {}, brief);
  }
  SUBCASE("206 of another range") {
    const HttpServer server([](const Connection& c) {
      if (c.from == 0) return c.serve(file());
      c.send("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 60000-60004/240000\r\nContent-Length: 5\r\n\r\nwrong");
    });
    download(server.url(), folder / "a", expected(), {}, brief);
  }
  SUBCASE("206 of an earlier range") {
    const HttpServer server([](const Connection& c) {
      const auto rest = file().substr(40000);
      c.send("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 40000-239999/*\r\n\r\n" + rest);
    });
    download(server.url(), folder / "a", expected(), {}, brief);
  }
  SUBCASE("206 without a word of which") {
    const HttpServer server([](const Connection& c) {
      if (c.from == 0) return c.serve(file());
      c.send("HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\nwrong");
    });
    download(server.url(), folder / "a", expected(), {}, brief);
  }
  SUBCASE("416") {
    scratch::put(folder / "a.part", file() + "too much");
    const HttpServer server([](const Connection& c) { c.serve(file()); });
    download(server.url(), folder / "a", expected(), {}, brief);
  }
  CHECK(get(folder / "a") == file());
  CHECK(folder.entries() == 1);
}

TEST_CASE("a part that is all is taken for it") {
  const Folder folder;
  scratch::put(folder / "a.part", file());
  const HttpServer server([](const Connection& c) { c.serve(file()); });
  download(server.url(), folder / "a", expected(), {}, brief);
  CHECK(get(folder / "a") == file());
  CHECK(server.requests() == Requests{file().size()});
}

TEST_CASE("a length that is a lie is found out") {
  const Folder folder;
  const auto length = [](std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n\r\n"; };
  SUBCASE("too long, and all is there") {
    const HttpServer server([&](const Connection& c) {
      c.from > 0 ? c.serve(file()) : c.send("HTTP/1.1 200 OK\r\n" + length(file().size() + 1000) + file());
    });
    download(server.url(), folder / "a", expected(), {}, brief);
    CHECK(get(folder / "a") == file());
  }
  SUBCASE("too long, each time") {
    const HttpServer server([&](const Connection& c) { c.send("HTTP/1.1 200 OK\r\n" + length(240000) + "some"); });
    CHECK(message_of(server, folder / "a") == "connection lost after 0.0 of 0.2 MB; run it again to go on");
    CHECK_FALSE(scratch::fs::exists(folder / "a"));
  }
  SUBCASE("too short") {
    const HttpServer server([&](const Connection& c) { c.send("HTTP/1.1 200 OK\r\n" + length(1000) + file()); });
    CHECK(message_of(server, folder / "a").starts_with("not the file expected: its SHA-256 begins with "));
    CHECK(folder.entries() == 0);
  }
  SUBCASE("too short, where the size is known") {
    const HttpServer server([&](const Connection& c) {
      c.from > 0 ? c.serve(file()) : c.send("HTTP/1.1 200 OK\r\n" + length(1000) + file());
    });
    download(server.url(), folder / "a", {expected().sha256, file().size()}, {}, brief);
    CHECK(get(folder / "a") == file());
  }
  SUBCASE("more than the size that is known") {
    const HttpServer server([&](const Connection& c) { c.serve(file()); });
    CHECK(message_of(server, folder / "a", {{}, 1000}) == "not the file expected: it has more than 1000 bytes; removed");
    CHECK(folder.entries() == 0);
  }
  SUBCASE("none at all") {
    const HttpServer server([](const Connection& c) { c.send("HTTP/1.1 200 OK\r\n\r\n" + file()); });
    download(server.url(), folder / "a", expected(), {}, brief);
    CHECK(get(folder / "a") == file());
  }
}

TEST_CASE("a body without end is given up") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    c.send("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 100; ++i) c.send(file());
  });
  Expected wanted{.sha256 = "0", .bytes = {}};
  wanted.most_bytes = 1000000;
  CHECK(message_of(server, folder / "a", wanted) == "not the file expected: it has more than 1000000 bytes; removed");
  CHECK(folder.entries() == 0);
}

TEST_CASE("damaged bytes of the right length are refused and removed") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    auto damaged = file();
    damaged[123456] ^= 1;
    c.serve(damaged);
  });
  const auto message = message_of(server, folder / "a");
  CHECK(message.starts_with("not the file expected: its SHA-256 begins with "));
  CHECK(message.ends_with(", not " + expected().sha256 + "; removed"));
  CHECK(folder.entries() == 0);
  CHECK(kind_of([&] { download(server.url(), folder / "a", expected(), {}, brief); }) == Error::Kind::invalid_data);
}

TEST_CASE("a file that is not there is said at once, a server's trouble after some attempts") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    if (c.request.starts_with("GET /missing")) return c.status("404 Not Found");
    if (c.request.starts_with("GET /secret")) return c.status("403 Forbidden");
    if (c.request.starts_with("GET /empty")) return c.status("204 No Content");
    if (c.request.starts_with("GET /broken") || c.number % 3 != 0) return c.status("500 Internal Server Error");
    c.serve(file());
  });
  const auto fetch = [&](const std::string& path) { download(server.url(path), folder / "a", expected(), {}, brief); };
  CHECK(kind_of([&] { fetch("/missing"); }) == Error::Kind::not_found);
  CHECK(error_of([&] { fetch("/missing"); }) == server.url("/missing") + ": HTTP 404");
  CHECK(error_of([&] { fetch("/secret"); }) == server.url("/secret") + ": HTTP 403");
  CHECK(kind_of([&] { fetch("/empty"); }) == Error::Kind::io);
  CHECK(server.requests().size() == 4);
  CHECK(error_of([&] { fetch("/broken"); }) == server.url("/broken") + ": HTTP 500");
  CHECK(server.requests().size() == 7);
  CHECK(folder.entries() == 0);
  fetch("/file");  // requests 8 and 9
  CHECK(get(folder / "a") == file());
}

TEST_CASE("redirects are followed, but not for ever and not out of the web") {
  const Folder folder;
  scratch::put(folder / "local", file());
  const HttpServer server([&](const Connection& c) {
    if (c.request.starts_with("GET /moved")) return c.status("302 Found", "Location: /file\r\n");
    if (c.request.starts_with("GET /round")) return c.status("302 Found", "Location: /round\r\n");
    if (c.request.starts_with("GET /local")) return c.status("302 Found", "Location: file://" + (folder / "local") + "\r\n");
    if (c.request.starts_with("GET /nowhere")) return c.status("302 Found");
    c.serve(file());
  });
  const auto fetch = [&](const std::string& url) { download(url, folder / "a", expected(), {}, brief); };
  for (const std::string path : {"/round", "/local", "/nowhere"})
    CHECK(kind_of([&] { fetch(server.url(path)); }) == Error::Kind::io);
  CHECK(kind_of([&] { fetch("file://" + (folder / "local")); }) == Error::Kind::io);
  CHECK(folder.entries() == 1);
  fetch(server.url("/moved"));
  CHECK(get(folder / "a") == file());
}

TEST_CASE("what cannot be reached or speaks no HTTP is said at once") {
  const Folder folder;
  std::string gone;
  {
    const HttpServer server([](const Connection& c) { c.send("SSH-2.0-OpenSSH_9.2\r\n"); });
    gone = server.url();
    CHECK(kind_of([&] { download(server.url(), folder / "a", expected(), {}, brief); }) == Error::Kind::io);
    CHECK(server.requests().size() == 1);
  }
  CHECK(error_of([&] { download(gone, folder / "a", expected(), {}, brief); }) == gone + ": Couldn't connect to server");
  CHECK(kind_of([&] { download("", folder / "a", expected(), {}, brief); }) == Error::Kind::io);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a stalled connection is given up, and can be cancelled before") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    if (c.number > 1) return c.serve(file());
    c.serve(file(), 100000);
    c.stall();
  });
  SUBCASE("given up") {
    download(server.url(), folder / "a", expected(), {}, brief);
    CHECK(get(folder / "a") == file());
    CHECK(server.requests() == Requests{0, 100000});
  }
  SUBCASE("cancelled") {
    const auto begin = std::chrono::steady_clock::now();
    const auto stop = [&](double done) { return done < 0.4 || std::chrono::steady_clock::now() < begin + 200ms; };
    CHECK(kind_of([&] { download(server.url(), folder / "a", expected(), stop); }) == Error::Kind::cancelled);
    CHECK(server.requests().size() == 1);
    CHECK(get(folder / "a.part") == file().substr(0, 100000));
    CHECK(folder.entries() == 1);
  }
}

TEST_CASE("several processes fetch one file once") {
  const Folder folder;
  const HttpServer server([](const Connection& c) {
    std::this_thread::sleep_for(300ms);
    c.serve(file());
  });
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const auto pid = ::fork();
    if (pid == 0) {
      const auto problem = error_of([&] { download(server.url(), folder / "a", expected(), {}, brief); });
      ::_exit(problem.empty() && get(folder / "a") == file() ? 0 : 1);
    }
    children.push_back(pid);
  }
  for (const auto pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  CHECK(server.requests().size() == 1);
  CHECK(folder.entries() == 1);
}

TEST_CASE("who waits for another process can be cancelled") {
  const Folder folder;
  scratch::put(folder / "a.part", "theirs");
  const int theirs = ::open((folder / "a.part").c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(theirs, LOCK_EX) == 0);
  int calls = 0;
  const auto stop = [&](double) { return ++calls < 3; };
  CHECK(kind_of([&] { download("http://127.0.0.1:1/", folder / "a", expected(), stop); }) == Error::Kind::cancelled);
  ::close(theirs);
  CHECK(get(folder / "a.part") == "theirs");
}

TEST_CASE("where nothing can be written is said, with the file's name") {
  const Folder folder;
  const HttpServer server([](const Connection& c) { c.serve(file()); });
  const auto fetch = [&](const std::string& path) { download(server.url(), path, expected(), {}, brief); };
  CHECK(error_of([&] { fetch(folder / "none/a"); }) == (folder / "none/a.part") + ": No such file or directory");
  scratch::fs::create_directory(folder / "b.part");
  CHECK(error_of([&] { fetch(folder / "b"); }) == (folder / "b.part") + ": Is a directory");
  scratch::put(folder / "kept", "kept");
  scratch::fs::create_symlink(folder / "kept", folder / "c.part");
  CHECK(kind_of([&] { fetch(folder / "c"); }) == Error::Kind::io);
  CHECK(get(folder / "kept") == "kept");
  CHECK(server.requests().empty());
  CHECK(kind_of([&] { download(server.url(), folder / "a", {.sha256 = "xyz", .bytes = {}}); }) ==
        Error::Kind::invalid_argument);
}
