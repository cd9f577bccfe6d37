#include "zip_archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace sfa::separation {

namespace {

// APPNOTE.TXT 4.3.7, 4.3.12, 4.3.14 to 4.3.16, and 4.5.3 for the 64-bit extra field.
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::uint32_t central_signature = 0x02014b50;
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator64_signature = 0x07064b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t locator64_size = 20;
constexpr std::size_t longest_comment = 0xFFFF;
constexpr std::uint16_t zip64_extra = 1;
constexpr std::uint32_t see_zip64 = 0xFFFFFFFF;

constexpr std::size_t longest_name = 1000;

constexpr std::uint16_t stored = 0;
constexpr std::uint16_t deflated = 8;

[[noreturn]] void unsupported(const std::string& what) { throw Error(Error::Kind::unsupported, what); }

std::uint32_t crc_of(std::span<const std::byte> bytes) {
  return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

ZipArchive::ZipArchive(HeldBytes file, MemoryBudget& budget) : file_(std::move(file)), budget_(budget) {
  const auto directory = find_directory();
  ByteReader reader(file_.part(directory.offset, directory.size).bytes);
  for (std::uint64_t i = 0; i < directory.entries; ++i) read_entry(reader);
  std::uint64_t packed_size = 0;
  for (const auto& [name, entry] : entries_) {
    if (entry.packed_size > file_.bytes.size() - packed_size) damaged("its zip's entries overlap");
    packed_size += entry.packed_size;
  }
}

ZipArchive::Directory ZipArchive::find_directory() const {
  const auto bytes = file_.bytes;
  if (bytes.size() < end_size) damaged("it ends too early");
  const auto last = bytes.size() - end_size;
  const auto first = last - std::min(last, longest_comment);
  for (auto at = last + 1; at-- > first;) {
    ByteReader reader(bytes.subspan(at));
    if (reader.number<std::uint32_t>() != end_signature) continue;
    const auto disk = reader.number<std::uint16_t>();
    const auto directory_disk = reader.number<std::uint16_t>();
    reader.take(2);
    Directory directory;
    directory.entries = reader.number<std::uint16_t>();
    directory.size = reader.number<std::uint32_t>();
    directory.offset = reader.number<std::uint32_t>();
    if (reader.number<std::uint16_t>() != reader.left()) continue;  // no end record, but bytes that look like one
    if (disk != directory_disk) damaged("its zip is split over several files");
    const bool is64 = directory.entries == 0xFFFF || directory.size == see_zip64 || directory.offset == see_zip64;
    return is64 ? find_directory64(at) : directory;
  }
  damaged("it ends too early: its zip has no directory");
}

ZipArchive::Directory ZipArchive::find_directory64(std::size_t end_record) const {
  if (end_record < locator64_size) damaged("its zip has no 64-bit directory");
  ByteReader locator(file_.part(end_record - locator64_size, locator64_size).bytes);
  if (locator.number<std::uint32_t>() != locator64_signature) damaged("its zip has no 64-bit directory");
  locator.take(4);
  const auto offset = locator.number<std::uint64_t>();
  constexpr std::uint64_t end64_size = 56;
  ByteReader record(file_.part(offset, end64_size).bytes);
  if (record.number<std::uint32_t>() != end64_signature) damaged("its zip has no 64-bit directory");
  record.take(28);  // the record's own size, versions, disks, entries on this disk
  Directory directory;
  directory.entries = record.number<std::uint64_t>();
  directory.size = record.number<std::uint64_t>();
  directory.offset = record.number<std::uint64_t>();
  return directory;
}

void ZipArchive::read_entry(ByteReader& reader) {
  if (reader.number<std::uint32_t>() != central_signature) damaged("its zip's directory is broken");
  Entry entry;
  reader.take(4);  // versions
  entry.flags = reader.number<std::uint16_t>();
  entry.method = reader.number<std::uint16_t>();
  reader.take(4);  // time
  entry.crc = reader.number<std::uint32_t>();
  entry.packed_size = reader.number<std::uint32_t>();
  entry.size = reader.number<std::uint32_t>();
  const auto name_length = reader.number<std::uint16_t>();
  const auto extra_length = reader.number<std::uint16_t>();
  const auto comment_length = reader.number<std::uint16_t>();
  reader.take(8);  // disk, attributes
  entry.header_offset = reader.number<std::uint32_t>();
  const std::string name(as_text(reader.take(name_length)));
  read_zip64(entry, reader.take(extra_length));
  reader.take(comment_length);
  if (name.size() > longest_name) damaged("its zip has a name that is too long");
  if (!entries_.emplace(name, entry).second) damaged("its zip has two entries called " + name);
}

void ZipArchive::read_zip64(Entry& entry, std::span<const std::byte> extra) {
  for (ByteReader fields(extra); fields.left() >= 4;) {
    const auto id = fields.number<std::uint16_t>();
    ByteReader field(fields.take(fields.number<std::uint16_t>()));
    if (id != zip64_extra) continue;
    for (auto* value : {&entry.size, &entry.packed_size, &entry.header_offset}) {
      if (*value == see_zip64) *value = field.number<std::uint64_t>();
    }
  }
}

std::string ZipArchive::find(const std::string& last) const {
  std::string found;
  for (const auto& [name, entry] : entries_) {
    if (name != last && !name.ends_with("/" + last)) continue;
    if (!found.empty()) damaged("its zip has two entries called " + last);
    found = name;
  }
  return found;
}

HeldBytes ZipArchive::read(const std::string& name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) damaged("its zip has no entry " + name);
  const auto& entry = found->second;
  if ((entry.flags & 1) != 0) unsupported("an encrypted zip is no checkpoint that can be read");
  if (entry.method != stored && entry.method != deflated) {
    unsupported("its zip's compression method " + std::to_string(entry.method) + " is not supported");
  }
  auto contents = packed(name, entry);
  if (entry.method == deflated) contents = inflate(contents, entry.size);
  if (contents.bytes.size() != entry.size || crc_of(contents.bytes) != entry.crc) {
    damaged("its zip's entry " + name + " does not match its checksum");
  }
  return contents;
}

HeldBytes ZipArchive::packed(const std::string& name, const Entry& entry) const {
  constexpr std::uint64_t header_size = 30;
  ByteReader header(file_.part(entry.header_offset, header_size).bytes);
  const bool is_header = header.number<std::uint32_t>() == local_signature;
  header.take(22);
  const auto name_length = header.number<std::uint16_t>();
  const auto extra_length = header.number<std::uint16_t>();
  const auto name_offset = entry.header_offset + header_size;
  if (!is_header || as_text(file_.part(name_offset, name_length).bytes) != name) {
    damaged("its zip's entry " + name + " is not where it should be");
  }
  return file_.part(name_offset + name_length + extra_length, entry.packed_size);
}

HeldBytes ZipArchive::inflate(const HeldBytes& packed, std::uint64_t size) const {
  budget_.spend(size);
  const std::shared_ptr<std::byte[]> contents(new std::byte[size]);
  ::z_stream stream{};
  if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();  // negative: no zlib header
  const std::unique_ptr<::z_stream, int (*)(::z_stream*)> end(&stream, ::inflateEnd);
  constexpr std::uint64_t most = std::numeric_limits<uInt>::max();
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    const auto in_step = std::min(most, packed.bytes.size() - in);
    const auto out_step = std::min(most, size - out);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.bytes.data() + in));
    stream.avail_in = static_cast<uInt>(in_step);
    stream.next_out = reinterpret_cast<Bytef*>(contents.get() + out);
    stream.avail_out = static_cast<uInt>(out_step);
    status = ::inflate(&stream, Z_NO_FLUSH);
    in += in_step - stream.avail_in;
    out += out_step - stream.avail_out;
  }
  if (status != Z_STREAM_END || out != size) damaged("its zip's compressed data are broken");
  return {{contents.get(), static_cast<std::size_t>(size)}, contents};
}

}  // namespace sfa::separation
