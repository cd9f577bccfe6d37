#include "sfa/io/mapped_file.hpp"

#include <sys/stat.h>

#include <string_view>

#include "scratch.hpp"

using scratch::error_of;
using scratch::Folder;
using scratch::kind_of;
using scratch::put;
using namespace sfa;

namespace {

std::string_view text_of(const io::MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()};
}

}  // namespace

TEST_CASE("a mapped file is its bytes, even when its name is gone") {
  const Folder folder;
  std::string content(100'000, 'x');
  content.back() = 'y';
  put(folder / "a", content);
  const auto mapped = io::map_file(folder / "a");
  scratch::fs::remove(folder / "a");
  CHECK(text_of(mapped) == content);
}

TEST_CASE("a mapping lives as long as any of its owners") {
  const Folder folder;
  put(folder / "a", "abc");
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
  {
    const auto mapped = io::map_file(folder / "a");
    owner = mapped.owner;
    bytes = mapped.bytes;
  }
  CHECK(static_cast<char>(bytes[2]) == 'c');
}

TEST_CASE("what cannot be mapped is named in one line") {
  const Folder folder;
  put(folder / "empty", "");
  const auto pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const auto mapping = [](const std::string& path) { return [path] { (void)io::map_file(path); }; };

  CHECK(error_of(mapping(folder / "missing")) == folder / "missing" + ": No such file or directory");
  CHECK(kind_of(mapping(folder / "missing")) == Error::Kind::not_found);
  CHECK(error_of(mapping(folder / "empty")) == folder / "empty" + ": the file is empty");
  CHECK(kind_of(mapping(folder / "empty")) == Error::Kind::invalid_data);
  CHECK(error_of(mapping(folder.str())) == folder.str() + ": Is a directory");
  CHECK(error_of(mapping(pipe)) == pipe + ": not a regular file");
  CHECK(error_of(mapping("/dev/null")) == "/dev/null: not a regular file");
}
