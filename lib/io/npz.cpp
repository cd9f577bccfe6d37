#include "sfa/io/npz.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "descriptor.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"

namespace sfa::io {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are written as they lie in memory");

constexpr std::size_t kept_bytes = std::size_t{1} << 20;  // of an array, before it goes to a file
constexpr std::size_t longest_name = 1000, longest_comment = 0xFFFF;

// APPNOTE.TXT 4.3.7, 4.3.12, 4.3.14 to 4.3.16, and 4.5.3 for the 64-bit extra field.
constexpr std::uint32_t local_signature = 0x04034b50, central_signature = 0x02014b50, end_signature = 0x06054b50,
                        end64_signature = 0x06064b50, locator64_signature = 0x07064b50;
constexpr std::uint16_t version_with_64_bits = 45, stored = 0, zip64_extra = 1;
constexpr std::uint32_t see_extra = 0xFFFFFFFF;
constexpr std::uint16_t midnight = 0, first_of_january_1980 = 0x21;  // 4.4.6: the format's earliest time

std::uint32_t crc_of(std::string_view bytes, std::uint32_t before = 0) {
  return static_cast<std::uint32_t>(::crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Numbers in little-endian order, one behind the other.
class Record {
 public:
  template <std::unsigned_integral Number>
  Record& add(Number number) {
    for (std::size_t i = 0; i < sizeof(Number); ++i) text_ += static_cast<char>(number >> (8 * i) & 0xFF);
    return *this;
  }
  Record& add(std::string_view text) {
    text_ += text;
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// NEP 1: magic, version 1.0, and a Python dictionary, padded so that the values begin at a multiple of 64.
std::string npy_header(std::string_view type, bool fortran_order, const std::string& shape) {
  auto dictionary = fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}), }}", type,
                                fortran_order ? "True" : "False", shape);
  constexpr std::size_t before = 10, alignment = 64;
  const auto padding = alignment - (before + dictionary.size() + 1) % alignment;
  dictionary += std::string(padding % alignment, ' ') + '\n';
  return Record().add(std::string_view("\x93NUMPY\x01\x00", 8)).add(static_cast<std::uint16_t>(dictionary.size()))
      .add(dictionary).text();
}

/// What an array holds, in memory or in a file.
struct Array {
  std::string name;
  int rows = 1;
  std::optional<double> number{};  // instead of values
  std::string kept{};
  Descriptor spooled{};
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;

  void append(std::string_view values) {
    kept += values;
    bytes += values.size();
    crc = crc_of(values, crc);
    if (kept.size() > kept_bytes) spool();
  }

  void spool() {
    if (!spooled.is_open()) spooled = nameless_file();
    if (const int error = write_all(spooled.number(), kept)) throw_system_error("a temporary file", error);
    kept.clear();
  }

  [[nodiscard]] std::string header() const {
    if (number) return npy_header("<f8", false, "");
    const auto frames = bytes / sizeof(float) / static_cast<std::uint64_t>(rows);
    return rows == 1 ? npy_header("<f4", false, fmt::format("{},", frames))
                     : npy_header("<f4", true, fmt::format("{}, {}", rows, frames));
  }
};

/// What the directory says of a file in the zip.
struct Entry {
  std::string name;
  std::uint32_t crc = 0;
  std::uint64_t size = 0, offset = 0;
};

std::string local_record(const Entry& entry) {
  return Record().add(local_signature).add(version_with_64_bits).add(std::uint16_t{0}).add(stored).add(midnight)
      .add(first_of_january_1980).add(entry.crc).add(see_extra).add(see_extra)
      .add(static_cast<std::uint16_t>(entry.name.size())).add(std::uint16_t{20}).add(entry.name)
      .add(zip64_extra).add(std::uint16_t{16}).add(entry.size).add(entry.size).text();
}

std::string central_record(const Entry& entry) {
  return Record().add(central_signature).add(version_with_64_bits).add(version_with_64_bits).add(std::uint16_t{0})
      .add(stored).add(midnight).add(first_of_january_1980).add(entry.crc).add(see_extra).add(see_extra)
      .add(static_cast<std::uint16_t>(entry.name.size())).add(std::uint16_t{28})
      .add(std::uint16_t{0}).add(std::uint16_t{0}).add(std::uint16_t{0}).add(std::uint32_t{0}).add(see_extra)
      .add(entry.name).add(zip64_extra).add(std::uint16_t{24}).add(entry.size).add(entry.size).add(entry.offset).text();
}

