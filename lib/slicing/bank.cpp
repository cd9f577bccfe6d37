#include "sfa/slicing/bank.hpp"

#include <algorithm>
#include <array>

namespace sfa::slicing {
namespace {

using enum SliceClass;
constexpr std::array classes = {kick,       snare, clap,  closed_hat, open_hat, tom,     cymbal,
                                percussion, bass,  tonal, vocal,      noise,    silence, hat};
constexpr std::array names = {"kick",       "snare", "clap",  "closed_hat", "open_hat", "tom",     "cymbal",
                              "percussion", "bass",  "tonal", "vocal",      "noise",    "silence", "hat"};
static_assert(classes.size() == names.size());

}  // namespace

std::span<const SliceClass> slice_classes() { return classes; }

const char* name(SliceClass kind) { return names[static_cast<std::size_t>(kind)]; }

std::optional<SliceClass> slice_class(std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return {};
  return static_cast<SliceClass>(at - names.begin());
}

SliceClass group(SliceClass kind) { return kind == closed_hat || kind == open_hat ? hat : kind; }

const Slice* find(const Bank& bank, int id) {
  const auto at = std::ranges::lower_bound(bank.slices, id, {}, &Slice::id);
  return at != bank.slices.end() && at->id == id ? &*at : nullptr;
}

}  // namespace sfa::slicing
