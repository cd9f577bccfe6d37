#include "bank_slices.hpp"

#include <algorithm>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"

namespace sfa::tool {

std::vector<rules::SliceFacts> playable(const slicing::Bank& bank, const std::vector<std::string>& only) {
  std::vector<rules::SliceFacts> facts;
  for (const auto& slice : bank.slices) {
    const std::string name = slicing::name(slice.kind);
    const bool wanted = only.empty() ? slice.kind != slicing::SliceClass::silence
                                     : std::ranges::find(only, name) != only.end();
    if (wanted) facts.push_back({slice.id, name, slice.features.rms_db});
  }
  if (facts.empty()) throw Error(Error::Kind::invalid_data, "has no slices to play");
  return facts;
}

double tempo(const slicing::Bank& bank, double otherwise) {
  if (bank.grid.bpm <= 0.0) return otherwise;
  if (bank.grid.bpm < 10.0 || bank.grid.bpm > 1000.0)
    throw Error(Error::Kind::invalid_data, "grid.bpm: no pattern is made below 10 or above 1000; --tempo sets another");
  return bank.grid.bpm;
}

void enclose(const std::string& input, const std::string& output, slicing::Bank bank, io::EventsDocument& document) {
  if (!io::is_stream(input)) {
    document.events.bank = io::path_for(output, input);
    return;
  }
  bank.source.path = io::path_for(output, bank.source.path);
  for (auto& slice : bank.slices) slice.path = io::path_for(output, slice.path);
  document.bank = std::move(bank);
}

}  // namespace sfa::tool
