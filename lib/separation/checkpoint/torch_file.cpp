#include "torch_file.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "zip_archive.hpp"

namespace sfa::separation {

using namespace pickle;

namespace {

struct StorageType {
  const char* name;
  Element element;
};
constexpr std::array storage_types = std::to_array<StorageType>({
    {"HalfStorage", Element::float16}, {"FloatStorage", Element::float32}, {"DoubleStorage", Element::float64},
    {"BFloat16Storage", Element::bfloat16}, {"BoolStorage", Element::boolean}, {"ByteStorage", Element::uint8},
    {"CharStorage", Element::int8}, {"ShortStorage", Element::int16}, {"IntStorage", Element::int32},
    {"LongStorage", Element::int64},
});

Element element_of(const std::string& global) {
  const std::string type = global.substr(global.rfind('.') + 1);
  for (const auto& known : storage_types) {
    if (type == known.name) return known.element;
  }
  throw Error(Error::Kind::unsupported, "tensors of " + global + " are not supported");
}

/// The storage that a reference means, of those bytes.
HeldBytes elements(const HeldBytes& bytes, const StorageReference& reference) {
  const auto element_size = size_of(reference.element);
  if (reference.count > bytes.bytes.size() / element_size) damaged("data lie beyond its end");
  return bytes.part(0, reference.count * element_size);
}

/// The zip and what its storages were read as, kept while they are asked for.
struct ZipStorages {
  ZipStorages(const HeldBytes& file, MemoryBudget& budget) : zip(file, budget) {}
  ZipArchive zip;
  std::string folder;  // "htdemucs/"
  std::map<std::string, HeldBytes> read;

  HeldBytes storage(const StorageReference& reference) {
    auto found = read.find(reference.key);
    if (found == read.end()) {
      found = read.emplace(reference.key, zip.read(folder + "data/" + reference.key)).first;
    }
    return elements(found->second, reference);
  }
};

void require_little_endian(bool little) {
  if (!little) throw Error(Error::Kind::unsupported, "checkpoints of big-endian machines are not supported");
}

/// torch.serialization.MAGIC_NUMBER, 0x1950a86a20f9469cfc6c.
constexpr std::string_view magic_number = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

/// The pickles of a legacy file one after the other, and what is behind them.
struct PickleChain {
  HeldBytes rest;
  Graph next() {
    auto graph = pickle::read(rest.bytes);
    rest = rest.part(graph.length, rest.bytes.size() - graph.length);
    return graph;
  }
};

void check_system(const Graph& graph) {
  const auto* system = graph.as<Dict>(graph.root);
  if (system == nullptr) damaged("it does not say on what system it was made");
  for (const auto& [key, value] : system->items) {
    const auto* name = graph.as<Text>(key);
    const auto* flag = graph.as<bool>(value);
    if (name != nullptr && name->text == "little_endian" && flag != nullptr) require_little_endian(*flag);
  }
}

std::map<std::string, StorageReference> storages_of(const Graph& graph) {
  std::map<std::string, StorageReference> storages;
  for (const auto& node : graph.nodes) {
    const auto* persistent = std::get_if<Persistent>(&node);
    if (persistent == nullptr) continue;
    const auto* parts = graph.as<Tuple>(persistent->id);
    const auto* kind = parts != nullptr && !parts->items.empty() ? graph.as<Text>(parts->items[0]) : nullptr;
    if (kind != nullptr && kind->text == "module") continue;  // a class, with its source code
    auto reference = storage_reference(graph, *persistent);
    const auto [known, added] = storages.emplace(reference.key, reference);
    if (!added && known->second.element != reference.element) damaged("a storage has two types");
  }
  return storages;
}

}  // namespace

bool is_torch_zip(std::span<const std::byte> file) { return as_text(file).starts_with("PK\x03\x04"); }

TorchFile open_torch_zip(const HeldBytes& file, MemoryBudget& budget) {
  const auto storages = std::make_shared<ZipStorages>(file, budget);
  const auto& zip = storages->zip;
  const auto pickle_name = zip.find("data.pkl");
  if (pickle_name.empty()) {
    throw Error(Error::Kind::invalid_data, "a zip, but not one that PyTorch wrote: it has no data.pkl");
  }
  storages->folder = pickle_name.substr(0, pickle_name.size() - std::string_view("data.pkl").size());
  if (zip.has(storages->folder + "constants.pkl")) {
    throw Error(Error::Kind::unsupported, "a TorchScript program is no checkpoint that can be read");
  }
  const auto order = storages->folder + "byteorder";
  if (zip.has(order)) require_little_endian(as_text(zip.read(order).bytes) == "little");
  return {pickle::read(zip.read(pickle_name).bytes),
          [storages](const StorageReference& reference) { return storages->storage(reference); }};
}

bool is_torch_legacy(std::span<const std::byte> file) {
  const auto text = as_text(file.first(std::min<std::size_t>(file.size(), 32)));
  return text.find(magic_number) != std::string_view::npos;
}

TorchFile open_torch_legacy(const HeldBytes& file) {
  PickleChain chain{file};
  const auto magic = chain.next();
  const auto* number = magic.as<Long>(magic.root);
  const auto protocol = chain.next();
  const auto* version = protocol.as<std::int64_t>(protocol.root);
  constexpr std::int64_t known_version = 1001;  // torch.serialization.PROTOCOL_VERSION
  if (number == nullptr || number->bytes != magic_number || version == nullptr || *version != known_version) {
    damaged("its first bytes are not those of a checkpoint");
  }
  check_system(chain.next());
  auto graph = chain.next();

  const auto references = storages_of(graph);
  const auto keys = chain.next();
  const auto* order = keys.as<List>(keys.root);
  if (order == nullptr) damaged("it does not list its storages");
  const auto storages = std::make_shared<std::map<std::string, HeldBytes>>();
  ByteReader reader(chain.rest.bytes);
  for (const Id id : order->items) {
    const auto* key = keys.as<Text>(id);
    const auto found = key != nullptr ? references.find(key->text) : references.end();
    if (found == references.end()) damaged("it lists a storage that no tensor has");
    const auto count = reader.number<std::uint64_t>();
    const auto element_size = size_of(found->second.element);
    if (count != found->second.count) damaged("a storage is not as long as it should be");
    if (count > reader.left() / element_size) damaged("it ends too early");
    storages->insert_or_assign(key->text, HeldBytes{reader.take(count * element_size), file.keep_alive});
  }
  return {std::move(graph), [storages](const StorageReference& reference) {
            const auto found = storages->find(reference.key);
            if (found == storages->end()) damaged("a storage is missing");
            return elements(found->second, reference);
          }};
}

StorageReference storage_reference(const Graph& graph, const Persistent& reference) {
  const auto* parts = graph.as<Tuple>(reference.id);
  if (parts == nullptr || parts->items.size() < 5) damaged("it refers to no storage");
  const auto* kind = graph.as<Text>(parts->items[0]);
  const auto* type = graph.as<Global>(parts->items[1]);
  const auto* key = graph.as<Text>(parts->items[2]);
  const auto* count = graph.as<std::int64_t>(parts->items[4]);
  const bool is_storage = kind != nullptr && kind->text == "storage" && type != nullptr && key != nullptr;
  if (!is_storage || count == nullptr || *count < 0) {
    damaged("it refers to no storage");
  }
  if (parts->items.size() > 5 && graph.as<None>(parts->items[5]) == nullptr) {
    throw Error(Error::Kind::unsupported, "storages that are views of others are not supported");
  }
  return {element_of(type->name), key->text, static_cast<std::uint64_t>(*count)};
}

}  // namespace sfa::separation
