// Songs whose stems are known, as folders: DIR/SONG/{drums,bass,other,vocals}.*, in any format that is read, and the
// song itself as DIR/SONG/mixture.* where it is not just the sum of the stems.
#pragma once
#include <string>
#include <vector>

namespace sfa::io {

struct SongFiles {
  std::vector<std::string> stems;  // one for each name; empty: the song has no such stem
  std::string mixture;             // empty: the sum of the stems
};

/// The folders in `folder` that hold a file of at least one of these stems, in the order of their names' bytes. Those
/// whose name begins with a dot are passed over; one that cannot be read is among them. Throws Error::not_found where
/// there is none, and Error::io.
[[nodiscard]] std::vector<std::string> song_folders(const std::string& folder, const std::vector<std::string>& stems);

/// Files NAME.ENDING in `folder`; others are passed over. Throws Error::invalid_data where a stem has two, and
/// Error::io.
[[nodiscard]] SongFiles song_files(const std::string& folder, const std::vector<std::string>& stems);

}  // namespace sfa::io
