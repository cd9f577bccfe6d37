// --list-engines: what this build separates with.
#pragma once
#include <string>

namespace sfa::tool {

/// The engines, the models that are found with `model_dir`, and libtorch, as lines for people.
[[nodiscard]] std::string engine_list(const std::string& model_dir);

}  // namespace sfa::tool
