#include "fetch_model.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "sfa/io/download.hpp"
#include "sfa/io/model_files.hpp"

namespace sfa::tool {
namespace {

namespace fs = std::filesystem;
using separation::ReleasedMember;

std::string base_url() {
  const char* const other = std::getenv("SFA_MODEL_URL");
  std::string url(other != nullptr && *other != '\0' ? std::string_view(other) : separation::released_models_url());
  return url.ends_with('/') ? url : url + '/';
}

fs::path make_folder(const io::ModelFolders& folders) {
  if (folders.own.empty())
    throw Error(Error::Kind::not_found, "no place for models: neither XDG_DATA_HOME nor HOME is set; give --model-dir");
  const fs::path folder = folders.own.front();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(Error::Kind::io, folder.string() + ": " + error.message());
  return folder;
}

/// Where it is, undamaged; empty if it is not.
std::string place_of(const ReleasedMember& member, const std::vector<std::string>& folders) {
  const auto path = io::find_checkpoint(folders, member.signature, member.checksum).value_or("");
  // What became a .safetensors has another checksum.
  const bool is_released = path.ends_with(".th");
  return !is_released || io::is_as_expected(path, {.sha256 = member.checksum, .bytes = {}}) ? path : "";
}

}  // namespace

void fetch_model(Command& command, const std::string& name, const std::string& model_dir) {
  const auto& model = separation::released_model(name);
  const auto folders = io::model_folders(model_dir);
  const auto folder = make_folder(folders);
  const auto places = model_dir.empty() ? folders.all() : std::vector{model_dir};
  for (std::size_t i = 0; i < model.members.size(); ++i) {
    const auto& member = model.members[i];
    const auto file = member.file_name();
    if (const auto place = place_of(member, places); !place.empty()) {
      command.note(place + " is there already");
      continue;
    }
    const auto path = (folder / file).string();
    const auto of_several = fmt::format(" ({} of {})", i + 1, model.members.size());
    const auto stage = "fetching " + file + (model.members.size() > 1 ? of_several : "");
    io::download(base_url() + model.folder + file, path, {.sha256 = member.checksum, .bytes = {}},
                 command.progress(stage));
    command.note("fetched " + path);
  }
}

}  // namespace sfa::tool
