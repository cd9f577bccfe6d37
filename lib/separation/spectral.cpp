#include "sfa/separation/spectral.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sfa/dsp/stft.hpp"
#include "sfa/separation/harmonic_percussive.hpp"
#include "sfa/separation/repetition.hpp"

namespace sfa::separation {
namespace {

// The order of the stems.
enum Stem : std::size_t { drums, bass, other, vocals };

// These were chosen by nSDR over two songs, in steps of about a third.
constexpr double window_seconds = 0.046;   // 2048 frames at 44.1 kHz
constexpr HarmonicPercussive drum_filter{
    .time_frames = 9, .frequency_bins = 9, .power = 2.0F, .separation = 2.0F};  // 0.1 s and 200 Hz
constexpr Repetition accompaniment{.count = 16, .distance = 20};                // 0.23 s apart
constexpr double bass_edge_hz = 250.0, bass_order = 8.0;
constexpr double voice_edge_hz = 120.0, voice_order = 6.0;  // REPET-SIM passes all below 100 Hz to the music

constexpr Frames stretch_seconds = 30, overlap_seconds = 2;
constexpr Frames stretch_samples = Frames{1} << 23;  // of all channels: keeps memory below about 650 MB

dsp::StftOptions transform_at(SampleRate rate) {
  const int size = 1 << std::max(2L, std::lround(std::log2(window_seconds * rate.hz)));
  return {size, size / 4, dsp::Window::hann};
}

struct Picture {
  Magnitudes loudness;  // root mean square over the channels
  Magnitudes centre;    // 1: the same in both channels, 0: one-sided or opposite; empty if not stereo
};

// Avendano and Jot 2004, equation 5, with the real part of the product, so that opposite channels count as 0.
Magnitudes centre_of(const dsp::Spectrum& left, const dsp::Spectrum& right) {
  Magnitudes centre(left.bins, left.frames);
  for (std::size_t i = 0; i < centre.values.size(); ++i) {
    const auto l = left.values[i], r = right.values[i];
    const float power = std::norm(l) + std::norm(r);
    const float shared = 2.0F * (l.real() * r.real() + l.imag() * r.imag());
    centre.values[i] = power > 0.0F ? std::clamp(shared / power, 0.0F, 1.0F) : 0.0F;
  }
  return centre;
}

Picture picture_of(const AudioView& mix, const dsp::StftOptions& options) {
  Picture picture;
  dsp::Spectrum before;
  for (int c = 0; c < mix.channels(); ++c) {
    auto spectrum = dsp::stft(mix.channel(c), options);
    if (c == 0) picture.loudness = Magnitudes(spectrum.bins, spectrum.frames);
    std::ranges::transform(picture.loudness.values, spectrum.values, picture.loudness.values.begin(),
                           [](float power, auto value) { return power + std::norm(value); });
    if (c == 1 && mix.channels() == 2) picture.centre = centre_of(before, spectrum);
    before = std::move(spectrum);
  }
  const auto channels = static_cast<float>(mix.channels());
  for (auto& value : picture.loudness.values) value = std::sqrt(value / channels);
  return picture;
}

// Falls from 1 to 0 around `edge_hz`: the squared magnitude of a Butterworth low pass.
float below(double frequency_hz, double edge_hz, double order) {
  return static_cast<float>(1.0 / (1.0 + std::pow(frequency_hz / edge_hz, order)));
}

// One for each stem but `other`, which gets the rest.
std::array<Magnitudes, 4> masks_of(const Picture& picture, double bin_hz) {
  std::array<Magnitudes, 4> masks;
  masks[drums] = percussive_mask(picture.loudness, drum_filter);
  masks[vocals] = repeating_mask(picture.loudness, accompaniment);
  masks[bass] = Magnitudes(picture.loudness.bins, picture.loudness.frames);
  std::vector<float> bass_band, voice_band;
  for (int bin = 0; bin < picture.loudness.bins; ++bin) {
    bass_band.push_back(below(bin * bin_hz, bass_edge_hz, bass_order));
    voice_band.push_back(1.0F - below(bin * bin_hz, voice_edge_hz, voice_order));
  }
  for (std::size_t i = 0; i < masks[bass].values.size(); ++i) {
    const std::size_t bin = i % bass_band.size();
    const float harmonic = 1.0F - masks[drums].values[i];
    masks[bass].values[i] = harmonic * bass_band[bin];
    const float fresh = 1.0F - masks[vocals].values[i];
    const float centre = picture.centre.values.empty() ? 1.0F : picture.centre.values[i];
    masks[vocals].values[i] = (harmonic - masks[bass].values[i]) * fresh * centre * voice_band[bin];
  }
  return masks;
}

class Spectral final : public Engine {
 public:
  [[nodiscard]] const EngineInfo& info() const override { return info_; }

  [[nodiscard]] Stretch stretch(int channels, SampleRate rate) const override {
    const Frames size = std::clamp<Frames>(stretch_samples / channels, 4, stretch_seconds * rate.hz);
    return {size, std::min(overlap_seconds * rate.hz, size / 4)};
  }

  [[nodiscard]] std::vector<AudioBuffer> separate(const AudioView& mix, const Progress& progress) override {
    const auto options = transform_at(mix.rate());
    const auto masks = masks_of(picture_of(mix, options), static_cast<double>(mix.rate().hz) / options.size_frames);
    report(progress, 0.6);
    std::vector<AudioBuffer> stems(masks.size(), AudioBuffer(mix.channels(), mix.frames(), mix.rate()));
    for (int c = 0; c < mix.channels(); ++c) {
      const auto spectrum = dsp::stft(mix.channel(c), options);
      const auto rest = stems[other].channel(c);
      std::ranges::copy(mix.channel(c), rest.begin());
      for (const auto stem : {drums, bass, vocals}) {
        auto part = spectrum;
        std::ranges::transform(part.values, masks[stem].values, part.values.begin(), std::multiplies<>());
        const auto samples = dsp::istft(part, options, mix.frames());
        std::ranges::copy(samples, stems[stem].channel(c).begin());
        std::ranges::transform(rest, samples, rest.begin(), std::minus<>());
      }
      report(progress, 0.6 + 0.4 * (c + 1) / mix.channels());
    }
    return stems;
  }

 private:
  EngineInfo info_{
      "spectral",
      {"drums", "bass", "other", "vocals"},
      {},
      "a sketch of stems by filters, without a trained network and far below one: every stem bleeds into the others; "
      "nSDR on two songs: drums 0.8 and 1.1 dB, bass 2.8 and 6.2, other -1.4 and 7.3, vocals 0.7 (silence scores 0)"};
};

}  // namespace

std::unique_ptr<Engine> make_spectral_engine() { return std::make_unique<Spectral>(); }

}  // namespace sfa::separation
