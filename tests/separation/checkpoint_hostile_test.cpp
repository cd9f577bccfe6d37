// Checkpoints that are truncated, damaged or made to do harm: each is refused in one line or read as what it
// says, and none makes the reader run, crash, hang or take memory that it does not need.
#include <doctest/doctest.h>

#include <filesystem>

#include "checkpoint_files.hpp"

using namespace checkpoint_files;

namespace {

std::string repeated(std::size_t count, const std::string& part) {
  std::string all;
  all.reserve(count * part.size());
  for (std::size_t i = 0; i < count; ++i) all += part;
  return all;
}

bool is_refused_as_damaged(const std::string& content) {
  return error_of(content).starts_with("damaged checkpoint: ");
}

bool is_refused_or_same(const std::string& content, const Checkpoint& sound) {
  try {
    return same(read(content), sound);
  } catch (const Error&) {
    return true;
  }
}

std::string with_arguments(const std::string& value) { return legacy(package(dict(text("a") + value), "}")); }
std::string with_tensor(const View& view) {
  return legacy(package("}", dict(text("w") + tensor(view))), {six_floats()});
}

}  // namespace

TEST_CASE("the checkpoints that these tests damage are sound") {
  CHECK(error_of(with_arguments("N")).empty());
  CHECK(values(read(with_tensor({})).tensors.at("w")) == std::vector<double>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a command in a pickle is not run") {
  const auto settings = read(fixture("containers/command_in_settings.th"));
  CHECK(settings.tensors.size() == 10);
  const auto arguments = read(fixture("containers/command_in_arguments.th"));
  CHECK(std::get<Opaque>(arguments.arguments.at("act").data).name == "posix.system");
  CHECK(error_of(fixture("containers/command_in_state.th")) == "tensors made by posix.system are not supported");
  CHECK_FALSE(std::filesystem::exists("sfa-was-here"));
}

TEST_CASE("a checkpoint cut short anywhere is refused") {
  for (const std::string name : {"containers/views.th", "containers/deflated.th", "containers/zip64.th",
                                 "containers/legacy.th", "containers/views_legacy.th"}) {
    const auto content = fixture(name);
    for (std::size_t length = 0; length < content.size(); ++length) {
      INFO(name << " cut to " << length);
      REQUIRE_FALSE(error_of(std::string_view(content).substr(0, length)).empty());
    }
  }
}

TEST_CASE("a bit that flips in a zip is found, or does not matter") {
  for (const std::string name : {"containers/views.th", "containers/deflated.th", "containers/zip64.th"}) {
    auto content = fixture(name);
    const auto sound = read(content);
    for (std::size_t bit = 0; bit < 8 * content.size(); ++bit) {
      INFO(name << " with bit " << bit << " flipped");
      const auto mask = static_cast<char>(1 << bit % 8);
      content[bit / 8] = static_cast<char>(content[bit / 8] ^ mask);
      REQUIRE(is_refused_or_same(content, sound));
      content[bit / 8] = static_cast<char>(content[bit / 8] ^ mask);
    }
  }
}

TEST_CASE("a bit that flips in a legacy file, which has no checksums, never crashes its reader") {
  auto content = fixture("containers/views_legacy.th");
  std::size_t read_anyway = 0;
  for (std::size_t bit = 0; bit < 8 * content.size(); ++bit) {
    const auto mask = static_cast<char>(1 << bit % 8);
    content[bit / 8] = static_cast<char>(content[bit / 8] ^ mask);
    read_anyway += error_of(content).empty() ? 1 : 0;
    content[bit / 8] = static_cast<char>(content[bit / 8] ^ mask);
  }
  CHECK(read_anyway < 8 * content.size());
}

TEST_CASE("tensors that look beyond their storage are refused") {
  CHECK(is_refused_as_damaged(with_tensor({.shape = {7}})));
  CHECK(is_refused_as_damaged(with_tensor({.offset = 1})));
  CHECK(is_refused_as_damaged(with_tensor({.offset = -1, .shape = {1}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {2, 3}, .strides = {4, 1}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {2}, .strides = {-1}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {-1}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {2, 3}})));
  CHECK(is_refused_as_damaged(with_tensor({.storage_count = 7})));
  CHECK(is_refused_as_damaged(with_tensor({.storage_count = -1})));
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK(is_refused_as_damaged(with_tensor({.shape = {most, most, most}, .strides = {1, 1, 1}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {3, 3}, .strides = {most, most}})));
  CHECK(is_refused_as_damaged(with_tensor({.offset = most})));
  CHECK(is_refused_as_damaged(with_tensor({.storage_count = most})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {0, most, most}, .strides = {1, 1, 1}})));
  const std::vector<std::int64_t> nine(9, 1);
  CHECK(is_refused_as_damaged(with_tensor({.shape = nine, .strides = nine})));
}

TEST_CASE("a tensor that repeats a few elements is not spread over terabytes") {
  CHECK(is_refused_as_damaged(with_tensor({.shape = {std::int64_t{1} << 40}, .strides = {0}})));
  CHECK(is_refused_as_damaged(with_tensor({.shape = {std::int64_t{1} << 62}, .strides = {0}})));
}

TEST_CASE("objects that hold themselves twice over and over are not unfolded") {
  // a = [0, 0]; b = [a, a]; c = [b, b]; ...: 2^200 zeros in 2 kB.
  std::string bomb = "](K\x00K\x00""eq\x00"s;
  for (int i = 0; i < 200; ++i) {
    const auto last = static_cast<char>(i);
    bomb += "0](h"s + last + "h" + last + "eq" + static_cast<char>(i + 1);
  }
  CHECK(is_refused_as_damaged(with_arguments(bomb)));
  // Where nobody looks it may lie.
  CHECK(error_of(legacy(package("}", "}", text("metrics") + bomb))).empty());
}

