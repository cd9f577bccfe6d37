#include "sfa/analysis/key.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace sfa::analysis {
namespace {

constexpr std::size_t keys = 24;  // 12 major, then 12 minor, each from C upwards

using Profile = std::array<double, 12>;  // from the tonic upwards

struct Profiles {
  Profile pitches, bass;
  double bias;
};

constexpr std::array<Profiles, 2> profiles{{
#include "key_profiles.inc"
}};

constexpr double sure_bass = 0.05;  // of the pitches' weight: less bass than that says less

// Logistic regression on excerpts of generated songs (also with their drums 3 to 12 dB up, and their voices alone)
// against drums alone and noise: how tuned they are, and how well a key fits.
constexpr double tuned_weight = 1.359, fit_weight = 1.034, pitched_bias = -5.207;
constexpr double least_pitched = 0.2;  // below that probability there is no key

// A standard deviation over mean below which chroma is flat; clips of music have 0.17 and more, 95 of 100 of them.
constexpr double least_contrast = 0.08;

// The same flatness makes a key doubtful: at this contrast, one of two. Notes and scraps of songs at random have 0.11
// to 0.5, songs 0.4 to 1.
constexpr double doubtful_contrast = 0.35, doubt_power = 4.0;

// A sine has 1.4 pitch classes by what it may be a harmonic of, three sines 3.7, songs 5 and more.
constexpr double fewest_classes = 3.0;

// Windows of generated songs gave right probabilities from 30 s on, and too sure ones by the cube root below that.
constexpr double sure_seconds = 30.0;

// How long a stretch is that counts as much as the regression says, for changes of key.
constexpr double evidence_seconds = 15.0;

// What a change of key must gain over all that follows it. On generated songs these found 19 of 21 modulations and
// put one into 13 of 276 songs without.
constexpr double step_up_cost = 5.0, change_cost = 9.0;

constexpr std::array<const char*, 12> major_names{"C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};
constexpr std::array<const char*, 12> minor_names{"C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"};

using Scores = std::array<double, keys>;

double sum(const Profile& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Without its mean, and its length.
double centre(Profile& values) {
  const double mean = sum(values) / 12.0;
  double square = 0.0;
  for (double& value : values) value -= mean, square += value * value;
  return std::sqrt(square);
}

/// What chroma is divided by, so that that of the whole has the length 1: the key says what share, not how much.
struct Scale {
  double pitches = 0.0, bass = 0.0;
};

Scale scale_of(Profile pitches, Profile bass) {
  const double total = sum(pitches), bass_share = total > 0.0 ? sum(bass) / total : 0.0;
  const double length = centre(pitches), bass_length = centre(bass);
  const double bass_weight = std::min(1.0, bass_share / sure_bass);
  return {length > 1e-9 ? 1.0 / length : 0.0, bass_length > 1e-9 ? bass_weight / bass_length : 0.0};
}

/// Log odds, but for what is common to all keys, of pitches that sound for `amount`.
Scores scores_of(Profile pitches, Profile bass, const Scale& scale, double amount = 1.0) {
  centre(pitches);
  centre(bass);
  Scores result{};
  for (std::size_t key = 0; key < keys; ++key) {
    const auto& profile = profiles[key / 12];
    result[key] = amount * profile.bias;
    for (std::size_t i = 0; i < 12; ++i) {
      const std::size_t pitch = (key + i) % 12;
      result[key] += scale.pitches * profile.pitches[i] * pitches[pitch];
      result[key] += scale.bass * profile.bass[i] * bass[pitch];
    }
  }
  return result;
}

/// Of all pitches, and of the bass, what a beat's chroma says.
struct Sound {
  Profile pitches{}, bass{};

  void add(const BeatFeatures& beat) {
    const double share = static_cast<double>(beat.bass_share);
    for (std::size_t i = 0; i < 12; ++i) {
      const double low = beat.duration * share * static_cast<double>(beat.bass_chroma[i]);
      pitches[i] += low + beat.duration * (1.0 - share) * static_cast<double>(beat.chroma[i]);
      bass[i] += low;
    }
  }
};

Key key_of(std::size_t index, double confidence, double tuning_cents) {
  Key key;
  key.tonic = static_cast<int>(index % 12);
  key.minor = index >= 12;
  key.name = key_name(key.tonic, key.minor);
  key.camelot = camelot(key.tonic, key.minor);
  key.open_key = open_key(key.tonic, key.minor);
  key.confidence = confidence;
  key.tuning_cents = tuning_cents;
  return key;
}

Key no_key() {
  Key key;
  key.name = "none";
  return key;
}

/// The probability that there are tuned pitches at all.
double pitched(const Chroma& whole, double best_score) {
  const double odds = tuned_weight * std::log(whole.tunedness + 1e-3) + fit_weight * best_score + pitched_bias;
  return 1.0 / (1.0 + std::exp(-odds));
}

/// How many pitch classes share the weight: the inverse of the sum of squared shares.
double pitch_classes(const Profile& pitches) {
  const double total = sum(pitches);
  return total * total / std::inner_product(pitches.begin(), pitches.end(), pitches.begin(), 1e-12);
}

Scores probabilities(const Scores& scores, double seconds) {
  const double sharpness = std::min(1.0, std::cbrt(seconds / sure_seconds));
  const double best = *std::max_element(scores.begin(), scores.end());
  Scores result;
  std::transform(scores.begin(), scores.end(), result.begin(),
                 [&](double score) { return std::exp(sharpness * (score - best)); });
  const double total = std::accumulate(result.begin(), result.end(), 0.0);
  for (double& value : result) value /= total;
  return result;
}

double cost(std::size_t from, std::size_t to) {
  if (from == to) return 0.0;
  const bool up = from / 12 == to / 12 && ((to + 12 - from) % 12 == 1 || (to + 12 - from) % 12 == 2);
  return up ? step_up_cost : change_cost;
}

/// The key of each beat.
std::vector<std::size_t> follow(std::span<const BeatFeatures> features, const Scale& scale) {
  std::vector<std::array<unsigned char, keys>> from(features.size());
  Scores best{};
  for (std::size_t beat = 0; beat < features.size(); ++beat) {
    Sound sound;
    sound.add(features[beat]);
    const auto now = scores_of(sound.pitches, sound.bass, scale, features[beat].duration);
    Scores next;
    for (std::size_t to = 0; to < keys; ++to) {
      std::size_t chosen = to;
      for (std::size_t key = 0; key < keys && beat > 0; ++key)
        if (best[key] - cost(key, to) > best[chosen] - cost(chosen, to)) chosen = key;
      from[beat][to] = static_cast<unsigned char>(chosen);
      next[to] = best[chosen] - cost(chosen, to) + now[to] / evidence_seconds;
    }
    best = next;
  }
  std::vector<std::size_t> path(features.size());
  auto key = static_cast<std::size_t>(std::max_element(best.begin(), best.end()) - best.begin());
  for (std::size_t beat = features.size(); beat-- > 0;) {
    path[beat] = key;
    key = from[beat][key];
  }
  return path;
}

struct Stretch {
  std::size_t key = 0;
  double time = 0.0, end = 0.0;
  Sound sound;
};

std::vector<Stretch> stretches(std::span<const BeatFeatures> features, const Scale& scale) {
  const auto path = follow(features, scale);
  std::vector<Stretch> result;
  for (std::size_t beat = 0; beat < path.size(); ++beat) {
    const auto& now = features[beat];
    if (result.empty() || result.back().key != path[beat]) result.push_back({path[beat], now.time, now.time, {}});
    result.back().sound.add(now);
    result.back().end = now.time + now.duration;
  }
  return result;
}

Scores judge(const Sound& sound) {
  return scores_of(sound.pitches, sound.bass, scale_of(sound.pitches, sound.bass));
}

/// The best key of what sounds for `seconds`, and the second best.
void decide(const Sound& sound, double seconds, double certainty, double tuning_cents, Keys& keys_found) {
  auto chances = probabilities(judge(sound), seconds);
  for (const bool second : {false, true}) {
    const auto best = static_cast<std::size_t>(std::max_element(chances.begin(), chances.end()) - chances.begin());
    auto key = key_of(best, certainty * chances[best], tuning_cents);
    second ? void(keys_found.runner_up = std::move(key)) : void(keys_found.key = std::move(key));
    chances[best] = -1.0;
  }
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

std::string open_key(int tonic, bool minor) {
  const int relative_major = (tonic + (minor ? 3 : 0)) % 12;
  return std::to_string(7 * relative_major % 12 + 1) + (minor ? 'm' : 'd');
}

Keys find_keys(const Chroma& whole, std::span<const BeatFeatures> features) {
  Keys result{no_key()};
  Sound sound{whole.values, whole.bass};
  const auto scale = scale_of(sound.pitches, sound.bass);
  if (scale.pitches == 0.0 || pitch_classes(sound.pitches) < fewest_classes) return result;
  const double contrast = std::sqrt(12.0) / (scale.pitches * sum(sound.pitches));
  if (contrast < least_contrast) return result;
  const auto scores = scores_of(sound.pitches, sound.bass, scale);
  const double is_pitched = pitched(whole, *std::max_element(scores.begin(), scores.end()));
  if (is_pitched < least_pitched) return result;
  const double certainty = is_pitched / (1.0 + std::pow(doubtful_contrast / contrast, doubt_power));

  const auto parts = stretches(features, scale);
  double seconds = whole.seconds;
  if (parts.size() > 1) {
    std::array<double, keys> lengths{};
    for (const auto& part : parts) lengths[part.key] += part.end - part.time;
    const auto main = static_cast<std::size_t>(std::max_element(lengths.begin(), lengths.end()) - lengths.begin());
    sound = {};
    seconds = std::min(seconds, lengths[main]);
    for (const auto& part : parts)
      if (part.key == main)
        for (std::size_t i = 0; i < 12; ++i)
          sound.pitches[i] += part.sound.pitches[i], sound.bass[i] += part.sound.bass[i];
  }
  decide(sound, seconds, certainty, whole.tuning_cents, result);
  if (parts.size() == 1) {
    result.spans.push_back({parts[0].time, parts[0].end - parts[0].time, result.key});
    return result;
  }
  for (const auto& part : parts) {
    const double length = part.end - part.time;
    const double chance = probabilities(judge(part.sound), length)[part.key];
    result.spans.push_back({part.time, length, key_of(part.key, certainty * chance, whole.tuning_cents)});
  }
  return result;
}

Key find_key(const Chroma& chroma) { return find_keys(chroma).key; }

}  // namespace sfa::analysis
