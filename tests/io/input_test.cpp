#include "sfa/io/input.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <thread>

#include "scratch.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"

using namespace sfa::io;
using scratch::Folder;
using scratch::put;

TEST_CASE("a stream is what cannot be found again under its path") {
  const Folder folder;
  put(folder / "file", "x");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  scratch::fs::create_symlink("pipe", folder / "link");
  for (const std::string& path : {std::string("-"), std::string("/dev/stdin"), std::string("/dev/fd/63"),
                                  std::string("/proc/self/fd/0"), std::string("/dev/null"), folder / "pipe", folder / "link"}) {
    CAPTURE(path);
    CHECK(is_stream(path));
  }
  for (const std::string& path : {folder / "file", folder / "none", folder.str(), std::string()}) {
    CAPTURE(path);
    CHECK_FALSE(is_stream(path));
  }
}

TEST_CASE("a document begins with a brace, after white space and a byte order mark") {
  const Folder folder;
  const auto begins = [&](const std::string& text) {
    put(folder / "x", text);
    return begins_a_document(folder / "x");
  };
  CHECK(begins("{"));
  CHECK(begins(" \r\n\t{}"));
  CHECK(begins("\xEF\xBB\xBF{}"));
  CHECK(begins("\xEF\xBB\xBF\n{}"));
  CHECK_FALSE(begins(""));
  CHECK_FALSE(begins("\xEF\xBB\xBF"));
  CHECK_FALSE(begins("RIFF{"));
  CHECK_FALSE(begins("[{}]"));
  CHECK_FALSE(begins_a_document(folder / "none"));
  CHECK_FALSE(begins_a_document(folder.str()));
}

TEST_CASE("documents are read without their byte order mark") {
  const Folder folder;
  put(folder / "x", "\xEF\xBB\xBF{\"format\": \"sfa.bank\"}");
  CHECK(read_document(folder / "x") == "{\"format\": \"sfa.bank\"}");
}

TEST_CASE("a named pipe that was looked into still holds all that its writer left") {
  const Folder folder;
  const auto path = folder / "pipe";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&] { put(path, "{\"a\": 1}"); });
  CHECK(begins_a_document(path));
  writer.join();
  CHECK(begins_a_document(path));
  CHECK(read_file(path) == "{\"a\": 1}");
}

TEST_CASE("what stands in an open pipe or socket is read by its number") {
  int ends[2];
  SUBCASE("pipe") { REQUIRE(::pipe(ends) == 0); }
  SUBCASE("socket") { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0); }
  REQUIRE(::write(ends[1], "{}", 2) == 2);
  ::close(ends[1]);
  const auto path = "/dev/fd/" + std::to_string(ends[0]);
  CHECK(begins_a_document(path));
  CHECK(read_file(path) == "{}");
  ::close(ends[0]);
}

TEST_CASE("a stream that is kept can be read again and again") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], "abc", 3) == 3);
  ::close(ends[1]);
  const SpooledInput kept("/dev/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  for (int i = 0; i < 2; ++i) CHECK(read_file(kept.path()) == "abc");
  CHECK_THROWS_AS(SpooledInput("/none/such"), sfa::Error);
}
