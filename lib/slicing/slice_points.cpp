#include "sfa/slicing/slice_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "sfa/analysis/onset.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/slicing/attack.hpp"
#include "sfa/slicing/aubio_onset.hpp"

namespace sfa::slicing {
namespace {

constexpr double closest_onsets = 0.03;   // seconds: the detectors' own resolution
constexpr double least_mean_share = 0.1;  // of the power that uncorrelated channels leave in their mean

double power(std::span<const float> samples) {
  return std::accumulate(samples.begin(), samples.end(), 0.0,
                         [](double sum, float value) { return sum + double{value} * value; });
}

/// Brings samples that are beyond all sense, as float files may hold them, down to full scale by a power of two,
/// which changes no ratio: spectra and energies in single precision would overflow.
std::vector<float> in_reach(std::vector<float> samples) {
  constexpr float beyond_sense = 1e6F;  // 120 dBFS
  float highest = 0.0F;
  for (const float sample : samples) highest = std::max(highest, std::abs(sample));
  if (highest <= beyond_sense) return samples;
  const int exponent = std::ilogb(highest) + 1;
  for (float& sample : samples) sample = std::ldexp(sample, -exponent);
  return samples;
}

struct Attack {
  Frames frame = 0;
  float strength = 0.0F;
};

/// The attacks that keep their distance from stronger ones and from the end.
std::vector<Frames> far_enough_apart(std::vector<Attack> attacks, Frames distance, Frames frames) {
  std::ranges::stable_sort(attacks, std::ranges::greater{}, &Attack::strength);
  std::set<Frames> kept;
  for (const Attack& attack : attacks) {
    if (attack.frame > 0 && attack.frame > frames - distance) continue;
    const auto next = kept.lower_bound(attack.frame);
    if (next != kept.end() && *next - attack.frame < distance) continue;
    if (next != kept.begin() && attack.frame - *std::prev(next) < distance) continue;
    kept.insert(attack.frame);
  }
  return {kept.begin(), kept.end()};
}

}  // namespace

std::vector<float> prominent_channel(const AudioView& audio) {
  std::vector<float> mean = to_mono(audio);
  if (audio.channels() < 2) return in_reach(std::move(mean));
  double sum = 0.0, most = 0.0;
  int strongest = 0;
  for (int c = 0; c < audio.channels(); ++c) {
    const double own = power(audio.channel(c));
    sum += own;
    if (own > most) most = own, strongest = c;
  }
  const double channels = audio.channels();
  if (power(mean) >= least_mean_share * sum / (channels * channels)) return in_reach(std::move(mean));
  const auto samples = audio.channel(strongest);
  return in_reach({samples.begin(), samples.end()});
}

std::vector<Frames> onset_points(std::span<const float> mono, SampleRate rate, const OnsetPoints& options) {
  if (!(options.min_length >= 0.0))
    throw Error(Error::Kind::invalid_argument, "the least length of a slice must be >= 0");
  const analysis::OnsetOptions detection{options.sensitivity, closest_onsets};
  const auto onsets = options.method == OnsetMethod::aubio ? aubio_onsets(mono, rate, detection)
                                                           : analysis::onsets(AudioView(mono, rate), detection);
  const auto frames = static_cast<Frames>(mono.size());
  std::vector<Attack> attacks;
  for (const analysis::Onset& onset : onsets)
    attacks.push_back({attack_start(mono, rate, to_frames({onset.time}, rate), {0, frames}), onset.strength});
  const double distance = std::min(options.min_length, to_seconds(frames, rate).value + 1.0);
  return far_enough_apart(std::move(attacks), std::max<Frames>(1, to_frames({distance}, rate)), frames);
}

std::vector<Frames> equal_points(Frames frames, int parts) {
  if (parts < 1 || parts > frames)
    throw Error(Error::Kind::invalid_argument, "cannot cut a sound into more parts (" + std::to_string(parts) +
                                                   ") than it has frames (" + std::to_string(frames) + ")");
  std::vector<Frames> points;
  for (int i = 0; i < parts; ++i) points.push_back(frames / parts * i + frames % parts * i / parts);
  return points;
}

std::vector<Frames> time_points(std::span<const double> times, Frames frames, SampleRate rate, double min_length) {
  std::vector<Frames> points;
  const auto end = to_seconds(frames, rate).value;
  for (const double time : times) {
    if (!(time >= 0.0 && time < end)) continue;
    const Frames frame = to_frames({time}, rate);
    const bool room = points.empty() || to_seconds(frame - points.back(), rate).value >= min_length;
    if (room && frame < frames && (points.empty() || frame > points.back())) points.push_back(frame);
  }
  return points;
}

}  // namespace sfa::slicing
