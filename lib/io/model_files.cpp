#include "sfa/io/model_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string_view>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

namespace fs = std::filesystem;
using separation::ReleasedModel;

/// Empty if unset. A relative one is to be ignored: XDG Base Directory Specification 0.8.
std::string folder_from(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value == '/' ? value : "";
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

bool is_checksum(std::string_view text) {
  return text.size() == 8 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The names of the files in a folder, sorted; none if it is not there.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_file(entry->path())) names.push_back(entry->path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// The signature in the name of a checkpoint or bag; empty for other files.
std::string model_name(const std::string& file_name) {
  const fs::path path(file_name);
  const auto stem = path.stem().string(), ending = path.extension().string();
  if (ending == ".yaml") return stem;
  if (ending != ".th" && ending != ".safetensors") return {};
  const auto dash = stem.rfind('-');
  return dash != std::string::npos && is_checksum(std::string_view(stem).substr(dash + 1)) ? stem.substr(0, dash) : stem;
}

/// SIG-CHECKSUM.th and SIG-CHECKSUM.safetensors for whatever checksum.
std::optional<std::string> find_with_any_checksum(const std::string& folder, const std::string& signature) {
  std::vector<std::string> found;
  for (const auto& name : names_in(folder))
    if (name.starts_with(signature + "-") && model_name(name) == signature) found.push_back(name);
  if (found.empty()) return std::nullopt;
  const auto torch = std::ranges::find_if(found, [](const auto& name) { return name.ends_with(".th"); });
  return fs::path(folder) / (torch != found.end() ? *torch : found.front());
}

std::optional<std::string> find_in(const std::string& folder, const std::string& signature,
                                   const std::string& checksum) {
  std::vector<std::string> names{signature + ".th", signature + ".safetensors"};
  if (!checksum.empty()) {
    names.insert(names.begin(), signature + "-" + checksum + ".th");
    names.push_back(signature + "-" + checksum + ".safetensors");
  }
  for (const auto& name : names)
    if (const auto path = fs::path(folder) / name; is_file(path)) return path.string();
  return checksum.empty() ? find_with_any_checksum(folder, signature) : std::nullopt;
}

std::optional<ModelFiles> find_own(const std::string& name, const ModelFolders& folders) {
  for (const auto& folder : folders.of_models()) {
    const auto bag = fs::path(folder) / (name + ".yaml");
    if (is_file(bag)) return ModelFiles{nullptr, bag.string(), {}};
    if (auto checkpoint = find_checkpoint({folder}, name)) return ModelFiles{nullptr, {}, {std::move(*checkpoint)}};
  }
  return std::nullopt;
}

/// Fewer checkpoints than members if some are missing.
ModelFiles find_released(const ReleasedModel& model, const ModelFolders& folders) {
  ModelFiles files{&model, {}, {}};
  for (const auto& member : model.members)
    if (auto checkpoint = find_checkpoint(folders.all(), member.signature, member.checksum))
      files.checkpoints.push_back(std::move(*checkpoint));
  return files;
}

bool is_whole(const ModelFiles& files) {
  return !files.checkpoints.empty() && files.checkpoints.size() == files.released->members.size();
}

std::string fetch_command(const ReleasedModel& model) { return "sfa-separate --fetch-model " + model.name; }

[[noreturn]] void throw_unknown(const std::string& name, const ModelFolders& folders) {
  const auto found = models_found(folders);
  throw Error(Error::Kind::not_found,
              fmt::format("{}: no such model; released: {}; on this machine: {}", name, separation::released_names(),
                          found.empty() ? "none" : fmt::format("{}", fmt::join(found, ", "))));
}

bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".th") || name.ends_with(".safetensors") ||
         name.ends_with(".yaml");
}

ModelFiles file_at(const std::string& path) {
  (void)open_input(path);  // throws if it cannot be read
  return path.ends_with(".yaml") ? ModelFiles{nullptr, path, {}} : ModelFiles{nullptr, {}, {path}};
}

}  // namespace

std::vector<std::string> ModelFolders::of_models() const {
  auto folders = own;
  if (!shipped.empty()) folders.push_back(shipped);
  return folders;
}

std::vector<std::string> ModelFolders::all() const {
  auto folders = of_models();
  folders.insert(folders.end(), hub.begin(), hub.end());
  return folders;
}

ModelFolders model_folders(const std::string& model_dir) {
  ModelFolders folders;
  const auto home = folder_from("HOME"), data = folder_from("XDG_DATA_HOME"), cache = folder_from("XDG_CACHE_HOME");
  if (!model_dir.empty()) folders.own.push_back(model_dir);
  if (!data.empty())
    folders.own.push_back(data + "/sfa/models");
  else if (!home.empty())
    folders.own.push_back(home + "/.local/share/sfa/models");
  std::error_code error;
  if (const auto program = fs::read_symlink("/proc/self/exe", error); !error)
    folders.shipped = (program.parent_path().parent_path() / "share/sfa/models").string();
  if (const auto torch = folder_from("TORCH_HOME"); !torch.empty()) folders.hub.push_back(torch + "/hub/checkpoints");
  if (!cache.empty()) folders.hub.push_back(cache + "/torch/hub/checkpoints");
  if (!home.empty()) folders.hub.push_back(home + "/.cache/torch/hub/checkpoints");
  return folders;
}

std::optional<std::string> find_checkpoint(const std::vector<std::string>& folders, const std::string& signature,
                                           const std::string& checksum) {
  if (signature.empty() || signature.find('/') != std::string::npos) return std::nullopt;  // no way out of the folders
  for (const auto& folder : folders)
    if (auto found = find_in(folder, signature, checksum)) return found;
  return std::nullopt;
}

ModelFiles find_model(const std::string& name, const ModelFolders& folders) {
  if (is_path(name)) return file_at(name);
  if (auto own = find_own(name, folders)) return *own;
  if (separation::find_released_model(name) == nullptr) throw_unknown(name, folders);
  const auto& released = separation::released_model(name);
  auto files = find_released(released, folders);
  if (!is_whole(files))
    throw Error(Error::Kind::not_found,
                fmt::format("{} is not on this machine; get it with: {}", name, fetch_command(released)));
  return files;
}

std::string find_member(const std::string& bag, const std::string& signature, const ModelFolders& folders) {
  auto places = folders.all();
  const auto beside = fs::path(bag).parent_path().string();
  places.insert(places.begin(), beside.empty() ? "." : beside);
  if (auto found = find_checkpoint(places, signature)) return *found;
  const auto models = separation::released_models();
  const auto source = std::ranges::find_if(models, [&](const auto& model) {
    return std::ranges::find(model.members, signature, &separation::ReleasedMember::signature) != model.members.end();
  });
  throw Error(Error::Kind::not_found,
              fmt::format("{}: its member {} is not on this machine{}", bag, signature,
                          source == models.end() ? "" : "; get it with: " + fetch_command(*source)));
}

std::vector<std::string> models_found(const ModelFolders& folders) {
  std::vector<std::string> found;
  std::set<std::string> members;
  for (const auto& model : separation::released_models()) {
    if (is_whole(find_released(model, folders))) found.push_back(model.name);
    for (const auto& member : model.members) members.insert(member.signature);
  }
  std::set<std::string> own;
  for (const auto& folder : folders.of_models())
    for (const auto& file : names_in(folder))
      if (const auto name = model_name(file); !name.empty() && !members.contains(name)) own.insert(name);
  std::ranges::set_difference(own, std::set(found.begin(), found.end()), std::back_inserter(found));
  return found;
}

}  // namespace sfa::io
