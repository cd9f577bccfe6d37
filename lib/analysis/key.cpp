#include "sfa/analysis/key.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace sfa::analysis {
namespace {

using Profile = std::array<double, 12>;  // from the tonic upwards

// Sha'ath 2011, table of the custom profiles.
constexpr Profile major_profile{6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4};
constexpr Profile minor_profile{6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2};

// Measured: noise correlates by 0.3 to 0.6, a lone voice by 0.3 to 0.6, drums by 0.63 to 0.74, songs by
// 0.78 to 0.97, with a lead of 0.1 to 0.3 over the second best key where the key is plain.
constexpr double least_correlation = 0.75, doubtful_correlation = 0.6, sure_correlation = 0.9, sure_lead = 0.1;

constexpr std::array<const char*, 12> major_names{"C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};
constexpr std::array<const char*, 12> minor_names{"C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"};

/// Pearson's, of the profile moved up to `tonic`; 0 where the chroma is flat.
double correlation(const std::array<double, 12>& chroma, const Profile& profile, std::size_t tonic) {
  const double chroma_mean = std::accumulate(chroma.begin(), chroma.end(), 0.0) / 12.0;
  const double profile_mean = std::accumulate(profile.begin(), profile.end(), 0.0) / 12.0;
  double both = 0.0, chroma_square = 0.0, profile_square = 0.0;
  for (std::size_t i = 0; i < 12; ++i) {
    const double x = chroma[(i + tonic) % 12] - chroma_mean, y = profile[i] - profile_mean;
    both += x * y;
    chroma_square += x * x;
    profile_square += y * y;
  }
  return chroma_square > 1e-12 ? both / std::sqrt(chroma_square * profile_square) : 0.0;
}

}  // namespace

std::string key_name(int tonic, bool minor) {
  const auto& names = minor ? minor_names : major_names;
  return std::string(names[static_cast<std::size_t>(tonic)]) + (minor ? " minor" : " major");
}

std::string camelot(int tonic, bool minor) {
  const int relative_major = (tonic + (minor ? 3 : 0)) % 12;
  return std::to_string((7 * relative_major + 7) % 12 + 1) + (minor ? 'A' : 'B');
}

Key find_key(const Chroma& chroma) {
  Key key;
  key.name = "none";
  double best = -1.0, second = -1.0;
  int tonic = 0;
  bool minor = false;
  for (int candidate = 0; candidate < 24; ++candidate) {
    const double value = correlation(chroma.values, candidate < 12 ? major_profile : minor_profile,
                                     static_cast<std::size_t>(candidate % 12));
    if (value > best) {
      second = best, best = value;
      tonic = candidate % 12, minor = candidate >= 12;
    } else {
      second = std::max(second, value);
    }
  }
  if (best < least_correlation) return key;
  const double fit = std::min(1.0, (best - doubtful_correlation) / (sure_correlation - doubtful_correlation));
  const double lead = std::min(1.0, (best - second) / sure_lead);
  key.tonic = tonic;
  key.minor = minor;
  key.name = key_name(tonic, minor);
  key.camelot = camelot(tonic, minor);
  key.confidence = fit * (0.5 + 0.5 * lead);
  key.tuning_cents = chroma.tuning_cents;
  return key;
}

}  // namespace sfa::analysis
