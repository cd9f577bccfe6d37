// Where in a JSON text a member stands, for messages. Private to lib/io.
#pragma once
#include <string>
#include <string_view>

#include "sfa/audio/error.hpp"

namespace sfa::io::json {

/// "line 3, column 15: " of the value at a path such as `voices[0].rules[2].do`, or of the innermost one on the
/// way to it that is there. Empty for an empty path. `text` is JSON.
[[nodiscard]] std::string position(std::string_view text, std::string_view path);

/// What `work` gives. An Error whose message begins with a path is thrown on with the position before it.
template <typename Work>
auto with_position(std::string_view text, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    const std::string_view message = error.what();
    throw Error(error.kind, position(text, message.substr(0, message.find(": "))) + std::string(message));
  }
}

}  // namespace sfa::io::json
