#include "sfa/analysis/chord.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>

namespace sfa::analysis {
namespace {

constexpr std::size_t states = 25, none = 24;  // 12 major, 12 minor, no chord

using Template = std::array<double, 12>;  // from the root upwards

struct Templates {
  Template treble, bass;
  double bias;
};

constexpr std::array<Templates, 2> templates{{
#include "chord_templates.inc"
}};
constexpr double none_bias = 3.522;
constexpr double silence_bias = 8.0;  // of "no chord" where nothing with a pitch sounds

constexpr double softness = 0.1;      // chroma flatter than that says less
constexpr double sure_bass = 0.05;    // of the pitches' weight: less bass than that says less
constexpr double change_cost = 2.0;   // from beat to beat; best on generated songs

constexpr std::array<const char*, 12> roots{"C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};

using Scores = std::array<double, states>;

/// Square roots, so that the loudest pitch does not say it all, without their mean, about 1 long.
Template flattened(const std::array<float, 12>& chroma) {
  Template result;
  std::transform(chroma.begin(), chroma.end(), result.begin(),
                 [](float value) { return std::sqrt(static_cast<double>(value)); });
  const double mean = std::accumulate(result.begin(), result.end(), 0.0) / 12.0;
  double square = 0.0;
  for (double& value : result) value -= mean, square += value * value;
  for (double& value : result) value /= std::sqrt(square) + softness;
  return result;
}

/// Logarithms of the states' probabilities in the beat alone.
Scores emission(const BeatFeatures& beat) {
  Scores result{};
  const bool silent = beat.chroma == std::array<float, 12>{} && beat.bass_chroma == std::array<float, 12>{};
  result[none] = silent ? silence_bias : none_bias;
  const auto treble = flattened(beat.chroma), bass = flattened(beat.bass_chroma);
  const double bass_weight = std::min(1.0, static_cast<double>(beat.bass_share) / sure_bass);
  for (std::size_t chord = 0; chord < none && !silent; ++chord) {
    const auto& mode = templates[chord / 12];
    result[chord] = mode.bias;
    for (std::size_t i = 0; i < 12; ++i) {
      const std::size_t pitch = (chord + i) % 12;
      result[chord] += mode.treble[i] * treble[pitch] + bass_weight * mode.bass[i] * bass[pitch];
    }
  }
  const double best = *std::max_element(result.begin(), result.end());
  double total = 0.0;
  for (const double score : result) total += std::exp(score - best);
  for (double& score : result) score -= best + std::log(total);
  return result;
}

/// Viterbi's algorithm; all changes cost the same.
std::vector<std::size_t> best_path(const std::vector<Scores>& emissions) {
  std::vector<std::array<unsigned char, states>> from(emissions.size());
  Scores score{};
  for (std::size_t beat = 0; beat < emissions.size(); ++beat) {
    const auto best = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
    const double changed = score[best] - change_cost;
    for (std::size_t state = 0; state < states; ++state) {
      const bool stays = score[state] >= changed;
      from[beat][state] = static_cast<unsigned char>(stays ? state : best);
      score[state] = (stays ? score[state] : changed) + emissions[beat][state];
    }
  }
  std::vector<std::size_t> path(emissions.size());
  auto state = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
  for (std::size_t beat = path.size(); beat-- > 0;) {
    path[beat] = state;
    state = from[beat][state];
  }
  return path;
}

/// One step of the forward or backward recursion: probabilities after a possible change, normalised.
Scores moved(const Scores& chances) {
  const double change = std::exp(-change_cost), total = std::accumulate(chances.begin(), chances.end(), 0.0);
  Scores result;
  std::transform(chances.begin(), chances.end(), result.begin(),
                 [&](double chance) { return ((1.0 - change) * chance + change * total) / total; });
  return result;
}

Scores product(const Scores& chances, const Scores& logarithms) {
  Scores result;
  double total = 0.0;
  for (std::size_t i = 0; i < states; ++i) total += result[i] = chances[i] * std::exp(logarithms[i]);
  for (double& value : result) value /= total;
  return result;
}

/// The probability of the path's state in each beat, given all beats.
std::vector<double> posteriors(const std::vector<Scores>& emissions, const std::vector<std::size_t>& path) {
  Scores even;
  even.fill(1.0 / states);
  std::vector<Scores> forward(emissions.size());
  for (std::size_t beat = 0; beat < forward.size(); ++beat)
    forward[beat] = product(beat > 0 ? moved(forward[beat - 1]) : even, emissions[beat]);
  std::vector<double> result(emissions.size());
  Scores backward = even;
  for (std::size_t beat = result.size(); beat-- > 0;) {
    double total = 0.0;
    for (std::size_t state = 0; state < states; ++state) total += forward[beat][state] * backward[state];
    result[beat] = forward[beat][path[beat]] * backward[path[beat]] / total;
    backward = moved(product(backward, emissions[beat]));
  }
  return result;
}

Chord chord_of(std::size_t state, double time) {
  Chord chord;
  chord.time = time;
  chord.name = "N";
  if (state == none) return chord;
  chord.root = static_cast<int>(state % 12);
  chord.minor = state >= 12;
  chord.name = chord_name(chord.root, chord.minor);
  return chord;
}

}  // namespace

std::string chord_name(int root, bool minor) {
  return std::string(roots[static_cast<std::size_t>(root)]) + (minor ? "m" : "");
}

std::vector<Chord> find_chords(std::span<const BeatFeatures> features) {
  std::vector<Scores> emissions(features.size());
  std::transform(features.begin(), features.end(), emissions.begin(), emission);
  const auto path = best_path(emissions);
  const auto chances = posteriors(emissions, path);
  std::vector<Chord> chords;
  std::size_t begin = 0;
  for (std::size_t beat = 0; beat < path.size(); ++beat) {
    if (beat == 0 || path[beat] != path[begin]) {
      chords.push_back(chord_of(path[beat], features[beat].time));
      begin = beat;
    }
    auto& chord = chords.back();
    chord.duration = features[beat].time + features[beat].duration - chord.time;
    const auto beats = static_cast<double>(beat - begin);
    chord.confidence = (chord.confidence * beats + chances[beat]) / (beats + 1.0);
  }
  return chords;
}

}  // namespace sfa::analysis
