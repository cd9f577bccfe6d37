// A file's bytes where they lie, read by the system when they are looked at.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace sfa::io {

/// Read-only. The file must not be cut short meanwhile: looking at what is gone ends the process (SIGBUS).
struct MappedFile {
  std::span<const std::byte> bytes;    // the whole file, at a page's beginning
  std::shared_ptr<const void> owner;   // the mapping lives as long as it
};

/// Throws Error::not_found for a missing file, Error::invalid_data for an empty one, Error::io for a folder,
/// a pipe or a device, and for what the system refuses. Never waits for a pipe.
[[nodiscard]] MappedFile map_file(const std::string& path);

}  // namespace sfa::io
