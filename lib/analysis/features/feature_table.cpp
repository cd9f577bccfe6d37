#include "feature_table.hpp"

#include <algorithm>
#include <array>

#include "sfa/analysis/features.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::analysis {
namespace {

constexpr std::array<FeatureInfo, feature_kinds> table{{
    {"rms", "", "level: root of the mean square, 1 at full scale"},
    {"zero_crossing_rate", "", "share of the samples where the sign changes"},
    {"spectral_centroid", "Hz", "mean frequency of the spectrum, its brightness"},
    {"spectral_bandwidth", "Hz", "spread of the spectrum around its centroid"},
    {"spectral_rolloff", "Hz", "frequency below which 85 % of the spectrum lies"},
    {"spectral_flatness", "", "0 for a tone, 1 for white noise"},
    {"spectral_contrast", "dB", "peaks over valleys in 7 bands, an octave each from 200 Hz"},
    {"spectral_flux", "", "how much the spectrum rose since the frame before"},
    {"melspectrogram", "", "power in 128 bands on the mel scale"},
    {"mfcc", "", "timbre: cosine transform of the mel bands' levels"},
    {"onset_strength", "dB", "mean rise of the mel bands' levels"},
    {"tempogram", "", "how the onset strength repeats after 0 to 383 frames"},
    {"chroma_stft", "", "12 pitch classes from C, of a short spectrum"},
    {"chroma_cqt", "", "12 pitch classes from C, of a constant-Q spectrum"},
    {"tonnetz", "", "place in the tonal space: fifths, minor and major thirds"},
}};

std::string all_names() {
  std::string names;
  for (const auto& info : table) names += (names.empty() ? "" : ", ") + std::string(info.name);
  return names;
}

}  // namespace

std::span<const FeatureInfo> feature_table() { return table; }

std::vector<std::string> feature_names(std::string_view list) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  };
  while (true) {
    const auto comma = list.find(',');
    const auto name = list.substr(0, comma);
    if (name == "all") {
      for (const auto& info : table) add(info.name);
    } else if (std::ranges::find(table, name, &FeatureInfo::name) != table.end()) {
      add(name);
    } else {
      throw Error(Error::Kind::invalid_argument,
                  "no feature is called '" + std::string(name) + "'; there are all, " + all_names());
    }
    if (comma == std::string_view::npos) return names;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace sfa::analysis
