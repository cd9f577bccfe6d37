// A seal on a JSON document of ours: 16 hex digits behind the recipe in "made_by", a digest of
// all else in the document. Who edits the document breaks it, and a tool then takes the document
// for somebody's own work instead of its output.
#pragma once
#include <string>
#include <string_view>

namespace sfa::io {

/// `document`, the text of one object whose "made_by" is `recipe`, with the seal put in.
[[nodiscard]] std::string sealed(std::string document, std::string_view recipe);

/// How many of the characters at the front of `text` are a seal and the space before it, or 0.
[[nodiscard]] std::size_t seal_length(std::string_view text);

/// False if a document of `text`, one object or one in each line, is not what its seal says.
/// What has no seal counts as unbroken.
[[nodiscard]] bool seals_hold(std::string_view text);

}  // namespace sfa::io
