#include "sfa/slicing/slice_features.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>
#include <vector>

#include "sfa/analysis/mel.hpp"
#include "sfa/dsp/loudness.hpp"
#include "sfa/dsp/stft.hpp"
#include "timbre.hpp"

namespace sfa::slicing {
namespace {

constexpr double floor_db = -120.0;
constexpr double longest_window = 0.080;  // seconds: 2048 frames at 44.1 kHz, which tell a kick from a tom
constexpr Seconds heard{1.0}, attack_limit{0.5}, decay_block{0.005}, momentary_window{0.4};
constexpr double power_floor = 1e-14;  // keeps the logarithm finite; -140 dB

double at_least_floor(double level) { return level > floor_db ? level : floor_db; }

/// The mean of the mel-frequency cepstral coefficients of spectra that come one after another.
class MeanCepstrum {
 public:
  MeanCepstrum(int size_frames, SampleRate rate) : bank_(rate, size_frames) {}

  void add(std::span<const float> powers) {
    levels_.resize(levels_.size() + analysis::MelBank::bands);
    const auto mel = std::span(levels_).last(analysis::MelBank::bands);
    bank_.apply(powers, mel);
    for (float& value : mel) value = 10.0F * std::log10(std::max(value, power_floor));
  }

  /// It is linear in the levels: that of their mean.
  [[nodiscard]] std::array<float, SliceDetail::mfcc_count> mean() const {
    static const analysis::MelCepstrum cepstrum(SliceDetail::mfcc_count);
    std::array<float, SliceDetail::mfcc_count> coefficients{};
    std::array<float, analysis::MelBank::bands> mean{};
    const float floor = *std::ranges::max_element(levels_) - range_db;
    const auto rows = static_cast<float>(levels_.size() / mean.size());
    for (std::size_t i = 0; i < levels_.size(); ++i) mean[i % mean.size()] += std::max(floor, levels_[i]) / rows;
    cepstrum.apply(mean, coefficients);
    return coefficients;
  }

 private:
  static constexpr float power_floor = 1e-10F, range_db = 80.0F;  // as librosa's power_to_db
  analysis::MelBank bank_;
  std::vector<float> levels_;
};

/// The mean spectrum of what is heard, and its cepstrum.
struct Spectra {
  double hz_per_bin = 0.0;
  std::vector<double> powers;
  std::array<float, SliceDetail::mfcc_count> mfcc{};
};

Spectra mean_spectra(std::span<const float> mono, SampleRate rate) {
  const auto size = std::max(16, static_cast<int>(std::bit_floor(static_cast<unsigned>(longest_window * rate.hz))));
  const dsp::StftOptions options{.size_frames = size, .hop_frames = size / 4, .window = dsp::Window::hann};
  dsp::StftReader reader(mono, options);
  const auto bins = static_cast<std::size_t>(reader.bins());
  Spectra spectra{static_cast<double>(rate.hz) / size, std::vector<double>(bins), {}};
  MeanCepstrum cepstrum(size, rate);
  std::vector<float> magnitudes(bins);
  for (Frames row = 0; row < reader.frames(); ++row) {
    reader.magnitudes(row, magnitudes);
    for (float& value : magnitudes) value *= value;
    for (std::size_t k = 0; k < bins; ++k) spectra.powers[k] += magnitudes[k];
    cepstrum.add(magnitudes);
  }
  spectra.mfcc = cepstrum.mean();
  return spectra;
}

/// Mean and deviation of frequency, weighted by magnitude.
void spread(const Spectra& spectra, double& centroid_hz, double& bandwidth_hz) {
  double sum = 0.0, first = 0.0, second = 0.0;
  for (std::size_t k = 0; k < spectra.powers.size(); ++k) {
    const double magnitude = std::sqrt(spectra.powers[k]), hz = spectra.hz_per_bin * static_cast<double>(k);
    sum += magnitude;
    first += magnitude * hz;
    second += magnitude * hz * hz;
  }
  if (sum <= 0.0) return;
  centroid_hz = first / sum;
  bandwidth_hz = std::sqrt(std::max(0.0, second / sum - centroid_hz * centroid_hz));
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

/// Of the energies of blocks.
double decay_seconds(std::span<const float> energies, double block_seconds) {
  const auto peak = std::ranges::max_element(energies);
  if (peak == energies.end()) return 0.0;
  const auto last = std::find_if(energies.rbegin(), std::reverse_iterator(peak),
                                 [&](float energy) { return energy > 0.01F * *peak; });
  return static_cast<double>(last.base() - peak) * block_seconds;
}

double attack_seconds(std::span<const float> mono, SampleRate rate) {
  const auto head = mono.first(std::min(mono.size(), static_cast<std::size_t>(to_frames(attack_limit, rate))));
  const auto louder = [](float a, float b) { return std::abs(a) < std::abs(b); };
  return to_seconds(std::ranges::max_element(head, louder) - head.begin(), rate).value;
}

}  // namespace

struct SliceDescriber::State {
  State(SampleRate rate_, int channels_, std::vector<float> before_)
      : rate(rate_), channels(channels_), before(std::move(before_)), meter(rate, channels, {.maxima = true}),
        block(std::max<Frames>(1, to_frames(decay_block, rate))) {}

