// How well a network separates songs that it does not learn from.
#pragma once
#include <vector>

#include "sfa/audio/progress.hpp"
#include "sfa/training/examples.hpp"
#include "sfa/training/trainer.hpp"

namespace sfa::training {

/// nSDR in dB: 10 log10 of a stem's energy over that of the error, over a whole song. Of band sums of overlapping
/// spectra, so that it differs a little from that of samples.
struct Judgement {
  std::vector<double> stems;  // each stem's mean over the songs that have it; 0 where none has
  double mean = 0.0;          // of the stems that are there
};

/// What the running mean of the weights reaches on `songs`.
[[nodiscard]] Judgement judge(const Trainer& trainer, const ExampleMaker& maker, const std::vector<Multitrack>& songs,
                              const Progress& progress = {});

}  // namespace sfa::training
