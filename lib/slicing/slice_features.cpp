#include "sfa/slicing/slice_features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "sfa/dsp/stft.hpp"

namespace sfa::slicing {
namespace {

constexpr double floor_db = -120.0;
constexpr double longest_window = 0.080;  // seconds: 2048 frames at 44.1 kHz, which tell a kick from a tom
constexpr Seconds heard{1.0}, attack_bands{0.060}, attack_limit{0.5};
constexpr double power_floor = 1e-14;  // keeps the logarithm finite; -140 dB

double level_db(double amplitude) { return std::max(floor_db, to_decibels(amplitude).value); }

double mean_power(const AudioView& audio) {
  double sum = 0.0;
  for (int c = 0; c < audio.channels(); ++c)
    for (const float value : audio.channel(c)) sum += double{value} * value;
  return audio.empty() ? 0.0 : sum / (static_cast<double>(audio.frames()) * audio.channels());
}

/// Mean power spectra: of the whole and of the attack.
struct Spectra {
  double hz_per_bin = 0.0;
  std::vector<double> whole, attack;
};

Spectra mean_spectra(std::span<const float> mono, SampleRate rate) {
  const auto size = static_cast<int>(std::bit_floor(static_cast<unsigned>(longest_window * rate.hz)));
  const dsp::StftOptions options{
      .size_frames = std::max(16, size), .hop_frames = std::max(4, size / 4), .window = dsp::Window::hann};
  const auto part = mono.first(std::min(mono.size(), static_cast<std::size_t>(to_frames(heard, rate))));
  dsp::StftReader reader(part, options);
  const auto bins = static_cast<std::size_t>(reader.bins());
  Spectra spectra{static_cast<double>(rate.hz) / options.size_frames, std::vector<double>(bins),
                  std::vector<double>(bins)};
  std::vector<float> magnitudes(bins);
  for (Frames row = 0; row < reader.frames(); ++row) {
    reader.magnitudes(row, magnitudes);
    const bool in_attack = row * options.hop_frames < to_frames(attack_bands, rate);
    for (std::size_t k = 0; k < bins; ++k) {
      const double power = double{magnitudes[k]} * magnitudes[k];
      spectra.whole[k] += power;
      if (in_attack) spectra.attack[k] += power;
    }
  }
  return spectra;
}

double centroid_hz(const Spectra& spectra) {
  double weighted = 0.0, sum = 0.0;
  for (std::size_t k = 0; k < spectra.whole.size(); ++k) {
    const double magnitude = std::sqrt(spectra.whole[k]);
    weighted += magnitude * static_cast<double>(k);
    sum += magnitude;
  }
  return sum > 0.0 ? spectra.hz_per_bin * weighted / sum : 0.0;
}

/// Without the bin at 0 Hz.
double flatness(const std::vector<double>& powers) {
  double logarithms = 0.0, sum = 0.0;
  for (std::size_t k = 1; k < powers.size(); ++k) {
    logarithms += std::log(powers[k] + power_floor);
    sum += powers[k] + power_floor;
  }
  const auto count = static_cast<double>(powers.size() - 1);
  return std::min(1.0, std::exp(logarithms / count) * count / sum);
}

AttackBands attack_shares(const Spectra& spectra, double& centre_hz) {
  double total = 0.0;
  for (const double power : spectra.attack) total += power;
  AttackBands bands;
  if (total <= 0.0) return bands;
  double below = 0.0;
  for (std::size_t k = 0; k < spectra.attack.size(); ++k) {
    const double frequency = spectra.hz_per_bin * static_cast<double>(k), share = spectra.attack[k] / total;
    double& band = frequency < 200.0    ? bands.low
                   : frequency < 1000.0 ? bands.middle
                   : frequency < 5000.0 ? bands.high
                                        : bands.top;
    band += share;
    if (below < 0.5 && below + share >= 0.5) centre_hz = frequency;
    below += share;
  }
  return bands;
}

/// In blocks of 5 ms.
double decay_seconds(std::span<const float> mono, SampleRate rate) {
  const auto block = static_cast<std::size_t>(std::max<Frames>(1, to_frames({0.005}, rate)));
  std::vector<double> energies;
  for (std::size_t begin = 0; begin < mono.size(); begin += block) {
    double energy = 0.0;
    for (std::size_t i = begin; i < std::min(begin + block, mono.size()); ++i) energy += double{mono[i]} * mono[i];
    energies.push_back(energy);
  }
  const auto peak = std::ranges::max_element(energies);
  if (peak == energies.end()) return 0.0;
  const auto last =
      std::find_if(energies.rbegin(), std::reverse_iterator(peak), [&](double e) { return e > 0.01 * *peak; });
  return static_cast<double>((last.base() - peak) * static_cast<std::ptrdiff_t>(block)) / rate.hz;
}

double attack_seconds(std::span<const float> mono, SampleRate rate) {
  const auto head = mono.first(std::min(mono.size(), static_cast<std::size_t>(to_frames(attack_limit, rate))));
  const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return to_seconds(std::ranges::max_element(head, louder) - head.begin(), rate).value;
}

}  // namespace

SliceSound slice_sound(const AudioView& audio, std::span<const float> mono) {
  SliceSound sound;
  sound.features.peak_db = level_db(peak(audio));
  sound.features.rms_db = level_db(std::sqrt(mean_power(audio)));
  if (mono.empty()) return sound;
  const Spectra spectra = mean_spectra(mono, audio.rate());
  sound.features.centroid_hz = centroid_hz(spectra);
  sound.features.flatness = flatness(spectra.whole);
  sound.features.attack = attack_seconds(mono, audio.rate());
  sound.bands = attack_shares(spectra, sound.centre_hz);
  sound.decay = decay_seconds(mono, audio.rate());
  sound.pitch = steady_pitch(mono, audio.rate());
  return sound;
}

}  // namespace sfa::slicing
