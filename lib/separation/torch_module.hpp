// libsfa-torch.so, loaded once: see torch_runtime.hpp.
#pragma once
#include <string>

namespace sfa::separation {

/// A function of the module by its C name; null, and why in `problem`, where there is none.
[[nodiscard]] void* torch_function(const char* name, std::string& problem);

}  // namespace sfa::separation
