#include "pickle.hpp"

#include <bit>
#include <charconv>
#include <limits>
#include <optional>

#include "byte_reader.hpp"
#include "utf8.hpp"

namespace sfa::separation::pickle {

namespace {

// Real checkpoints have some ten thousand; a million take 100 MB.
constexpr std::size_t most_nodes = std::size_t{1} << 20;

/// Two's complement in as few bytes as 8 or fewer, sign-extended.
std::int64_t to_integer(std::span<const std::byte> bytes) {
  if (bytes.empty()) return 0;
  std::uint64_t value = (bytes.back() & std::byte{0x80}) != std::byte{} ? ~std::uint64_t{0} : 0;
  for (auto i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<std::uint64_t>(bytes[i]);
  return static_cast<std::int64_t>(value);
}

template <typename Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    damaged("its pickle has a broken number");
  }
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

class Machine {
 public:
  explicit Machine(std::span<const std::byte> bytes) : in_(bytes) {
    graph_.nodes = {None{}, false, true};  // shared by all that refer to them
  }

  Graph run() {
    for (;;) {
      const auto opcode = static_cast<char>(in_.number<std::uint8_t>());
      if (opcode == '.') break;
      if (!number(opcode) && !text(opcode) && !sequence(opcode) && !dictionary(opcode) && !memory(opcode) &&
          !object(opcode)) {
        fail("has an opcode that Python does not know");
      }
    }
    graph_.root = pop();
    graph_.length = in_.position();
    return std::move(graph_);
  }

 private:
  static constexpr Id none = 0;
  static constexpr Id no = 1;
  static constexpr Id yes = 2;

  [[noreturn]] static void fail(const std::string& what) { damaged("its pickle " + what); }

  // The stack, and the marks on it.

  void push(Id id) { stack_.push_back(id); }

  void make(Node node) {
    if (graph_.nodes.size() >= most_nodes) fail("holds too many objects");
    graph_.nodes.push_back(std::move(node));
    push(static_cast<Id>(graph_.nodes.size() - 1));
  }

  /// Nothing below the topmost mark can be had before the mark is gone.
  [[nodiscard]] std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  Id pop() {
    const Id id = top();
    stack_.pop_back();
    return id;
  }

  [[nodiscard]] Id top() const {
    if (stack_.size() <= floor()) fail("takes more than it has put down");
    return stack_.back();
  }

