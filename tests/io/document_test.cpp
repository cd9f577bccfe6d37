#include "sfa/io/document.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace sfa;

TEST_CASE("a text's format is what it says, of JSON Lines the first line's") {
  CHECK(io::document_format(R"({"format":"sfa.bank","version":1})") == "sfa.bank");
  CHECK(io::document_format("{\"format\":\"sfa.analysis\"}\n{\"format\":\"sfa.bank\"}\n") == "sfa.analysis");
  for (const char* text : {"", " ", "RIFF....WAVE", "[]", "{", R"({"format":1})", "{}", "\xff"}) {
    CAPTURE(text);
    CHECK(io::document_format(text).empty());
  }
}

TEST_CASE("a relative path starts from its document's folder") {
  CHECK(io::path_from("out/events.json", "bank.json") == "out/bank.json");
  CHECK(io::path_from("out/events.json", "../bank.json") == "out/../bank.json");
  CHECK(io::path_from("out/events.json", "/a/bank.json") == "/a/bank.json");
  CHECK(io::path_from("events.json", "bank.json") == "bank.json");
  CHECK(io::path_from("-", "sub/bank.json") == "sub/bank.json");
  CHECK(io::path_from("out/events.json", "").empty());
}

TEST_CASE("a document calls a file so that the path leads back to it") {
  for (const char* document : {"out/events.json", "events.json", "/tmp/events.json", "../x/events.json"}) {
    for (const char* file : {"bank.json", "out/bank.json", "../bank.json", "/etc/bank.json"}) {
      CAPTURE(document);
      CAPTURE(file);
      const std::string back = io::path_from(document, io::path_for(document, file));
      const auto place = [](const std::string& path) { return std::filesystem::absolute(path).lexically_normal(); };
      CHECK(place(back) == place(file));
    }
  }
  CHECK(io::path_for("out/events.json", "out/bank.json") == "bank.json");
  CHECK(io::path_for("out/events.json", "bank.json") == "../bank.json");
}

TEST_CASE("a document cannot call a file by a name that is not UTF-8, and the complaint names it") {
  for (const char* document : {"out/events.json", "events.json", "-"}) {
    CAPTURE(document);
    CHECK_THROWS_WITH_AS((void)io::path_for(document, "caf\xe9.wav"), doctest::Contains("caf\xe9.wav: "), Error);
    CHECK_NOTHROW((void)io::path_for(document, "caf\xc3\xa9.wav"));
  }
}

TEST_CASE("a document on a pipe has absolute paths") {
  CHECK(io::path_for("-", "bank.json") == (std::filesystem::current_path() / "bank.json").string());
  CHECK(io::path_for("", "/a/b.json") == "/a/b.json");
}
