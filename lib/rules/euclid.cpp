#include "sfa/rules/euclid.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

void check(const Euclid& rhythm) {
  const auto within = [](const char* what, int value, int min, int max) {
    if (value >= min && value <= max) return;
    throw Error(Error::Kind::invalid_argument, std::string(what) + " of a Euclidean rhythm must be from " +
                                                   std::to_string(min) + " to " + std::to_string(max));
  };
  within("steps", rhythm.steps, 1, 1024);
  within("pulses", rhythm.pulses, 1, rhythm.steps);
  within("rotation", rhythm.rotation, 0, rhythm.steps - 1);
}

using Group = std::vector<bool>;

Group joined(Group first, const Group& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

std::vector<bool> euclid(const Euclid& rhythm) {
  check(rhythm);
  // Like division by Euclid: `heads` equal groups, and `tails` equal ones that are left over. Each
  // tail is put behind a head, once for the silent steps and on until at most one tail is left.
  Group head{true}, tail{false};
  int heads = rhythm.pulses, tails = rhythm.steps - rhythm.pulses;
  for (bool first = true; tails > (first ? 0 : 1); first = false) {
    const int pairs = std::min(heads, tails);
    const bool heads_left = heads > tails;
    const Group pair = joined(head, tail);
    if (heads_left) tail = head;
    tails = std::max(heads, tails) - pairs;
    head = pair;
    heads = pairs;
  }
  Group result;
  for (int i = 0; i < heads; ++i) result = joined(std::move(result), head);
  for (int i = 0; i < tails; ++i) result = joined(std::move(result), tail);
  std::rotate(result.begin(), result.begin() + rhythm.rotation, result.end());
  return result;
}

}  // namespace sfa::rules
