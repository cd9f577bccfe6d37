// Python's pickles read as a graph of plain nodes. A pickle is a program for a stack machine that may call
// any function there is; here nothing is ever called: a call stays a node that says whose and with what.
// Objects that a pickle shares stay shared, so that the graph is never larger than the pickle, and it may
// have cycles: whoever walks it must mind its steps.
// The opcodes: Python's Lib/pickletools.py. Protocols 1 to 5; torch cannot write protocol 0.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sfa::separation::pickle {

using Id = std::uint32_t;  // of a node in its graph

struct None {};
struct Text { std::string text; };    // UTF-8
struct Bytes { std::string bytes; };
struct Long { std::string bytes; };   // a whole number beyond 64 bits as it is written: little-endian or decimal
struct Global { std::string name; };  // "module.name"
struct Tuple { std::vector<Id> items; };
struct List { std::vector<Id> items; };
struct Set { std::vector<Id> items; };
struct Dict { std::vector<std::pair<Id, Id>> items; };
/// What calling `callable` would make, and the entries that would be set in it afterwards.
struct Call {
  Id callable;
  Id arguments;
  std::vector<std::pair<Id, Id>> items;
};
/// Something that lies outside the pickle.
struct Persistent { Id id; };

using Node = std::variant<None, bool, std::int64_t, double, Text, Bytes, Long, Global, Tuple, List, Set, Dict,
                          Call, Persistent>;

struct Graph {
  std::vector<Node> nodes;
  Id root = 0;
  std::size_t length = 0;  // of the pickle in bytes

  [[nodiscard]] const Node& operator[](Id id) const { return nodes[id]; }

  /// The node if it is of that kind, else null.
  template <typename Kind>
  [[nodiscard]] const Kind* as(Id id) const { return std::get_if<Kind>(&nodes[id]); }
};

/// Reads the pickle that `bytes` begin with. Throws Error::invalid_data where it is damaged or has more than
/// 2^20 nodes, Error::unsupported for extension codes and buffers outside the pickle.
[[nodiscard]] Graph read(std::span<const std::byte> bytes);

}  // namespace sfa::separation::pickle
