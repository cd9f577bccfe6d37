#include "master.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <vector>

namespace demo {
namespace {

constexpr std::array<double, 4> levels_db{-17.0, -18.5, -20.5, -20.0};  // RMS of each stem in the mix
constexpr double limiter_db = 3.0;                                       // how far the highest peak is turned down

void scale(sfa::AudioBuffer& audio, double gain) {
  for (int c = 0; c < audio.channels(); ++c)
    for (auto& sample : audio.channel(c)) sample = static_cast<float>(sample * gain);
}

double rms(const sfa::AudioBuffer& audio) {
  double sum = 0.0;
  for (int c = 0; c < audio.channels(); ++c)
    for (const float sample : audio.channel(c)) sum += static_cast<double>(sample) * sample;
  return std::sqrt(sum / static_cast<double>(std::max<sfa::Frames>(1, audio.channels() * audio.frames())));
}

/// The highest of each frame in any stem and in their sum: none may reach full scale.
std::vector<double> peaks_of(const std::array<sfa::AudioBuffer, 4>& stems) {
  std::vector<double> peaks(static_cast<std::size_t>(stems[0].frames()));
  for (int c = 0; c < stems[0].channels(); ++c)
    for (std::size_t n = 0; n < peaks.size(); ++n) {
      double sum = 0.0;
      for (const auto& stem : stems) {
        const double sample = stem.channel(c)[n];
        sum += sample;
        peaks[n] = std::max(peaks[n], std::abs(sample));
      }
      peaks[n] = std::max(peaks[n], std::abs(sum));
    }
  return peaks;
}

/// The gain that keeps every frame below `ceiling`: the least of a window ahead and behind, then
/// averaged over the same window so that it moves softly and still arrives in time.
std::vector<double> limiter_gain(const std::vector<double>& peaks, double ceiling) {
  constexpr std::size_t reach = 220;  // 5 ms
  const std::size_t count = peaks.size();
  std::vector<double> least(count), gain(count);
  std::deque<std::size_t> highest;  // candidates for the window's maximum, falling
  for (std::size_t n = 0; n < count + reach; ++n) {
    if (n < count) {
      while (!highest.empty() && peaks[highest.back()] <= peaks[n]) highest.pop_back();
      highest.push_back(n);
    }
    if (n < reach) continue;
    const std::size_t centre = n - reach;
    while (highest.front() + reach < centre) highest.pop_front();
    least[centre] = std::min(1.0, ceiling / std::max(peaks[highest.front()], 1e-9));
  }
  for (std::size_t n = 0; n < count; ++n) {
    const std::size_t begin = n > reach ? n - reach : 0, end = std::min(count, n + reach + 1);
    double sum = 0.0;
    for (std::size_t k = begin; k < end; ++k) sum += least[k];
    gain[n] = sum / static_cast<double>(end - begin);
  }
  return gain;
}

void fade_out(sfa::AudioBuffer& audio, double seconds) {
  const auto frames = std::min(audio.frames(), sfa::to_frames({seconds}, audio.rate()));
  for (int c = 0; c < audio.channels(); ++c)
    for (sfa::Frames left = 0; left < frames; ++left)
      audio.channel(c)[static_cast<std::size_t>(audio.frames() - 1 - left)] *=
          static_cast<float>(left) / static_cast<float>(frames);
}

}  // namespace

Song master(std::array<sfa::AudioBuffer, 4> stems) {
  for (std::size_t i = 0; i < stems.size(); ++i) {
    scale(stems[i], std::pow(10.0, levels_db[i] / 20.0) / std::max(rms(stems[i]), 1e-9));
    fade_out(stems[i], 0.4);
  }
  const auto peaks = peaks_of(stems);
  const auto gain = limiter_gain(peaks, std::ranges::max(peaks) * std::pow(10.0, -limiter_db / 20.0));
  double highest = 1e-9;
  for (std::size_t n = 0; n < peaks.size(); ++n) highest = std::max(highest, peaks[n] * gain[n]);
  const double makeup = std::pow(10.0, -1.0 / 20.0) / highest;

  Song song{std::move(stems), {}};
  song.mix = sfa::AudioBuffer(2, song.stems[0].frames(), song.stems[0].rate());
  for (int c = 0; c < 2; ++c)
    for (std::size_t n = 0; n < gain.size(); ++n)
      for (auto& stem : song.stems) {
        auto& sample = stem.channel(c)[n];
        sample = static_cast<float>(std::nearbyint(sample * gain[n] * makeup * 0x1p23) * 0x1p-23);
        song.mix.channel(c)[n] += sample;
      }
  return song;
}

}  // namespace demo