std::string end_records(std::uint64_t entries, std::uint64_t offset, std::uint64_t size, const std::string& comment) {
  constexpr std::uint64_t rest_of_end64 = 44;
  return Record().add(end64_signature).add(rest_of_end64).add(version_with_64_bits).add(version_with_64_bits)
      .add(std::uint32_t{0}).add(std::uint32_t{0}).add(entries).add(entries).add(size).add(offset)
      .add(locator64_signature).add(std::uint32_t{0}).add(offset + size).add(std::uint32_t{1})
      .add(end_signature).add(std::uint16_t{0}).add(std::uint16_t{0}).add(std::uint16_t{0xFFFF})
      .add(std::uint16_t{0xFFFF}).add(see_extra).add(see_extra).add(static_cast<std::uint16_t>(comment.size()))
      .add(comment).text();
}

}  // namespace

struct NpzWriter::State {
  AtomicFile file;
  std::string comment;
  std::vector<Array> arrays{};
  std::uint64_t written = 0;

  Array& add(const std::string& name, int rows) {
    const bool is_used = std::ranges::any_of(arrays, [&](const Array& array) { return array.name == name; });
    if (rows < 1 || name.empty() || name.size() > longest_name || name.find('/') != std::string::npos || is_used)
      throw Error(Error::Kind::invalid_argument, "an array cannot be called '" + name + "' or have no rows");
    return arrays.emplace_back(Array{.name = name, .rows = rows});
  }

  void write(std::string_view bytes) {
    file.write(bytes);
    written += bytes.size();
  }

  Entry write(Array& array) {
    const auto header = array.header();
    Entry entry{array.name + ".npy", 0, header.size() + array.bytes, written};
    entry.crc = static_cast<std::uint32_t>(
        ::crc32_combine(crc_of(header), array.crc, static_cast<z_off_t>(array.bytes)));
    write(local_record(entry));
    write(header);
    if (array.spooled.is_open()) copy_spooled(array);
    write(array.kept);
    return entry;
  }

  void copy_spooled(const Array& array) {
    const std::string name = "a temporary file";
    if (::lseek(array.spooled.number(), 0, SEEK_SET) != 0) throw_system_error(name, errno);
    std::string block(kept_bytes, '\0');
    for (auto left = array.bytes - array.kept.size(); left > 0;) {
      const auto part = std::span(block).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size())));
      if (read_up_to(array.spooled.number(), std::as_writable_bytes(part), name) != part.size())
        throw Error(Error::Kind::io, name + ": ends too early");
      write({part.data(), part.size()});
      left -= part.size();
    }
  }
};

NpzWriter::NpzWriter(const std::string& path, const std::string& recipe)
    : state_(std::make_unique<State>(State{AtomicFile(path), recipe.substr(0, longest_comment)})) {}

NpzWriter::~NpzWriter() = default;
NpzWriter::NpzWriter(NpzWriter&&) noexcept = default;

void NpzWriter::value(const std::string& name, double number) {
  auto& array = state_->add(name, 1);
  array.number = number;
  array.append(Record().add(std::bit_cast<std::uint64_t>(number)).text());
}

int NpzWriter::array(const std::string& name, int rows) {
  state_->add(name, rows);
  return static_cast<int>(state_->arrays.size()) - 1;
}

void NpzWriter::append(int array, std::span<const float> values) {
  auto& to = state_->arrays.at(static_cast<std::size_t>(array));
  to.append({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

void NpzWriter::commit() {
  std::vector<Entry> entries;
  for (auto& array : state_->arrays) entries.push_back(state_->write(array));
  const auto directory = state_->written;
  for (const auto& entry : entries) state_->write(central_record(entry));
  state_->write(end_records(entries.size(), directory, state_->written - directory, state_->comment));
  state_->file.commit();
}

}  // namespace sfa::io
