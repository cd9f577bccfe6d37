#include "safetensors.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <limits>
#include <utility>

#include "json_text.hpp"

namespace sfa::separation {

namespace {

using nlohmann::json;

constexpr std::size_t length_size = 8;
// The reference implementation takes 100 MB, which unfold to gigabytes; a network of 500 tensors needs 60 kB.
constexpr std::uint64_t longest_header = 4 << 20;
constexpr std::size_t data_alignment = 64;  // a cache line; the format asks for 8
constexpr auto metadata_name = "__metadata__";

struct Dtype {
  const char* name;
  Element element;
};
constexpr std::array dtypes = std::to_array<Dtype>({
    {"BOOL", Element::boolean}, {"U8", Element::uint8}, {"I8", Element::int8}, {"I16", Element::int16},
    {"I32", Element::int32}, {"I64", Element::int64}, {"F16", Element::float16}, {"BF16", Element::bfloat16},
    {"F32", Element::float32}, {"F64", Element::float64},
});

Element element_of(const std::string& dtype) {
  const auto known = std::ranges::find_if(dtypes, [&](const Dtype& each) { return each.name == dtype; });
  if (known == dtypes.end()) {
    throw Error(Error::Kind::unsupported, "tensors of " + dtype.substr(0, 20) + " are not supported");
  }
  return known->element;
}

const char* dtype_of(Element element) { return std::ranges::find(dtypes, element, &Dtype::element)->name; }

std::uint64_t whole(const json& number) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (!number.is_number_unsigned() || number.get<std::uint64_t>() > most) {
    damaged("a tensor's size is no number of at least 0");
  }
  return number.get<std::uint64_t>();
}

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

Range range_of(const json& tensor) {
  const auto& offsets = tensor["data_offsets"];
  if (offsets.size() != 2) damaged("a tensor does not tell its place");
  const Range range{whole(offsets[0]), whole(offsets[1])};
  if (range.begin > range.end) damaged("a tensor does not tell its place");
  return range;
}

StoredTensor tensor_from(const json& tensor, const HeldBytes& data, MemoryBudget& budget) {
  const bool complete = tensor.is_object() && tensor.contains("dtype") && tensor["dtype"].is_string() &&
                        tensor.contains("shape") && tensor["shape"].is_array() &&
                        tensor.contains("data_offsets") && tensor["data_offsets"].is_array();
  if (!complete || tensor["shape"].size() > most_dimensions) damaged("a tensor lacks its type, shape or place");
  StoredTensor stored;
  stored.element = element_of(tensor["dtype"].get<std::string>());
  std::uint64_t size = size_of(stored.element);
  for (const auto& dimension : tensor["shape"]) {
    stored.shape.push_back(static_cast<std::int64_t>(whole(dimension)));
    if (__builtin_mul_overflow(size, whole(dimension), &size)) damaged("a tensor is too large");
  }
  const auto range = range_of(tensor);
  if (size != range.end - range.begin) damaged("a tensor's bytes do not match its shape");
  const auto part = data.part(range.begin, size);
  stored.bytes = part.bytes;
  stored.keep_alive = part.keep_alive;
  if (reinterpret_cast<std::uintptr_t>(part.bytes.data()) % size_of(stored.element) != 0) {
    budget.spend(size);
    const std::shared_ptr<std::byte[]> copy(new std::byte[size]);
    std::memcpy(copy.get(), part.bytes.data(), part.bytes.size());
    stored.bytes = {copy.get(), part.bytes.size()};
    stored.keep_alive = copy;
  }
  return stored;
}

/// The format forbids both holes, where other things could hide, and overlaps.
void require_gapless(std::vector<Range> ranges, std::uint64_t size) {
  std::ranges::sort(ranges, {}, [](const Range& range) { return std::pair(range.begin, range.end); });
  std::uint64_t reached = 0;
  for (const auto& range : ranges) {
    if (range.begin != reached) damaged("its tensors overlap or leave holes");
    reached = range.end;
  }
  if (reached != size) damaged(reached > size ? "it ends too early" : "its tensors overlap or leave holes");
}

std::string metadata_at(const json& header, const char* name) {
  const auto metadata = header.find(metadata_name);
  const bool is_there = metadata != header.end() && metadata->is_object() && metadata->contains(name);
  if (!is_there || !(*metadata)[name].is_string()) {
    throw Error(Error::Kind::invalid_data,
                std::string("a .safetensors that sfa did not write: its metadata lack the ") + name);
  }
  return (*metadata)[name].get<std::string>();
}

using Entry = std::pair<const std::string, StoredTensor>;

/// Larger elements first, so that each tensor is aligned to its own; then by name.
std::vector<const Entry*> in_order(const Checkpoint& checkpoint) {
  std::vector<const Entry*> entries;
  for (const auto& entry : checkpoint.tensors) entries.push_back(&entry);
  std::ranges::stable_sort(entries, std::greater(),
                           [](const Entry* entry) { return size_of(entry->second.element); });
  return entries;
}

std::string header_of(const Checkpoint& checkpoint, const std::vector<const Entry*>& entries) {
  nlohmann::ordered_json header;
  header[metadata_name] = {{"architecture", checkpoint.architecture},
                           {"arguments", to_json_text(checkpoint.arguments)},
                           {"format", "sfa"}};
  std::uint64_t begin = 0;
  for (const auto* entry : entries) {
    const auto& [name, tensor] = *entry;
    if (name == metadata_name) throw Error(Error::Kind::invalid_argument, "a tensor cannot be called " + name);
    const auto end = begin + tensor.bytes.size();
    header[name] = {{"dtype", dtype_of(tensor.element)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}};
    begin = end;
  }
  try {
    auto text = header.dump();
    const auto unaligned = (length_size + text.size()) % data_alignment;
    if (unaligned != 0) text.append(data_alignment - unaligned, ' ');
    return text;
  } catch (const json::exception&) {
    throw Error(Error::Kind::invalid_argument, "a name that is not UTF-8 cannot be written");
  }
}

}  // namespace

bool is_safetensors(std::span<const std::byte> file) {
  return file.size() > length_size && file[length_size] == std::byte{'{'};
}

Checkpoint read_safetensors(const HeldBytes& file) {
  ByteReader reader(file.bytes);
  const auto length = reader.number<std::uint64_t>();
  if (length > longest_header && length <= reader.left()) damaged("its header is too long");
  const auto header = parse_json(as_text(reader.take(length)), 4);
  if (!header.is_object()) damaged("its header is no JSON object");
  const auto data = file.part(reader.position(), reader.left());

  MemoryBudget budget(file.bytes.size());
  Checkpoint checkpoint;
  std::vector<Range> ranges;
  for (const auto& [name, tensor] : header.items()) {
    if (name == metadata_name) continue;
    checkpoint.tensors.emplace(name, tensor_from(tensor, data, budget));
    ranges.push_back(range_of(tensor));
  }
  require_gapless(std::move(ranges), data.bytes.size());
  checkpoint.architecture = metadata_at(header, "architecture");
  checkpoint.arguments = arguments_from_json(metadata_at(header, "arguments"));
  return checkpoint;
}

void write_safetensors(const Checkpoint& checkpoint, const ByteSink& sink) {
  const auto entries = in_order(checkpoint);
  const auto header = header_of(checkpoint, entries);
  std::array<std::byte, length_size> length{};
  for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<std::byte>(header.size() >> (8 * i));
  sink(length);
  sink(std::as_bytes(std::span(header)));
  for (const auto* entry : entries) sink(entry->second.bytes);
}

}  // namespace sfa::separation
