#include "json_source.hpp"

namespace sfa::io::json {

Object written(const Source& source) {
  Object entry = {{"path", source.path}};
  if (!source.sha256.empty()) entry["sha256"] = source.sha256;
  entry["sample_rate"] = source.sample_rate.hz;
  entry["channels"] = source.channels;
  entry["frames"] = source.frames;
  return entry;
}

Source read_source(const Reader& entry) {
  Source source;
  source.path = entry.text_or("path", "");
  source.sha256 = entry.text_or("sha256", "");
  const bool hex = source.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!source.sha256.empty() && (source.sha256.size() != 64 || !hex))
    entry.fail("sha256", "64 lower-case hex digits");
  source.sample_rate = SampleRate{entry.integer("sample_rate", 1000, 768000)};
  source.channels = entry.integer("channels", 1, 64);
  source.frames = entry.integer<Frames>("frames", 0, Frames{1} << 48);
  return source;
}

}  // namespace sfa::io::json