  std::vector<Id> pop_count(std::size_t count) {
    if (stack_.size() - floor() < count) fail("takes more than it has put down");
    std::vector<Id> ids(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return ids;
  }

  std::vector<Id> pop_to_mark() {
    if (marks_.empty()) fail("takes more than it has put down");
    auto ids = pop_count(stack_.size() - marks_.back());
    marks_.pop_back();
    return ids;
  }

  static std::vector<std::pair<Id, Id>> in_pairs(const std::vector<Id>& ids) {
    if (ids.size() % 2 != 0) fail("has a key without a value");
    std::vector<std::pair<Id, Id>> pairs;
    pairs.reserve(ids.size() / 2);
    for (std::size_t i = 0; i < ids.size(); i += 2) pairs.emplace_back(ids[i], ids[i + 1]);
    return pairs;
  }

  // Opcodes by what they make. Each returns whether the opcode was one of its own.

  bool number(char opcode) {
    switch (opcode) {
      case 'N': push(none); return true;
      case '\x88': push(yes); return true;
      case '\x89': push(no); return true;
      case 'K': make(std::int64_t{in_.number<std::uint8_t>()}); return true;
      case 'M': make(std::int64_t{in_.number<std::uint16_t>()}); return true;
      case 'J': make(to_integer(in_.take(4))); return true;
      case '\x8a': push_long(in_.number<std::uint8_t>()); return true;
      case '\x8b': push_long(in_.number<std::uint32_t>()); return true;
      case 'G': make(big_endian_real()); return true;
      case 'F': make(decimal_real(in_.line())); return true;
      case 'I': push_decimal(in_.line()); return true;
      case 'L': push_decimal(in_.line()); return true;
      default: return false;
    }
  }

  void push_long(std::uint64_t size) {
    const auto bytes = in_.take(size);
    if (size <= 8) {
      make(to_integer(bytes));
    } else {
      make(Long{std::string(as_text(bytes))});
    }
  }

  void push_decimal(std::string_view line) {
    if (line == "00") return push(no);
    if (line == "01") return push(yes);
    if (line.ends_with('L')) line.remove_suffix(1);
    if (const auto number = parse<std::int64_t>(line)) {
      make(*number);
    } else {
      make(Long{std::string(line)});
    }
  }

  static double decimal_real(std::string_view line) {
    const auto real = parse<double>(line);
    if (!real) fail("has a number that is too large");
    return *real;
  }

  static std::uint32_t decimal_index(std::string_view line) {
    return parse<std::uint32_t>(line).value_or(absent);
  }

  double big_endian_real() {
    std::uint64_t bits = 0;
    for (const std::byte byte : in_.take(8)) bits = bits << 8 | static_cast<std::uint64_t>(byte);
    return std::bit_cast<double>(bits);
  }

  bool text(char opcode) {
    switch (opcode) {
      case 'X': push_text(in_.number<std::uint32_t>()); return true;
      case '\x8c': push_text(in_.number<std::uint8_t>()); return true;
      case '\x8d': push_text(in_.number<std::uint64_t>()); return true;
      case 'U': push_string(in_.number<std::uint8_t>()); return true;
      case 'T': push_string(in_.number<std::uint32_t>()); return true;
      case 'C': push_bytes(in_.number<std::uint8_t>()); return true;
      case 'B': push_bytes(in_.number<std::uint32_t>()); return true;
      case '\x8e': push_bytes(in_.number<std::uint64_t>()); return true;
      case '\x96': push_bytes(in_.number<std::uint64_t>()); return true;
      default: return false;
    }
  }

  std::string taken(std::uint64_t size) { return std::string(as_text(in_.take(size))); }

  void push_text(std::uint64_t size) {
    auto text = taken(size);
    if (!is_utf8(text)) fail("has text that is not UTF-8");
    make(Text{std::move(text)});
  }

  /// Python 2's strings are either.
  void push_string(std::uint64_t size) {
    auto text = taken(size);
    if (is_utf8(text)) {
      make(Text{std::move(text)});
    } else {
      make(Bytes{std::move(text)});
    }
  }

  void push_bytes(std::uint64_t size) { make(Bytes{taken(size)}); }

  bool sequence(char opcode) {
    switch (opcode) {
      case '(': mark(); return true;
      case '0': drop(); return true;
      case '1': pop_to_mark(); return true;
      case '2': push(top()); return true;
      case ')': make(Tuple{}); return true;
      case 't': make(Tuple{pop_to_mark()}); return true;
      case '\x85': make(Tuple{pop_count(1)}); return true;
      case '\x86': make(Tuple{pop_count(2)}); return true;
      case '\x87': make(Tuple{pop_count(3)}); return true;
      case ']': make(List{}); return true;
      case 'l': make(List{pop_to_mark()}); return true;
      case 'a': append(pop_count(1)); return true;
      case 'e': append(pop_to_mark()); return true;
      case '\x8f': make(Set{}); return true;
      case '\x90': append(pop_to_mark()); return true;
      case '\x91': make(Set{pop_to_mark()}); return true;
      default: return false;
    }
  }

  void mark() {
    if (marks_.size() >= most_nodes) fail("nests too deeply");
    marks_.push_back(stack_.size());
  }

  void drop() {
    if (!marks_.empty() && stack_.size() == marks_.back()) {
      marks_.pop_back();
    } else {
      pop();
    }
  }

  /// To the object on top. What a called object takes is nobody's business.
  void append(const std::vector<Id>& ids) {
    auto& node = graph_.nodes[top()];
    const auto add = [&](std::vector<Id>& items) { items.insert(items.end(), ids.begin(), ids.end()); };
    if (auto* list = std::get_if<List>(&node)) {
      add(list->items);
    } else if (auto* set = std::get_if<Set>(&node)) {
      add(set->items);
    } else if (!std::holds_alternative<Call>(node)) {
      fail("appends to what is no list");
    }
  }

  bool dictionary(char opcode) {
    switch (opcode) {
      case '}': make(Dict{}); return true;
      case 'd': make(Dict{in_pairs(pop_to_mark())}); return true;
      case 's': set(pop_count(2)); return true;
      case 'u': set(pop_to_mark()); return true;
      default: return false;
    }
  }

  void set(const std::vector<Id>& ids) {
    const auto pairs = in_pairs(ids);
    auto& node = graph_.nodes[top()];
    const auto add = [&](std::vector<std::pair<Id, Id>>& items) {
      items.insert(items.end(), pairs.begin(), pairs.end());
    };
    if (auto* dict = std::get_if<Dict>(&node)) {
      add(dict->items);
    } else if (auto* call = std::get_if<Call>(&node)) {
      add(call->items);
    } else {
      fail("sets a key in what is no dictionary");
    }
  }

  // The memo, and the frame around it all.

  bool memory(char opcode) {
    switch (opcode) {
      case 'q': put(in_.number<std::uint8_t>()); return true;
      case 'r': put(in_.number<std::uint32_t>()); return true;
      case 'p': put(decimal_index(in_.line())); return true;
      case '\x94': put(memoized_); return true;
      case 'h': get(in_.number<std::uint8_t>()); return true;
      case 'j': get(in_.number<std::uint32_t>()); return true;
      case 'g': get(decimal_index(in_.line())); return true;
      case '\x80': protocol(in_.number<std::uint8_t>()); return true;
      case '\x95': in_.number<std::uint64_t>(); return true;  // a frame's length
      default: return false;
    }
  }

  static void protocol(std::uint8_t version) {
    if (version > 5) unsupported("protocol " + std::to_string(version));
  }

  void put(std::uint32_t index) {
    if (index >= most_nodes) fail("remembers too many objects");
    if (index >= memo_.size()) memo_.resize(index + 1, absent);
    if (memo_[index] == absent) ++memoized_;
    memo_[index] = top();
  }

  void get(std::uint32_t index) {
    if (index >= memo_.size() || memo_[index] == absent) fail("refers to an object that is not there");
    push(memo_[index]);
  }

  // What Python would build.

  bool object(char opcode) {
    switch (opcode) {
      case 'c': global(); return true;
      case '\x93': global(pop_count(2)); return true;
      case 'R': call(pop_count(2)); return true;
      case '\x81': call(pop_count(2)); return true;
      case '\x92': call_with_keywords(pop_count(3)); return true;
      case 'o': call_marked(pop_to_mark()); return true;
      case 'i': instance(); return true;
      case 'b': pop_count(1); return true;  // an object's state
      case 'Q': make(Persistent{pop()}); return true;
      case 'P': make(Text{std::string(in_.line())}); make(Persistent{pop()}); return true;
      case '\x82': case '\x83': case '\x84': unsupported("extension codes");
      case '\x97': case '\x98': unsupported("buffers outside of it");
      default: return false;
    }
  }

  [[noreturn]] static void unsupported(const std::string& what) {
    throw Error(Error::Kind::unsupported, "a pickle with " + what + " is not supported");
  }

  void global() {
    const auto module = in_.line();
    const auto name = in_.line();
    push_global(module, name);
  }

  void global(const std::vector<Id>& ids) {
    const auto* module = graph_.as<Text>(ids[0]);
    const auto* name = graph_.as<Text>(ids[1]);
    if (module == nullptr || name == nullptr) fail("has a name that is no text");
    push_global(module->text, name->text);
  }

  void push_global(std::string_view module, std::string_view name) {
    if (!is_utf8(module) || !is_utf8(name)) fail("has text that is not UTF-8");
    if (module.size() + name.size() > longest_name) fail("has a name that is too long");
    make(Global{std::string(module) + '.' + std::string(name)});
  }

  void call(const std::vector<Id>& ids) { make(Call{ids[0], ids[1], {}}); }

  void call_with_keywords(const std::vector<Id>& ids) { make(Call{ids[0], ids[1], {}}); }

  void call_marked(const std::vector<Id>& ids) {
    if (ids.empty()) fail("calls nothing");
    make(Tuple{{ids.begin() + 1, ids.end()}});
    call({ids[0], pop()});
  }

  void instance() {
    make(Tuple{pop_to_mark()});
    global();
    const Id callable = pop();
    call({callable, pop()});
  }

  static constexpr Id absent = std::numeric_limits<Id>::max();
  static constexpr std::size_t longest_name = 1000;  // a text shared by many names must not multiply

  ByteReader in_;
  Graph graph_;
  std::vector<Id> stack_;
  std::vector<std::size_t> marks_;
  std::vector<Id> memo_;
  std::uint32_t memoized_ = 0;  // how many of the memo are taken: MEMOIZE takes that number
};

}  // namespace

Graph read(std::span<const std::byte> bytes) { return Machine(bytes).run(); }

}  // namespace sfa::separation::pickle
