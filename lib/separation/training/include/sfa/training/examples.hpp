// What the network learns from: stretches of songs, changed at random and mixed, as spectra summed up in bands.
//
// A mask m that is the same for all bins k of a band misses the stem S in the mix X by
//   sum |S_k - m X_k|^2  =  sum |S_k|^2 - 2 Re(conj(m) sum S_k conj(X_k)) + |m|^2 sum |X_k|^2,
// so three sums for each band are all that the error of any mask is made of, and neither spectra nor sound need to go
// through the trainer.
//
// Each batch holds its songs twice: as they are, and with their stems dealt anew among the songs of the batch.
#pragma once
#include <cstdint>
#include <vector>

#include "sfa/separation/band_transform.hpp"
#include "sfa/training/multitrack.hpp"

namespace sfa::training {

/// How stretches are changed. All are drawn evenly within these bounds; levels in dB.
struct Augmentation {
  double song_gain_db = 6.0;      // of all stems together, up or down
  double stem_gain_db = 3.0;      // of each stem in its song
  double remix_gain_db = 6.0;     // of each stem dealt to another song
  double speed = 0.12;            // played so much faster or slower, pitch and all; a song's stems alike
  double tilt_db = 4.0;           // an equaliser's two shelves and its bell, each up or down
  double width = 0.5;             // side is multiplied by 1 - width to 1 + width
  double leave_out = 0.1;         // chance that a stem of a remix is silent
};

inline constexpr int most_songs = 1024;  // in a batch

struct ExampleOptions {
  separation::BandTransformOptions transform;
  SampleRate rate{44100};  // of the songs
  int stems = 4;
  int songs = 8;         // a batch has twice as many items
  int frames = 256;      // of spectra in an item
  Augmentation augmentation;
  std::uint64_t seed = 1;
};

/// Row-major, frame and then band before what the names tell.
struct Batch {
  int items = 0, frames = 0, bands = 0, stems = 0;
  std::vector<float> features;     // [item][frame][band][BandTransform::features]
  std::vector<float> mix_power;    // [item][frame][band][mid, side]
  std::vector<float> stem_power;   // [item][frame][band][stem][mid, side]
  std::vector<float> cross_re, cross_im;  // sum S conj(X), shaped as stem_power

  Batch() = default;
  Batch(int items_, int frames_, int bands_, int stems_);
};

class ExampleMaker {
 public:
  /// `songs` is not empty and outlives it. Throws Error::invalid_argument.
  ExampleMaker(const std::vector<Multitrack>& songs, const ExampleOptions& options);
  ~ExampleMaker();

  /// The batch of a step: the same for the same songs, options and step, whichever thread makes it.
  [[nodiscard]] Batch make(std::uint64_t step) const;

  /// `spectra` spectra of a song, unchanged, from one on: one item. Spectrum i begins at the song's frame i hop_frames.
  [[nodiscard]] Batch plain(const Multitrack& song, Frames first_spectrum, int spectra) const;

  /// How many spectra begin within a song.
  [[nodiscard]] Frames spectra(const Multitrack& song) const;

 private:
  struct Stretch;
  class Mixer;
  [[nodiscard]] Stretch stretch(std::uint64_t step, int index) const;

  const std::vector<Multitrack>& songs_;
  ExampleOptions options_;
};

}  // namespace sfa::training