TEST_CASE("a text that is named many times is not copied as often") {
  const auto bomb = text(std::string(1'000'000, 'x')) + "q"s + '\0' + "0](" + repeated(90'000, "h"s + '\0') + "e";
  CHECK(is_refused_as_damaged(with_arguments(bomb)));
}

TEST_CASE("a list that holds itself is refused where its values are wanted") {
  CHECK(is_refused_as_damaged(with_arguments("]q"s + '\0' + "h" + '\0' + "a")));
}

TEST_CASE("deep nesting is refused without going as deep") {
  constexpr std::size_t depth = 500'000;
  CHECK(is_refused_as_damaged(with_arguments(repeated(depth, "](") + repeated(depth, "e"))));
  CHECK(is_refused_as_damaged(with_arguments(")" + repeated(depth, "\x85"))));
  CHECK(is_refused_as_damaged(with_arguments(repeated(2'000'000, "]"))));
  CHECK(is_refused_as_damaged(legacy(repeated(depth, "("))));
}

TEST_CASE("sizes that are announced and not there are refused") {
  for (const char* opcode : {"X\xff\xff\xff\xff", "T\xff\xff\xff\xff", "B\xff\xff\xff\xff", "\x8b\xff\xff\xff\xff",
                             "\x8d\xff\xff\xff\xff\xff\xff\xff\xff", "\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
                             "\x96\xff\xff\xff\xff\xff\xff\xff\x7f", "Nr\xff\xff\xff\xff", "j\xff\xff\xff\xff",
                             "Np99999999999999999999\n", "g4294967295\n"}) {
    CHECK(is_refused_as_damaged(with_arguments(opcode)));
  }
}

TEST_CASE("pickles that Python would not read are refused") {
  for (const std::string opcodes : {"0", "1", "2", "t", "e", "u", "R", "Q", "b", "\x85", "\x93", "o", "a", "s", "h\x01", "\xff",
                              "K", "(K\x01K\x02K\x03u", "K\x01K\x02" "a", "K\x01K\x02K\x03s", "(o", "X\x01\x01\x01\x01\xff",
                              "Inumber\n", "I\n", "F1.5x\n", "(K\x01\x85\x85\x85R"}) {
    INFO(opcodes);
    CHECK_FALSE(error_of(legacy(opcodes)).empty());
  }
  CHECK(kind_of(legacy("\x82\x01")) == Error::Kind::unsupported);
  CHECK(kind_of(legacy("\x97")) == Error::Kind::unsupported);
  CHECK(kind_of(legacy("\x80\x06")) == Error::Kind::unsupported);
}

TEST_CASE("fractions that are none are refused") {
  const auto fraction = [](const std::string& arguments) {
    return with_arguments(global("fractions", "Fraction") + tuple(arguments) + "R");
  };
  CHECK(error_of(fraction(text("39/5"))).empty());
  CHECK(error_of(fraction(text("-3"))).empty());
  for (const auto& arguments : {""s, text(""), text("39/"), text("39/0"), text("1/-1"), text("99999999999999999999/1"),
                                integer(1) + integer(0), integer(1) + integer(-5), text("nan"), "N"s}) {
    CHECK(is_refused_as_damaged(fraction(arguments)));
  }
}

TEST_CASE("a legacy file whose parts do not fit each other is refused") {
  const auto object = package("}", dict(text("w") + tensor({})));
  CHECK(is_refused_as_damaged(legacy(object)));
  CHECK(is_refused_as_damaged(legacy(object, {six_floats(), {"1", ""}})));
  CHECK(is_refused_as_damaged(legacy(object, {{"0", std::string(20, '\0')}})));
  CHECK(is_refused_as_damaged(legacy(package(")", "}"))));
  CHECK(is_refused_as_damaged(legacy(package("}", dict("K\x01" + tensor({}))), {six_floats()})));
  CHECK(is_refused_as_damaged(legacy(package("}", dict(text("w") + "N")))));
  CHECK(is_refused_as_damaged(legacy(dict(text("klass") + "N" + text("state") + "}"))));
}

TEST_CASE("a zip with an entry twice, entries that overlap or a bomb in it is refused") {
  auto content = fixture("containers/deflated.th");
  // Each central record's uncompressed size lies 24 bytes behind its signature.
  for (std::size_t at = 0; (at = content.find("PK\x01\x02", at)) != std::string::npos; at += 4) {
    auto bomb = content;
    bomb.replace(at + 24, 4, "\xfe\xff\xff\xff");
    const auto name = content.substr(at + 46, static_cast<unsigned char>(content[at + 28]));
    const bool matters = name.ends_with("data.pkl") || name.find("/data/") != std::string::npos;
    CHECK(is_refused_as_damaged(bomb) == matters);
  }
  const auto first = content.find("PK\x01\x02");
  const auto second = content.find("PK\x01\x02", first + 4);
  const auto third = content.find("PK\x01\x02", second + 4);
  REQUIRE(third != std::string::npos);
  auto overlapping = content;
  overlapping.replace(first + 20, 4, number(static_cast<std::uint32_t>(content.size() - 1)));
  CHECK(is_refused_as_damaged(overlapping));
  auto twice = content;
  const auto data0 = content.find("dtypes/data/0", first);
  REQUIRE(data0 != std::string::npos);
  twice[data0 + 12] = '1';
  CHECK(is_refused_as_damaged(twice));
}
