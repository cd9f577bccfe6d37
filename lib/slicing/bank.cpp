#include "sfa/slicing/bank.hpp"

#include <algorithm>
#include <array>

namespace sfa::slicing {
namespace {

constexpr std::array names = {"kick", "snare", "hat", "cymbal", "tom", "percussion", "tonal", "noise", "silence"};

}  // namespace

const char* name(SliceClass kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<SliceClass> slice_class(std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return {};
  return static_cast<SliceClass>(at - names.begin());
}

const Slice* find(const Bank& bank, int id) {
  const auto at = std::ranges::lower_bound(bank.slices, id, {}, &Slice::id);
  return at != bank.slices.end() && at->id == id ? &*at : nullptr;
}

}  // namespace sfa::slicing
