// Shell completions written from a tool's own options, so that the two never disagree.
#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace sfa::tool {

/// A completion script for `shell`: bash, zsh or fish. Throws UsageError for another.
[[nodiscard]] std::string completion_script(const CLI::App& app, std::string_view shell);

}  // namespace sfa::tool
