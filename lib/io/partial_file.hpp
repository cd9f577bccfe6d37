// What has come of a download: "NAME.part" beside NAME, locked by the process that adds to it. It
// outlives the process, so that another goes on with it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "descriptor.hpp"

namespace sfa::io {

class PartialFile {
 public:
  /// Opens that of `target`, or makes it. While another process holds it, calls `idle` ten times a
  /// second, which may throw. Nothing if that process finished meanwhile: `is_done` says of the target.
  static std::optional<PartialFile> open(const std::string& target, const std::function<void()>& idle,
                                         const std::function<bool()>& is_done);

  /// Unlocks it; removes it if it is empty.
  ~PartialFile();
  PartialFile(PartialFile&&) noexcept = default;
  PartialFile& operator=(PartialFile&&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  /// Forgets all from `bytes` on.
  void cut(std::uint64_t bytes);
  void append(std::span<const std::byte> bytes);

  /// Syncs it and gives it the target's name.
  void finish();
  void remove();

 private:
  PartialFile(std::string target, std::string path, Descriptor file);
  /// Whether the file that is open still has the name.
  [[nodiscard]] bool has_its_name() const;

  std::string target_, path_;
  Descriptor file_;
  bool locked_ = false;
  std::uint64_t bytes_ = 0;
};

}  // namespace sfa::io
