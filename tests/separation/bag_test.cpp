#include "sfa/separation/bag.hpp"

#include <doctest/doctest.h>

#include "sfa/audio/error.hpp"

using namespace sfa;
using separation::parse_bag;

namespace {

std::string error_of(const std::string& yaml) {
  try {
    (void)parse_bag(yaml);
  } catch (const Error& error) {
    CHECK(error.kind == Error::Kind::invalid_data);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a bag of models as Demucs writes it is read") {
  const auto bag = parse_bag("models: ['f7e0c4bc', 'd12395a8', '92cfc3b6', '04573f0d']\n"
                             "weights: [\n  [1., 0., 0., 0.],\n  [0., 1., 0., 0.],\n  [0., 0., 1., 0.],\n"
                             "  [0., 0., 0., 1.],\n]\n"
                             "segment: 44\n");
  CHECK(bag.models == std::vector<std::string>{"f7e0c4bc", "d12395a8", "92cfc3b6", "04573f0d"});
  REQUIRE(bag.weights.size() == 4);
  for (std::size_t model = 0; model < 4; ++model) {
    for (std::size_t stem = 0; stem < 4; ++stem) CHECK(bag.weight(model, stem) == (model == stem ? 1.0 : 0.0));
  }
  CHECK(bag.segment_seconds == 44.0);
}

TEST_CASE("a bag may leave out its weights and its segment") {
  const auto bag = parse_bag("models: ['955717e8']\n");
  CHECK(bag.models == std::vector<std::string>{"955717e8"});
  CHECK(bag.weights.empty());
  CHECK(bag.weight(0, 3) == 1.0);
  CHECK_FALSE(bag.segment_seconds);
  CHECK_FALSE(parse_bag("{models: [a], weights: null, segment: ~}").segment_seconds);
}

TEST_CASE("a signature that looks like a number stays as it is written") {
  CHECK(parse_bag("models: [75033551, 00123456]").models == std::vector<std::string>{"75033551", "00123456"});
}

TEST_CASE("what is no bag is refused in one line") {
  for (const std::string yaml : {
           "", "models", "- a", "models:", "models: a", "models: []", "models: {a: b}", "models: [[a]]", "models: [~]",
           "models: ['']", "models: ['../../etc/passwd']", "models: ['.hidden']", "models: ['a b']", "models: [\"a\\0b\"]",
           "models: [a, b]\nweights: [[1, 1]]", "models: [a]\nweights: [1]", "models: [a]\nweights: [[]]",
           "models: [a]\nweights: 1", "models: [a]\nweights: [[x]]", "models: [a]\nweights: [[.nan]]",
           "models: [a]\nweights: [[.inf]]", "models: [a]\nweights: [[-1, 1]]", "models: [a]\nweights: [[0, 1]]",
           "models: [a]\nweights: [[1e999]]", "models: [a]\nweights: [[[1]]]", "models: [a, b]\nweights: [[1, 1], [1]]",
           "models: [a, b]\nweights: [[1e308], [1e308]]", "models: [a]\nsegment: 0", "models: [a]\nsegment: -3",
           "models: [a]\nsegment: .nan", "models: [a]\nsegment: long", "models: [a]\nsegment: [1]", "models: [a", "models: *a",
           "\"models", "models: [a]\n\tweights: 1", "%YAML 9.9\n---\nmodels: [a]\n: :", "&a models: &a [*a]", "&a [*a]"}) {
    INFO(yaml);
    const auto message = error_of(yaml);
    CHECK(message.starts_with("no bag of models: "));
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a bag that is too large or too deep is refused") {
  CHECK(error_of("models: [a]\n#" + std::string(100'000, 'x')) == "no bag of models: it is longer than 64 KiB");
  std::string many = "models: [a";
  for (int i = 0; i < 64; ++i) many += ", a";
  CHECK(error_of(many + "]") == "no bag of models: it has more than 64 models");
  for (const std::string part : {"[", "{", "- ", "? ", "a: ", "[a, ", "{a: ", "&a ", "!!a ", "\"", "'", "|", ">", "*", ": ", "{a"}) {
    INFO(part);
    std::string deep;
    while (deep.size() < 60'000) deep += part;
    CHECK_FALSE(error_of("models: " + deep).empty());
    CHECK_FALSE(error_of(deep).empty());
  }
}

TEST_CASE("a bag whose aliases multiply is refused") {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const auto last = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last + ", " + last + "]\n";
  }
  CHECK_FALSE(error_of(bomb + "models: *a99\n").empty());
}