  void add_energies(std::span<const float> mono) {
    for (const float sample : mono) {
      energy += double{sample} * sample;
      if (++in_block < block) continue;
      energies.push_back(static_cast<float>(energy));
      energy = 0.0;
      in_block = 0;
    }
  }

  SampleRate rate;
  int channels;
  std::vector<float> before;
  dsp::LoudnessMeter meter;
  Frames block, in_block = 0, frames = 0;
  double energy = 0.0, power = 0.0;
  float highest = 0.0F;
  std::vector<float> energies, head;
};

SliceDescriber::SliceDescriber(SampleRate rate, int channels, std::vector<float> before)
    : state_(std::make_unique<State>(rate, channels, std::move(before))) {}
SliceDescriber::~SliceDescriber() = default;
SliceDescriber::SliceDescriber(SliceDescriber&&) noexcept = default;
SliceDescriber& SliceDescriber::operator=(SliceDescriber&&) noexcept = default;

void SliceDescriber::add(const AudioView& audio, std::span<const float> mono) {
  State& state = *state_;
  if (audio.empty()) return;
  state.meter.add(audio);
  state.highest = std::max(state.highest, peak(audio));
  for (int c = 0; c < audio.channels(); ++c)
    for (const float value : audio.channel(c)) state.power += double{value} * value;
  state.frames += audio.frames();
  state.add_energies(mono);
  const auto wanted = static_cast<std::size_t>(to_frames(heard, state.rate)) - state.head.size();
  const auto part = mono.first(std::min(wanted, mono.size()));
  state.head.insert(state.head.end(), part.begin(), part.end());
}

SliceSound SliceDescriber::finish() {
  State& state = *state_;
  SliceSound sound;
  SliceDetail detail;
  sound.duration = to_seconds(state.frames, state.rate).value;
  if (state.frames == 0) {
    sound.features.detail = detail;
    return sound;
  }
  sound.features.peak_db = at_least_floor(to_decibels(state.highest).value);
  const double mean_power = state.power / (static_cast<double>(state.frames) * state.channels);
  sound.features.rms_db = at_least_floor(to_decibels(std::sqrt(mean_power)).value);
  const Frames window = to_frames(momentary_window, state.rate);  // silence after the slice fills it
  if (state.frames < window) state.meter.add(AudioBuffer(state.channels, window - state.frames, state.rate));
  detail.loudness_lufs = at_least_floor(state.meter.maximum_momentary_lufs());
  if (state.in_block > 0) state.energies.push_back(static_cast<float>(state.energy));
  detail.decay = std::min(sound.duration, decay_seconds(state.energies, to_seconds(state.block, state.rate).value));

  const Spectra spectra = mean_spectra(state.head, state.rate);
  spread(spectra, sound.features.centroid_hz, detail.bandwidth_hz);
  sound.features.flatness = flatness(spectra.powers);
  sound.features.attack = attack_seconds(state.head, state.rate);
  detail.mfcc = spectra.mfcc;
  sound.pitch = steady_pitch(state.head, state.rate);
  detail.pitch_hz = sound.pitch.frequency_hz;
  detail.pitch_confidence = sound.pitch.frequency_hz > 0.0 ? 1.0 - sound.pitch.aperiodicity : 0.0;
  sound.timbre = timbre_of(state.head, state.before, state.rate);
  sound.features.detail = detail;
  return sound;
}

SliceSound slice_sound(const AudioView& audio, std::span<const float> mono, std::vector<float> before) {
  SliceDescriber describer(audio.rate(), std::max(1, audio.channels()), std::move(before));
  describer.add(audio, mono);
  return describer.finish();
}

}  // namespace sfa::slicing
