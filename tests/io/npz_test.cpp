#include "sfa/io/npz.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include "scratch.hpp"
#include "sfa/io/recipe.hpp"

using namespace sfa;
using scratch::Folder;

namespace {

/// What Python reads in the file: see tests/cli/read_npz.py. Empty if it refuses it.
std::string seen_by_python(const std::string& path) {
  const auto command = "/usr/bin/python3 " SFA_SOURCE_DIR "/tests/cli/read_npz.py '" + path + "'";
  FILE* output = ::popen(command.c_str(), "r");
  REQUIRE(output != nullptr);
  std::string text;
  std::array<char, 4096> block{};
  while (const auto count = std::fread(block.data(), 1, block.size(), output)) text.append(block.data(), count);
  return ::pclose(output) == 0 ? text : "";
}

void write_two(const std::string& path, const std::string& recipe = {}) {
  io::NpzWriter npz(path, recipe);
  npz.value("hop", 0.25);
  const int rms = npz.array("rms", 1), mfcc = npz.array("mfcc", 2), none = npz.array("none", 3);
  CHECK(none == 3);
  for (int frame = 0; frame < 3; ++frame) {
    const auto value = static_cast<float>(frame);
    npz.append(mfcc, std::array{value, value + 0.5F});
    npz.append(rms, std::array{value});
  }
  npz.commit();
}

}  // namespace

TEST_CASE("Python reads from an npz what was written into it") {
  const Folder folder;
  write_two(folder / "a.npz");
  CHECK(seen_by_python(folder / "a.npz") ==
        R"({"hop": {"type": "<f8", "shape": [], "sum": 0.25, "first": [0.25]}, )"
        R"("rms": {"type": "<f4", "shape": [3], "sum": 3.0, "first": [0.0, 1.0, 2.0]}, )"
        R"("mfcc": {"type": "<f4", "shape": [2, 3], "sum": 7.5, "first": [0.0, 0.5, 1.0]}, )"
        R"("none": {"type": "<f4", "shape": [3, 0], "sum": 0, "first": []}})" "\n");
  CHECK(folder.entries() == 1);
}

TEST_CASE("arrays of many megabytes that grow side by side come out whole") {
  const Folder folder;
  {
    io::NpzWriter npz(folder / "a.npz");
    const int one = npz.array("one", 1), two = npz.array("two", 2);
    const std::vector<float> ones(100000, 1.0F), twos(20000, 2.0F);
    for (int i = 0; i < 20; ++i) {
      npz.append(one, ones);
      npz.append(two, twos);
    }
    npz.commit();
  }
  CHECK(seen_by_python(folder / "a.npz") ==
        R"({"one": {"type": "<f4", "shape": [2000000], "sum": 2000000.0, "first": [1.0, 1.0, 1.0]}, )"
        R"("two": {"type": "<f4", "shape": [2, 200000], "sum": 800000.0, "first": [2.0, 2.0, 2.0]}})" "\n");
}

TEST_CASE("the same arrays are the same bytes, and the recipe is found again") {
  const Folder folder;
  const std::string recipe = "sfa-analyze 0.1.0 0123456789abcdef0123456789abcdef";
  write_two(folder / "a.npz", recipe);
  write_two(folder / "b.npz", recipe);
  CHECK(scratch::get(folder / "a.npz") == scratch::get(folder / "b.npz"));
  CHECK(io::recipe_of(folder / "a.npz") == recipe);
  CHECK(!seen_by_python(folder / "a.npz").empty());
  write_two(folder / "c.npz");
  CHECK(!io::recipe_of(folder / "c.npz"));
}

TEST_CASE("without commit() there is no file") {
  const Folder folder;
  {
    io::NpzWriter npz(folder / "a.npz");
    npz.append(npz.array("one", 1), std::array{1.0F});
  }
  CHECK(folder.entries() == 0);
}

TEST_CASE("names that are no file names or are used twice are refused, and a folder that is not there") {
  const Folder folder;
  io::NpzWriter npz(folder / "a.npz");
  npz.array("one", 1);
  for (const std::string name : {"one", "", "a/b"})
    CHECK(scratch::kind_of([&] { npz.array(name, 1); }) == Error::Kind::invalid_argument);
  CHECK(scratch::kind_of([&] { npz.array("two", 0); }) == Error::Kind::invalid_argument);
  CHECK(scratch::kind_of([&] { io::NpzWriter(folder / "none/a.npz"); }) == Error::Kind::not_found);
}
