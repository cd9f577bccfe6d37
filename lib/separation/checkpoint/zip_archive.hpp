// The zip container as torch.save and Python's zipfile write it: entries stored or deflated, with or
// without the 64-bit records. Stored entries are not copied. PKWARE, APPNOTE.TXT 6.3.10.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "held_bytes.hpp"

namespace sfa::separation {

class ZipArchive {
 public:
  /// Reads the central directory. Throws Error::invalid_data where it is damaged, names an entry twice
  /// or lets entries overlap.
  ZipArchive(HeldBytes file, MemoryBudget& budget);

  [[nodiscard]] bool has(const std::string& name) const { return entries_.contains(name); }

  /// The name of the one entry called `last` in any folder; empty if there is none. Throws if there are two.
  [[nodiscard]] std::string find(const std::string& last) const;

  /// The contents, checked by their CRC-32. Throws Error::invalid_data where they are damaged or missing,
  /// Error::unsupported for encryption and other compressions.
  [[nodiscard]] HeldBytes read(const std::string& name) const;

 private:
  struct Entry {
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed_size = 0;
    std::uint64_t size = 0;
    std::uint64_t header_offset = 0;
  };
  struct Directory {
    std::uint64_t entries = 0;
    std::uint64_t size = 0;
    std::uint64_t offset = 0;
  };
  [[nodiscard]] Directory find_directory() const;
  [[nodiscard]] Directory find_directory64(std::size_t end_record) const;
  void read_entry(ByteReader& reader);
  static void read_zip64(Entry& entry, std::span<const std::byte> extra);
  [[nodiscard]] HeldBytes packed(const std::string& name, const Entry& entry) const;
  [[nodiscard]] HeldBytes inflate(const HeldBytes& packed, std::uint64_t size) const;

  HeldBytes file_;
  MemoryBudget& budget_;
  std::map<std::string, Entry> entries_;
};

}  // namespace sfa::separation
