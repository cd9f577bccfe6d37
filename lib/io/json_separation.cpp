#include "json_separation.hpp"

namespace sfa::io::json {

Object written(const separation::NetworkUse& use) {
  Object entry = {{"model", use.model},
                  {"networks", use.networks},
                  {"device", use.device},
                  {"precision", use.precision},
                  {"overlap", use.overlap}};
  if (use.segment_seconds) entry["segment"] = *use.segment_seconds;
  entry["shifts"] = use.shifts;
  entry["seed"] = use.seed;
  return entry;
}

separation::NetworkUse read_network(const Reader& entry) {
  separation::NetworkUse use;
  use.model = entry.text_or("model", "");
  if (entry.has("networks")) use.networks = entry.texts("networks");
  use.device = entry.text_or("device", "");
  use.precision = entry.text_or("precision", "");
  use.overlap = entry.number_or("overlap", use.overlap, {0.0, 1.0});
  if (entry.has("segment")) use.segment_seconds = entry.number("segment", {.min = 0.0});
  use.shifts = entry.integer_or("shifts", 0);
  use.seed = entry.integer_or<std::uint64_t>("seed", 0);
  return use;
}

Object written(const FrameRange& range) { return {{"begin", range.begin}, {"end", range.end}}; }

FrameRange read_range(const Reader& entry) {
  constexpr Frames most = Frames{1} << 48;
  const auto begin = entry.integer<Frames>("begin", 0, most);
  return {begin, entry.integer<Frames>("end", begin, most)};
}

}  // namespace sfa::io::json
