// Where the files of a neural model lie on this machine.
//
// Looked through, in this order: the folder that --model-dir names; $XDG_DATA_HOME/sfa/models (or
// ~/.local/share/sfa/models); the folder of the models that come with sfa, share/sfa/models beside the
// program's bin; and the folders in which torch.hub keeps what it fetched, where Demucs itself keeps its checkpoints: $TORCH_HOME/hub/checkpoints, $XDG_CACHE_HOME/torch/hub/checkpoints,
// ~/.cache/torch/hub/checkpoints.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/separation/released_models.hpp"

namespace sfa::io {

struct ModelFolders {
  std::vector<std::string> own;  // --model-dir and $XDG_DATA_HOME/sfa/models: all in them is a model
  std::vector<std::string> hub;  // torch's, with much else in them
  std::string shipped{};         // share/sfa/models: those that come with sfa; empty: unknown

  [[nodiscard]] std::vector<std::string> of_models() const;  // own and shipped
  [[nodiscard]] std::vector<std::string> all() const;
};

/// Those of this process's environment; they may not exist. `model_dir` empty: not given.
[[nodiscard]] ModelFolders model_folders(const std::string& model_dir = {});

/// A checkpoint by its signature: SIG-CHECKSUM.th, SIG.th, SIG.safetensors or
/// SIG-CHECKSUM.safetensors, the first of them in the first folder that has any. `checksum` empty: any
/// of 8 hex digits.
[[nodiscard]] std::optional<std::string> find_checkpoint(const std::vector<std::string>& folders,
                                                         const std::string& signature, const std::string& checksum = {});

/// What `--model` names: one of the three.
struct ModelFiles {
  const separation::ReleasedModel* released = nullptr;  // and in `checkpoints` one file for each member
  std::string bag;                                      // a YAML that names its members: see find_member
  std::vector<std::string> checkpoints;                 // one file, if neither
};

/// `name` is a file if it has a '/' or ends in .th, .safetensors or .yaml; else a model of the user's
/// own or one that comes with sfa, NAME.yaml or a checkpoint with the signature NAME in one of
/// `folders.of_models()`; else a released model.
/// Throws Error::not_found, with the command that fetches what is missing, or with the names that
/// there are; Error::unsupported for a quantised model.
[[nodiscard]] ModelFiles find_model(const std::string& name, const ModelFolders& folders);

/// The checkpoint that the bag at `bag` names by its signature: in the bag's own folder, else in
/// `folders`. Throws Error::not_found.
[[nodiscard]] std::string find_member(const std::string& bag, const std::string& signature, const ModelFolders& folders);

/// The names that find_model finds: released models whose members are all there, then the user's own
/// by their names.
[[nodiscard]] std::vector<std::string> models_found(const ModelFolders& folders);

}  // namespace sfa::io
