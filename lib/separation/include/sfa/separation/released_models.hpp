// The networks that the Demucs project released, by the names that people know them by: which
// checkpoints make up each, and how they are put together. Numbers from its own list of releases
// (github.com/facebookresearch/demucs, demucs/remote/files.txt and *.yaml).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sfa::separation {

/// One checkpoint: SIGNATURE-CHECKSUM.th.
struct ReleasedMember {
  std::string signature;  // of the training run, 8 hex digits
  std::string checksum;   // the first 8 hex digits of the file's SHA-256

  [[nodiscard]] std::string file_name() const { return signature + "-" + checksum + ".th"; }
};

struct ReleasedModel {
  std::string name;
  std::string folder;                        // where below released_models_url() its members lie
  std::vector<ReleasedMember> members;       // none for a quantised model
  std::vector<std::string> stems;            // in the order in which the networks give them
  std::vector<std::vector<double>> weights;  // members x stems: each stem is their weighted mean
  std::optional<double> segment_seconds;     // in place of the networks' own
  std::string unquantised;                   // the same model as it was before DiffQ quantised it; else empty

  [[nodiscard]] bool is_quantised() const { return !unquantised.empty(); }
};

/// The default first. Quantised models are known by name only: what DiffQ wrote is not read here.
[[nodiscard]] std::span<const ReleasedModel> released_models();

/// Null for a name that was never released.
[[nodiscard]] const ReleasedModel* find_released_model(std::string_view name);

/// Throws Error::not_found, with the names that there are, or Error::unsupported for a quantised model.
[[nodiscard]] const ReleasedModel& released_model(std::string_view name);

/// The names of those that are not quantised, with commas between them.
[[nodiscard]] std::string released_names();

/// "https://dl.fbaipublicfiles.com/demucs/".
[[nodiscard]] std::string_view released_models_url();

}  // namespace sfa::separation
