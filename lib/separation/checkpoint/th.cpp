#include "th.hpp"

#include <charconv>
#include <optional>

#include "torch_file.hpp"

namespace sfa::separation {

using namespace pickle;

namespace {

constexpr int deepest_value = 32;
constexpr int most_values = 100'000;  // of arguments: shared references may multiply

template <typename Integer>
std::optional<Integer> whole(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Legacy files wrap the class of a network as ('module', class, source file, source).
Id unwrapped(const Graph& graph, Id id) {
  const auto* persistent = graph.as<Persistent>(id);
  const auto* parts = persistent != nullptr ? graph.as<Tuple>(persistent->id) : nullptr;
  return parts != nullptr && parts->items.size() == 4 ? parts->items[1] : id;
}

/// Arguments as plain values. What Python would have to build stays opaque.
class Values {
 public:
  Values(const Graph& graph, MemoryBudget& budget) : graph_(graph), budget_(budget) {}

  Value at(Id id, int depth = 0) {
    if (depth > deepest_value || ++count_ > most_values) damaged("its arguments are nested too deeply");
    const auto& found = graph_[unwrapped(graph_, id)];
    return std::visit([&](const auto& node) { return Value{plain(node, depth)}; }, found);
  }

  /// Of a dictionary, an ordered one or not.
  ValueMap map(const std::vector<std::pair<Id, Id>>& items, int depth = 0) {
    ValueMap values;
    for (const auto& [key, value] : items) {
      const auto* name = graph_.as<Text>(key);
      if (name == nullptr) damaged("its arguments have a key that is no text");
      budget_.spend(name->text.size());
      values.insert_or_assign(name->text, at(value, depth + 1));
    }
    return values;
  }

 private:
  using Data = decltype(Value::data);

  Data plain(const None&, int) { return std::monostate{}; }
  Data plain(bool flag, int) { return flag; }
  Data plain(std::int64_t number, int) { return number; }
  Data plain(double number, int) { return number; }
  Data plain(const Text& text, int) {
    budget_.spend(text.text.size());
    return text.text;
  }
  Data plain(const Bytes&, int) { return Opaque{"bytes"}; }
  Data plain(const Long&, int) { return Opaque{"int"}; }
  Data plain(const Global& global, int) { return opaque(global.name); }
  Data plain(const Tuple& tuple, int depth) { return list(tuple.items, depth); }
  Data plain(const List& items, int depth) { return list(items.items, depth); }
  Data plain(const Set& set, int depth) { return list(set.items, depth); }
  Data plain(const Dict& dict, int depth) { return map(dict.items, depth); }
  Data plain(const Persistent&, int) { return Opaque{"torch.Storage"}; }
  Data plain(const Call& call, int depth) {
    const auto* callable = graph_.as<Global>(call.callable);
    if (callable == nullptr) return Opaque{"object"};
    if (callable->name == "collections.OrderedDict") return map(call.items, depth);
    if (callable->name == "fractions.Fraction") return fraction(call);
    // Before protocol 4 and 3, sets and bytes are calls, too, of functions that have had two names.
    if (callable->name == "builtins.set" || callable->name == "__builtin__.set") return set(call, depth);
    if (callable->name == "_codecs.encode") return Opaque{"bytes"};
    return opaque(callable->name);
  }

  Data opaque(const std::string& name) {
    budget_.spend(name.size());
    return Opaque{name};
  }

  Data set(const Call& call, int depth) {
    const auto* arguments = graph_.as<Tuple>(call.arguments);
    if (arguments == nullptr || arguments->items.size() != 1) damaged("it has a set that is none");
    return at(arguments->items[0], depth + 1).data;
  }

  ValueList list(const std::vector<Id>& ids, int depth) {
    ValueList values;
    for (const Id id : ids) values.push_back(at(id, depth + 1));
    return values;
  }

  /// Fraction(39, 5), or Fraction('39/5') as Python pickles it.
  Fraction fraction(const Call& call) const {
    const auto* arguments = graph_.as<Tuple>(call.arguments);
    std::optional<std::int64_t> numerator;
    std::optional<std::int64_t> denominator = 1;
    if (arguments != nullptr && !arguments->items.empty()) {
      if (const auto* text = graph_.as<Text>(arguments->items[0])) {
        const std::string_view view = text->text;
        const auto slash = view.find('/');
        numerator = whole<std::int64_t>(view.substr(0, slash));
        if (slash != std::string::npos) denominator = whole<std::int64_t>(view.substr(slash + 1));
      } else {
        numerator = integer(arguments->items[0]);
        if (arguments->items.size() > 1) denominator = integer(arguments->items[1]);
      }
    }
    if (!numerator || !denominator || *denominator <= 0) damaged("it has a fraction that is none");
    return {*numerator, *denominator};
  }

  [[nodiscard]] std::optional<std::int64_t> integer(Id id) const {
    const auto* number = graph_.as<std::int64_t>(id);
    return number != nullptr ? std::optional(*number) : std::nullopt;
  }

  const Graph& graph_;
  MemoryBudget& budget_;
  int count_ = 0;
};

using Items = std::vector<std::pair<Id, Id>>;

/// The entries of a dictionary, an ordered one or not; null for anything else.
const Items* entries(const Graph& graph, Id id) {
  if (const auto* dict = graph.as<Dict>(id)) return &dict->items;
  const auto* call = graph.as<Call>(id);
  const auto* callable = call != nullptr ? graph.as<Global>(call->callable) : nullptr;
  return callable != nullptr && callable->name == "collections.OrderedDict" ? &call->items : nullptr;
}

/// As in Python, the last of several with that key.
std::optional<Id> entry(const Graph& graph, const Items& items, std::string_view name) {
  std::optional<Id> found;
  for (const auto& [key, value] : items) {
    const auto* text = graph.as<Text>(key);
    if (text != nullptr && text->text == name) found = value;
  }
  return found;
}

std::string class_name(const Graph& graph, Id id) {
  const auto* global = graph.as<Global>(unwrapped(graph, id));
  if (global == nullptr) damaged("it names no class");
  return global->name.substr(global->name.rfind('.') + 1);
}

ValueMap arguments_of(const Graph& graph, const Items& package, MemoryBudget& budget) {
  Values values(graph, budget);
  ValueMap arguments;
  if (const auto keywords = entry(graph, package, "kwargs")) {
    const auto* items = entries(graph, *keywords);
    if (items == nullptr) damaged("its keyword arguments are no dictionary");
    arguments = values.map(*items);
  }
  if (const auto positional = entry(graph, package, "args")) {
    auto list = values.at(*positional);
    auto* given = std::get_if<ValueList>(&list.data);
    if (given == nullptr) damaged("its arguments are no tuple");
    for (std::size_t i = 0; i < given->size(); ++i) {
      // Every class of Demucs takes its sources first.
      arguments.insert_or_assign(i == 0 ? "sources" : std::to_string(i), std::move((*given)[i]));
    }
  }
  return arguments;
}

std::map<std::string, StoredTensor> tensors_of(const TorchFile& file, const Items& state, MemoryBudget& budget) {
  const auto& graph = file.graph;
  if (entry(graph, state, "__quantized")) {
    throw Error(Error::Kind::unsupported, "weights quantised by DiffQ are not supported");
  }
  std::map<std::string, StoredTensor> tensors;
  for (const auto& [key, value] : state) {
    const auto* name = graph.as<Text>(key);
    if (name == nullptr) damaged("a tensor has no name");
    tensors.insert_or_assign(name->text, rebuild_tensor(file, value, budget));
  }
  return tensors;
}

}  // namespace

Checkpoint read_th(const HeldBytes& file) {
  MemoryBudget budget(file.bytes.size());
  const auto contents = is_torch_zip(file.bytes) ? open_torch_zip(file, budget) : open_torch_legacy(file);
  const auto& graph = contents.graph;
  const auto* package = entries(graph, graph.root);
  const auto architecture = package != nullptr ? entry(graph, *package, "klass") : std::nullopt;
  const auto state = package != nullptr ? entry(graph, *package, "state") : std::nullopt;
  const auto* tensors = state ? entries(graph, *state) : nullptr;
  if (!architecture || tensors == nullptr) {
    throw Error(Error::Kind::invalid_data,
                "a file of PyTorch, but no checkpoint of Demucs: it has no class or no state");
  }
  return {class_name(graph, *architecture), arguments_of(graph, *package, budget),
          tensors_of(contents, *tensors, budget)};
}

}  // namespace sfa::separation
