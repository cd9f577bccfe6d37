#include "convert.hpp"

#include <algorithm>
#include <filesystem>

#include "model.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/mapped_file.hpp"
#include "sfa/tool/folder.hpp"

namespace sfa::tool {
namespace {

/// Whether the file `path` is what would be written to it.
bool is_same(const separation::Checkpoint& checkpoint, const std::string& path) {
  if (std::filesystem::file_size(path) == 0) return false;
  const auto file = io::map_file(path);
  auto rest = file.bytes;
  bool same = true;
  separation::write_safetensors(checkpoint, [&](std::span<const std::byte> bytes) {
    same = same && bytes.size() <= rest.size() && std::ranges::equal(bytes, rest.first(bytes.size()));
    if (same) rest = rest.subspan(bytes.size());
  });
  return same && rest.empty();
}

}  // namespace

void convert(Command& command, const std::string& from, const std::string& to) {
  if (!to.ends_with(".safetensors")) throw UsageError("--convert: " + to + " does not end in .safetensors");
  command.reads(from);
  command.check_not_read(to);
  const auto checkpoint = read_model_file(from);
  if (std::filesystem::is_regular_file(to) && !command.force()) {
    if (is_same(checkpoint, to)) return command.note(to + " is up to date");
    throw Error(Error::Kind::exists, to + ": exists and is something else (-f overwrites it)");
  }
  make_folder_of(to);
  io::AtomicFile file(to);
  separation::write_safetensors(checkpoint, [&](std::span<const std::byte> bytes) {
    file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  file.commit();
}

}  // namespace sfa::tool
