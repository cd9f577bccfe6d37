#include "slice_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/slicing/slice.hpp"
#include "sfa/tool/folder.hpp"

namespace sfa::tool {
namespace fs = std::filesystem;

void write_slices(Command& command, const AudioView& audio, slicing::Bank& bank, const std::string& folder,
                  const std::string& bank_path, const std::string& recipe) {
  make_folder(folder);
  std::vector<std::string> paths;
  std::vector<bool> wanted;
  for (const auto& slice : bank.slices) {
    paths.push_back(
        (fs::path(folder) / fmt::format("{:03}-{}.wav", slice.id, slicing::name(slice.kind))).string());
    wanted.push_back(command.force() || io::standing(paths.back(), recipe) != io::Standing::current);
    if (wanted.back()) (void)command.needs_making(paths.back(), recipe);  // refuses somebody else's file
  }
  const auto progress = command.progress("write");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    report(progress, static_cast<double>(i) / static_cast<double>(paths.size()));
    if (wanted[i]) io::write_sound(paths[i], slicing::faded(audio, bank.slices[i]), {}, recipe);
    bank.slices[i].path = io::path_for(bank_path, paths[i]);
  }
  report(progress, 1.0);
}

bool is_complete(Command& command, const std::string& path, const std::string& recipe) {
  if (command.needs_making(path, recipe)) return false;
  try {
    const auto bank = io::bank_from_json(io::read_document(path));
    return std::ranges::all_of(bank.slices, [&](const slicing::Slice& slice) {
      return slice.path.empty() || io::standing(io::path_from(path, slice.path), recipe) == io::Standing::current;
    });
  } catch (const Error&) {
    return false;  // ours, but spoilt since
  }
}

}  // namespace sfa::tool
