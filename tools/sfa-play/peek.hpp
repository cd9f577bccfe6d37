// What an input begins with, without taking it away from who will read it.
#pragma once
#include <string>

namespace sfa::play {

/// True if the first thing in the file, or on standard input for "-", is a '{' after white space:
/// a JSON document; sounds begin otherwise. On a pipe it waits for the first bytes. What cannot
/// be opened or read is no document: whoever opens it next will say why.
[[nodiscard]] bool begins_a_document(const std::string& path);

}  // namespace sfa::play
