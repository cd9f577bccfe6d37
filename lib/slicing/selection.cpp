#include "sfa/slicing/selection.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sfa/audio/error.hpp"

namespace sfa::slicing {
namespace {

constexpr double silent_db = -60.0;

double loudness(const Slice& slice) {
  return slice.features.detail ? slice.features.detail->loudness_lufs : slice.features.rms_db;
}

bool is_wanted(const Slice& slice, const std::vector<SliceClass>& only) {
  return only.empty() || std::ranges::any_of(only, [&](SliceClass kind) {
    return kind == slice.kind || kind == group(slice.kind);
  });
}

void number_groups(std::vector<Cut>& cuts, double least) {
  std::vector<const Cut*> leaders;
  for (Cut& cut : cuts) {
    const auto leader = std::ranges::find_if(leaders, [&](const Cut* other) {
      return group(other->slice.kind) == group(cut.slice.kind) && similarity(other->timbre, cut.timbre) >= least;
    });
    cut.slice.group = static_cast<int>(leader - leaders.begin());
    if (leader == leaders.end()) leaders.push_back(&cut);
  }
}

/// Of each group the loudest.
void keep_loudest_of_groups(std::vector<Cut>& cuts) {
  std::vector<bool> kept(cuts.size());
  std::vector<std::size_t> best;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const auto number = static_cast<std::size_t>(cuts[i].slice.group);
    if (number >= best.size()) {
      best.push_back(i);
    } else if (loudness(cuts[i].slice) > loudness(cuts[best[number]].slice)) {
      best[number] = i;
    }
  }
  for (const std::size_t i : best) kept[i] = true;
  std::size_t i = 0;
  std::erase_if(cuts, [&](const Cut&) { return !kept[i++]; });
}

void keep_loudest(std::vector<Cut>& cuts, std::size_t count) {
  if (count >= cuts.size()) return;
  std::vector<std::size_t> ranked(cuts.size());
  for (std::size_t i = 0; i < ranked.size(); ++i) ranked[i] = i;
  std::ranges::stable_sort(ranked, std::ranges::greater{}, [&](std::size_t i) { return loudness(cuts[i].slice); });
  std::vector<bool> kept(cuts.size());
  for (std::size_t i = 0; i < count; ++i) kept[ranked[i]] = true;
  std::size_t i = 0;
  std::erase_if(cuts, [&](const Cut&) { return !kept[i++]; });
}

/// Ascending in the wanted order.
double rank(const Slice& slice, SliceOrder order) {
  switch (order) {
    case SliceOrder::time: return static_cast<double>(slice.range.begin);
    case SliceOrder::loudness: return -loudness(slice);
    case SliceOrder::pitch: {
      const double hz = slice.features.detail ? slice.features.detail->pitch_hz : 0.0;
      return hz > 0.0 ? hz : std::numeric_limits<double>::infinity();
    }
    case SliceOrder::brightness: return slice.features.centroid_hz;
    case SliceOrder::length: return -static_cast<double>(slice.range.size());
    case SliceOrder::kind: return static_cast<double>(slice.kind);
  }
  return 0.0;
}

void check(const Selection& selection) {
  for (const auto& value : {selection.group, selection.unique})
    if (value && !(*value >= 0.0 && *value <= 1.0))
      throw Error(Error::Kind::invalid_argument, "similarity must be 0 to 1");
  if (selection.keep < 0) throw Error(Error::Kind::invalid_argument, "the slices to keep must be 0 or more");
  if (selection.peak_db && !(*selection.peak_db >= -60.0 && *selection.peak_db <= 0.0))
    throw Error(Error::Kind::invalid_argument, "the peak to normalise to must be -60 to 0 dBFS");
}

}  // namespace

std::optional<SliceOrder> slice_order(std::string_view name) {
  if (name == "time") return SliceOrder::time;
  if (name == "loudness") return SliceOrder::loudness;
  if (name == "pitch") return SliceOrder::pitch;
  if (name == "brightness") return SliceOrder::brightness;
  if (name == "length") return SliceOrder::length;
  if (name == "class") return SliceOrder::kind;
  return {};
}

std::vector<Slice> select(std::vector<Cut> cuts, const Selection& selection) {
  check(selection);
  std::erase_if(cuts, [&](const Cut& cut) { return !is_wanted(cut.slice, selection.only); });
  if (selection.unique) {
    number_groups(cuts, *selection.unique);
    keep_loudest_of_groups(cuts);
  }
  if (selection.group) {
    number_groups(cuts, *selection.group);
  } else {
    for (Cut& cut : cuts) cut.slice.group = -1;
  }
  if (selection.keep > 0) keep_loudest(cuts, static_cast<std::size_t>(selection.keep));
  std::ranges::stable_sort(cuts, {}, [&](const Cut& cut) { return rank(cut.slice, selection.order); });
  std::vector<Slice> slices;
  for (Cut& cut : cuts) {
    cut.slice.id = static_cast<int>(slices.size());
    if (selection.peak_db && cut.slice.features.peak_db > silent_db)
      cut.slice.gain_db = *selection.peak_db - cut.slice.features.peak_db;
    slices.push_back(std::move(cut.slice));
  }
  return slices;
}

}  // namespace sfa::slicing
