#include "sfa/io/slice_facts.hpp"

#include <algorithm>

#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

rules::SliceFacts facts(const slicing::Slice& slice, SampleRate rate, std::span<const analysis::Section> sections) {
  rules::SliceFacts result;
  result.id = slice.id;
  result.class_name = slicing::name(slice.kind);
  if (slicing::group(slice.kind) != slice.kind) result.group = slicing::name(slicing::group(slice.kind));
  result.rms_db = slice.features.rms_db;
  result.centroid_hz = slice.features.centroid_hz;
  result.flatness = slice.features.flatness;
  result.note = slice.note;
  result.duration = to_seconds(slice.range.size(), rate).value;
  const double time = to_seconds(slice.range.begin, rate).value;
  for (const auto& section : sections) {
    if (time < section.time || time >= section.time + section.duration) continue;
    result.section = section.label;
    result.role = section.role;
  }
  return result;
}

}  // namespace

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (const auto kind : slicing::slice_classes()) names.emplace_back(slicing::name(kind));
  return names;
}

std::vector<rules::SliceFacts> slice_facts(const slicing::Bank& bank, std::span<const rules::ClassName> only,
                                           std::span<const analysis::Section> sections) {
  std::vector<rules::SliceFacts> result;
  for (const auto& slice : bank.slices) {
    auto known = facts(slice, bank.source.sample_rate, sections);
    const auto is_it = [&](const rules::ClassName& name) { return known.is(name.text); };
    const bool wanted = only.empty() ? slice.kind != slicing::SliceClass::silence : std::ranges::any_of(only, is_it);
    if (wanted) result.push_back(std::move(known));
  }
  if (result.empty()) throw Error(Error::Kind::invalid_data, "has no slices to play");
  return result;
}

}  // namespace sfa::io
