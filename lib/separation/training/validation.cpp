#include "sfa/training/validation.hpp"

#include <algorithm>
#include <cmath>

namespace sfa::training {
namespace {

constexpr int spectra_at_once = 512;
constexpr double least_error = 1e-12;  // of the stem's energy: what rounding leaves may be less than nothing

StemErrors errors_in(const Trainer& trainer, const ExampleMaker& maker, const Multitrack& song) {
  const auto stems = trainer.sources().size();
  StemErrors whole{std::vector<double>(stems), std::vector<double>(stems)};
  const auto spectra = maker.spectra(song);
  for (Frames first = 0; first < spectra; first += spectra_at_once) {
    const auto count = static_cast<int>(std::min<Frames>(spectra_at_once, spectra - first));
    const auto part = trainer.judge(maker.plain(song, first, count));
    for (std::size_t s = 0; s < stems; ++s) {
      whole.error[s] += part.error[s];
      whole.power[s] += part.power[s];
    }
  }
  return whole;
}

}  // namespace

Judgement judge(const Trainer& trainer, const ExampleMaker& maker, const std::vector<Multitrack>& songs,
                const Progress& progress) {
  const auto stems = trainer.sources().size();
  std::vector<int> songs_with(stems);
  Judgement judgement{std::vector<double>(stems), 0.0};
  double done = 0.0;
  for (const auto& song : songs) {
    const auto [error, power] = errors_in(trainer, maker, song);
    for (std::size_t s = 0; s < stems; ++s) {
      if (power[s] <= 0.0) continue;
      judgement.stems[s] += 10.0 * std::log10(power[s] / std::max(error[s], least_error * power[s]));
      ++songs_with[s];
    }
    report(progress, ++done / static_cast<double>(songs.size()));
  }
  int heard = 0;
  for (std::size_t s = 0; s < stems; ++s) {
    if (songs_with[s] == 0) continue;
    judgement.stems[s] /= songs_with[s];
    judgement.mean += judgement.stems[s];
    ++heard;
  }
  judgement.mean /= std::max(heard, 1);
  return judgement;
}

}  // namespace sfa::training
