// torch/_utils.py: what _rebuild_tensor, _rebuild_tensor_v2, _rebuild_parameter and torch/_tensor.py's
// _rebuild_from_type_v2 make of their arguments.
#include <algorithm>
#include <cstring>
#include <limits>

#include "torch_file.hpp"

namespace sfa::separation {

using namespace pickle;

namespace {

struct View {
  StorageReference storage;
  std::uint64_t offset = 0;  // in elements, as the strides
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

std::int64_t size_at(const Graph& graph, Id id) {
  const auto* number = graph.as<std::int64_t>(id);
  if (number == nullptr || *number < 0) damaged("a tensor's size is no number of at least 0");
  return *number;
}

std::vector<std::int64_t> sizes_at(const Graph& graph, Id id) {
  const auto* tuple = graph.as<Tuple>(id);
  if (tuple == nullptr || tuple->items.size() > most_dimensions) damaged("a tensor has no proper shape");
  std::vector<std::int64_t> sizes;
  for (const Id item : tuple->items) sizes.push_back(size_at(graph, item));
  return sizes;
}

/// (storage, offset, shape, strides, ...)
View view_of(const Graph& graph, const Tuple& arguments) {
  if (arguments.items.size() < 4) damaged("a tensor lacks its shape");
  const auto* storage = graph.as<Persistent>(arguments.items[0]);
  if (storage == nullptr) damaged("a tensor has no storage");
  View view{storage_reference(graph, *storage), static_cast<std::uint64_t>(size_at(graph, arguments.items[1])),
            sizes_at(graph, arguments.items[2]), sizes_at(graph, arguments.items[3])};
  if (view.shape.size() != view.strides.size()) damaged("a tensor has no proper shape");
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    if (view.shape[i] == 1) view.strides[i] = 0;  // never taken, and may be anything
  }
  return view;
}

/// How many elements a shape has; none of its partial products overflows either.
std::uint64_t count_of(const std::vector<std::int64_t>& shape) {
  std::int64_t product = 1;
  for (const auto size : shape) {
    if (__builtin_mul_overflow(product, std::max<std::int64_t>(size, 1), &product)) {
      damaged("a tensor is too large");
    }
  }
  return std::ranges::find(shape, 0) != shape.end() ? 0 : static_cast<std::uint64_t>(product);
}

/// For a view that has elements.
void require_within_storage(const View& view) {
  auto last = view.offset;
  for (std::size_t i = 0; i < view.shape.size(); ++i) {
    std::uint64_t step = 0;
    if (__builtin_mul_overflow(static_cast<std::uint64_t>(view.shape[i] - 1),
                               static_cast<std::uint64_t>(view.strides[i]), &step) ||
        __builtin_add_overflow(last, step, &last)) {
      damaged("a tensor looks beyond its storage");
    }
  }
  if (last >= view.storage.count) damaged("a tensor looks beyond its storage");
}

bool is_dense(const View& view) {
  std::int64_t expected = 1;
  for (auto i = view.shape.size(); i-- > 0;) {
    if (view.shape[i] != 1 && view.strides[i] != expected) return false;
    expected *= view.shape[i];
  }
  return true;
}

/// Copies `count` elements in row-major order of the shape.
void gather(const View& view, std::span<const std::byte> storage, std::byte* out, std::uint64_t count) {
  const auto element_size = size_of(view.storage.element);
  std::vector<std::int64_t> index(view.shape.size(), 0);
  auto at = static_cast<std::int64_t>(view.offset);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::memcpy(out, storage.data() + static_cast<std::size_t>(at) * element_size, element_size);
    out += element_size;
    for (auto axis = index.size(); axis-- > 0;) {
      at += view.strides[axis];
      if (++index[axis] < view.shape[axis]) break;
      at -= view.strides[axis] * view.shape[axis];
      index[axis] = 0;
    }
  }
}

StoredTensor tensor_of(const TorchFile& file, const View& view, MemoryBudget& budget) {
  StoredTensor tensor{view.storage.element, view.shape, {}, nullptr};
  const auto count = count_of(view.shape);
  if (count == 0) return tensor;
  require_within_storage(view);
  const auto storage = file.storage(view.storage);
  const auto element_size = size_of(tensor.element);
  if (is_dense(view)) {
    const auto part = storage.part(view.offset * element_size, count * element_size);
    if (reinterpret_cast<std::uintptr_t>(part.bytes.data()) % element_size == 0) {
      tensor.bytes = part.bytes;
      tensor.keep_alive = part.keep_alive;
      return tensor;
    }
  }
  if (count > std::numeric_limits<std::uint64_t>::max() / element_size) damaged("a tensor is too large");
  budget.spend(count * element_size);
  const std::shared_ptr<std::byte[]> copy(new std::byte[count * element_size]);
  gather(view, storage.bytes, copy.get(), count);
  tensor.bytes = {copy.get(), static_cast<std::size_t>(count * element_size)};
  tensor.keep_alive = copy;
  return tensor;
}

struct Rebuild {
  const Global* function = nullptr;
  const Tuple* arguments = nullptr;
};

Rebuild rebuild_at(const Graph& graph, Id id) {
  const auto* call = graph.as<Call>(id);
  return call == nullptr ? Rebuild{} : Rebuild{graph.as<Global>(call->callable), graph.as<Tuple>(call->arguments)};
}

}  // namespace

StoredTensor rebuild_tensor(const TorchFile& file, Id id, MemoryBudget& budget) {
  const auto& graph = file.graph;
  auto rebuild = rebuild_at(graph, id);
  // A parameter is a call around a tensor's, a subclass's tensor one more; no file of torch has a third.
  for (int depth = 0; depth < 4 && rebuild.function != nullptr && rebuild.arguments != nullptr; ++depth) {
    const auto& name = rebuild.function->name;
    const auto& arguments = rebuild.arguments->items;
    if (name == "torch._utils._rebuild_tensor_v2" || name == "torch._utils._rebuild_tensor") {
      return tensor_of(file, view_of(graph, *rebuild.arguments), budget);
    }
    if (name.starts_with("torch._utils._rebuild_parameter") && !arguments.empty()) {
      rebuild = rebuild_at(graph, arguments[0]);
    } else if (name == "torch._tensor._rebuild_from_type_v2" && arguments.size() >= 3) {
      rebuild = {graph.as<Global>(arguments[0]), graph.as<Tuple>(arguments[2])};
    } else {
      throw Error(Error::Kind::unsupported, "tensors made by " + name + " are not supported");
    }
  }
  damaged("it has something else where a tensor should be");
}

}  // namespace sfa::separation
