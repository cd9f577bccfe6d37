#include "json_reader.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "sfa/audio/error.hpp"

using namespace sfa;
namespace json = io::json;

namespace {

std::string document(const std::string& members) {
  return R"({"format":"sfa.test","version":1,)" + members + "}";
}

/// What reading `members` by `read` complains of.
template <typename Read>
std::string complaint(const std::string& members, Read read) {
  const std::string text = document(members);
  try {
    const json::Document parsed(text, "sfa.test", 1);
    read(parsed.root());
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

std::string refusal(const std::string& text) {
  try {
    const json::Document parsed(text, "sfa.test", 1);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("what is no document is told as what it is") {
  CHECK(refusal("") == "is empty, wanted JSON");
  CHECK(refusal(" \n") == "is empty, wanted JSON");
  CHECK(refusal("hello").starts_with("is not JSON: line 1, column 1: "));
  CHECK(refusal("{} {}").starts_with("is not JSON: "));
  CHECK(refusal("\xff\xfe{}").starts_with("is not JSON: "));
  CHECK(refusal("{\"a\":\"\xc3\x28\"}").starts_with("is not JSON: "));
  CHECK(refusal(R"({"a":1e999})").starts_with("is not JSON: "));
  CHECK(refusal("[1]") == "is not a sfa.test document: it has no \"format\"");
  CHECK(refusal(R"({"format":7})") == "is not a sfa.test document: it has no \"format\"");
  CHECK(refusal(R"({"format":"sfa.bank","version":1})") == "is a sfa.bank document, wanted sfa.test");
  CHECK(refusal(R"({"format":"sfa.test"})") == "version: must be a whole number of at least 1");
  CHECK(refusal(R"({"format":"sfa.test","version":1.5})") == "version: must be a whole number of at least 1");
  CHECK(refusal(R"({"format":"sfa.test","version":2})") == "is version 2 of sfa.test, and this build reads up to version 1");
  CHECK(refusal(R"({"format":"sfa.test","version":1.0})") == "nothing");
}

TEST_CASE("deep nesting is refused, whatever it is made of, and short of the end of the stack") {
  CHECK(refusal(std::string(3'000'000, '[')) == "nests deeper than 64 levels");
  CHECK(refusal(document("\"a\":" + std::string(500'000, '[') + std::string(500'000, ']'))) == "nests deeper than 64 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  CHECK(refusal(objects) == "nests deeper than 64 levels");
  CHECK(refusal(document("\"a\":" + std::string(60, '[') + std::string(60, ']'))) == "nothing");
  const std::string brackets(100, '[');
  CHECK(refusal(document("\"a\":\"" + brackets + "\\\"" + brackets + "\",\"b\":\"\\\\\"")) == "nothing");
}

TEST_CASE("a wrong member is named with its path and what it must be") {
  const auto bpm = [](const json::Reader& root) { (void)root.number("bpm", {.min = 1.0, .max = 1000.0}); };
  CHECK(complaint(R"("x":1)", bpm) == "bpm: is missing");
  CHECK(complaint(R"("bpm":null)", bpm) == "bpm: is missing");
  CHECK(complaint(R"("bpm":"120")", bpm) == "bpm: must be a number from 1 to 1000");
  CHECK(complaint(R"("bpm":0.5)", bpm) == "bpm: must be a number from 1 to 1000");
  CHECK(complaint(R"("bpm":120)", bpm) == "nothing");
  const auto end = [](const json::Reader& root) {
    for (const auto& slice : root.array("slices")) (void)slice.integer("end");
  };
  CHECK(complaint(R"("slices":[{"end":1},{"end":-1}])", end) == "slices[1].end: must be a whole number of at least 0");
  CHECK(complaint(R"("slices":[{"end":1},7])", end) == "slices[1]: must be an object");
  CHECK(complaint(R"("slices":{})", end) == "slices: must be an array");
  CHECK(complaint(R"("slices":[{"end":1.5}])", end) == "slices[0].end: must be a whole number of at least 0");
  CHECK(complaint(R"("slices":[{"end":4294967296}])", end) == "slices[0].end: must be a whole number of at least 0");
  CHECK(complaint(R"("slices":[{"end":1e300}])", end) == "slices[0].end: must be a whole number of at least 0");
  CHECK(complaint(R"("slices":[{"end":7.0}])", end) == "nothing");
  const auto name = [](const json::Reader& root) { (void)root.object("source").text("path"); };
  CHECK(complaint(R"("source":{"path":7})", name) == "source.path: must be a string");
  CHECK(complaint(R"("source":{"path":"a\u0000b"})", name) == "source.path: must be a string without NUL");
  CHECK(complaint(R"("source":[])", name) == "source: must be an object");
  const auto beats = [](const json::Reader& root) { (void)root.numbers("beats", {.min = 0.0}); };
  CHECK(complaint(R"("beats":[1,-1])", beats) == "beats[1]: must be a number of at least 0");
  CHECK(complaint(R"("on":1)", [](const json::Reader& root) { (void)root.flag("on"); }) == "on: must be true or false");
}

TEST_CASE("whole numbers keep all of their 64 bits") {
  const std::string text = document(R"("big":18446744073709551615,"low":-9223372036854775808)");
  const json::Document parsed(text, "sfa.test", 1);
  CHECK(parsed.root().integer<std::uint64_t>("big") == ~std::uint64_t{0});
  CHECK(parsed.root().integer<std::int64_t>("low", std::numeric_limits<std::int64_t>::min()) ==
        std::numeric_limits<std::int64_t>::min());
  CHECK_THROWS_AS((void)parsed.root().integer<std::int64_t>("big"), Error);
  CHECK(parsed.root().integer_or("none", 3) == 3);
}

TEST_CASE("what is not finite is written as null and read back as silence") {
  json::Object out = json::begin_document("sfa.test", 1, "");
  out["peak_db"] = json::number(-std::numeric_limits<double>::infinity());
  out["other"] = json::number(std::nan(""));
  const std::string text = json::dump(out, true);
  CHECK(text == "{\"format\":\"sfa.test\",\"version\":1,\"peak_db\":null,\"other\":null}\n");
  const json::Document parsed(text, "sfa.test", 1);
  CHECK(std::isinf(parsed.root().level("peak_db")));
}

TEST_CASE("a name that is not UTF-8 cannot be written") {
  json::Object out = json::begin_document("sfa.test", 1, "");
  out["sources"] = {"b.wav", "a\xff.wav"};
  CHECK_THROWS_WITH_AS((void)json::dump(out, false), "a\xff.wav is not UTF-8 and cannot stand in a JSON document", Error);
}
