// A comment in those containers for which libsndfile writes none. It stands between the head of the file and
// what follows, so libsndfile begins its file late and the head is moved to the front at last.
// AU: the header's "annotation" (Sun, "NeXT/Sun audio file format"). W64: a "junk" chunk, which readers pass
// over (Sony Pictures Digital, "Sony Wave64", 2003). Behind the samples libsndfile would take it for more of them.
#pragma once
#include <cstdint>
#include <string_view>

#include "sfa/io/sound_file.hpp"

namespace sfa::io {

/// How many bytes late the container begins, to have room for `comment`: 0 for one that needs no such help,
/// and for an empty comment.
[[nodiscard]] std::uint64_t room_for_comment(Container container, std::string_view comment) noexcept;

/// Moves the head of what begins room_for_comment() late to the file's begin and puts `comment` behind it.
/// Returns 0 or errno. Does nothing where there is no room.
[[nodiscard]] int put_comment(int descriptor, Container container, std::string_view comment);

}  // namespace sfa::io
