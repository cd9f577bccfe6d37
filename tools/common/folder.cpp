#include "sfa/tool/folder.hpp"

#include <filesystem>
#include <system_error>

#include "sfa/audio/error.hpp"

namespace sfa::tool {

void make_folder(const std::string& folder) {
  std::error_code failure;
  if (!folder.empty()) std::filesystem::create_directories(folder, failure);
  if (failure) throw Error(Error::Kind::io, folder + ": " + failure.message());
}

void make_folder_of(const std::string& path) { make_folder(std::filesystem::path(path).parent_path().string()); }

}  // namespace sfa::tool
