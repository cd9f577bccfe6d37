#include "sfa/training/examples.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sfa/audio/error.hpp"
#include "sfa/audio/random.hpp"

namespace sfa::training {

using separation::BandSums;
using separation::BandTransform;
using separation::MidSide;

Batch::Batch(int items_, int frames_, int bands_, int stems_) : items(items_), frames(frames_), bands(bands_), stems(stems_) {
  const auto cells = static_cast<std::size_t>(items) * static_cast<std::size_t>(frames) * static_cast<std::size_t>(bands);
  features.resize(cells * BandTransform::features);
  mix_power.resize(cells * 2);
  for (auto* values : {&stem_power, &cross_re, &cross_im}) values->resize(cells * 2 * static_cast<std::size_t>(stems));
}

namespace {

constexpr float audible = 1e-3F;      // a stretch that never reaches this peak, -60 dBFS, teaches nothing
constexpr int most_attempts = 4;      // to find one that does

/// The random numbers of a step come from a stream for each song of its batch, and one for how stems are dealt.
constexpr std::uint64_t streams_a_step = 1 << 16, dealing = streams_a_step - 1;
static_assert(most_songs < dealing);
Random random_of(std::uint64_t seed, std::uint64_t step, std::uint64_t stream) {
  return Random(seed, step * streams_a_step + stream);
}

double linear(double db) { return std::pow(10.0, db / 20.0); }

/// How many samples so many spectra cover.
std::size_t length_of(const separation::BandTransformOptions& transform, int spectra) {
  return static_cast<std::size_t>(transform.size_frames) +
         static_cast<std::size_t>(spectra - 1) * static_cast<std::size_t>(transform.hop_frames);
}

double around(Random& random, double spread) { return random.uniform(-spread, spread); }

/// By cubic Hermite interpolation, from `first` on in steps of `speed`.
std::vector<float> played_at(std::span<const float> samples, double speed, std::size_t count) {
  std::vector<float> out(count);
  const auto at = [&](std::ptrdiff_t i) {
    return i >= 0 && i < std::ssize(samples) ? samples[static_cast<std::size_t>(i)] : 0.0F;
  };
  for (std::size_t n = 0; n < count; ++n) {
    const double position = static_cast<double>(n) * speed;
    const auto i = static_cast<std::ptrdiff_t>(position);
    const auto f = static_cast<float>(position - static_cast<double>(i));
    const float a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
    const float c1 = 0.5F * (c - a), c2 = a - 2.5F * b + 2.0F * c - 0.5F * d, c3 = 0.5F * (d - a) + 1.5F * (b - c);
    out[n] = ((c3 * f + c2) * f + c1) * f + b;
  }
  return out;
}

/// An equaliser's gain for each bin: shelves at both ends and a bell between.
std::vector<float> drawn_curve(Random& random, double tilt_db, int bins, SampleRate rate) {
  const double low_db = around(random, tilt_db), high_db = around(random, tilt_db), bell_db = around(random, tilt_db);
  const double low_hz = 80.0 * std::pow(5.0, random.uniform()), high_hz = 2000.0 * std::pow(4.0, random.uniform());
  const double bell_hz = 200.0 * std::pow(25.0, random.uniform()), octaves = random.uniform(0.5, 2.0);
  std::vector<float> curve(static_cast<std::size_t>(bins));
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const double hz = std::max<double>(static_cast<double>(k), 0.5) * rate.hz / (2.0 * (bins - 1));
    const double bell = std::log2(hz / bell_hz) / octaves;
    const double db = low_db / (1.0 + (hz / low_hz) * (hz / low_hz)) + high_db / (1.0 + (high_hz / hz) * (high_hz / hz)) +
                      bell_db * std::exp(-0.5 * bell * bell);
    curve[k] = static_cast<float>(linear(db));
  }
  return curve;
}

/// Real and imaginary parts apart, as vector units like them.
struct Parts {
  std::vector<float> re, im;
  void resize(std::size_t size) {
    re.resize(size);
    im.resize(size);
  }
};
using MidSideParts = std::array<Parts, 2>;

/// The sums of a band's values in four running lots, so that additions need not wait for one another.
void add_up(const std::vector<float>& values, const separation::BandLayout& layout, float* out, std::size_t stride) {
  for (std::size_t b = 0; b + 1 < layout.edges.size(); ++b, out += stride) {
    auto k = static_cast<std::size_t>(layout.edges[b]);
    const auto end = static_cast<std::size_t>(layout.edges[b + 1]);
    float lots[4] = {};
    for (; k + 4 <= end; k += 4)
      for (std::size_t i = 0; i < 4; ++i) lots[i] += values[k + i];
    float sum = (lots[0] + lots[1]) + (lots[2] + lots[3]);
    for (; k < end; ++k) sum += values[k];
    *out = sum;
  }
}

}  // namespace

/// A song's stems over a stretch of time.
struct ExampleMaker::Stretch {
  struct Stem {
    std::vector<float> left, right;  // empty: silent
    std::vector<float> curve;        // gain of each bin
    bool swapped = false;
    float side = 1.0F;
  };
  std::vector<Stem> stems;
};

/// Sums up the spectra of stems and mixes, frame by frame.
class ExampleMaker::Mixer {
 public:
  struct Ingredient {
    const Parts* parts;  // of mid and of side; null where it is silent
    float gain;
  };

  explicit Mixer(const ExampleOptions& options) : transform_(options.transform) {
    const auto bins = static_cast<std::size_t>(transform_.bins());
    for (auto* parts : {&mix_[0], &mix_[1]}) parts->resize(bins);
    products_.resize(bins);
    others_.resize(bins);
    for (auto* sums : {&sums_.mid, &sums_.side, &sums_.cross_re, &sums_.cross_im})
      sums->resize(static_cast<std::size_t>(options.transform.bands));
  }

  /// The spectrum of `stem` at its `frame`; false where it is silent.
  bool look_at(const Stretch::Stem& stem, std::size_t frame, MidSideParts& out);

  /// Fills one item's frame.
  void sum_up(std::span<const Ingredient> stems, Batch& batch, std::size_t item, std::size_t frame);

  [[nodiscard]] const BandTransform& transform() const { return transform_; }

 private:
  /// Where the sums of a stem's first band go; the next band's lie `stride` further on.
  struct Cells {
    float *power, *re, *im;
    std::size_t stride;
  };
  void sum_stem(const Ingredient& stem, std::size_t channel, const Cells& cells);

  BandTransform transform_;
  MidSide spectrum_;
  MidSideParts mix_;
  std::vector<float> products_, others_;
  BandSums sums_;
};

bool ExampleMaker::Mixer::look_at(const Stretch::Stem& stem, std::size_t frame, MidSideParts& out) {
  if (stem.left.empty()) return false;
  const auto at = frame * static_cast<std::size_t>(transform_.options().hop_frames);
  const auto size = static_cast<std::size_t>(transform_.options().size_frames);
  transform_.analyze({stem.left.data() + at, size}, {stem.right.data() + at, size}, spectrum_);
  const float side = stem.swapped ? -stem.side : stem.side;
  for (std::size_t c = 0; c < 2; ++c) {
    const auto& from = c == 0 ? spectrum_.mid : spectrum_.side;
    out[c].resize(from.size());
    for (std::size_t k = 0; k < from.size(); ++k) {
      const float gain = (stem.curve.empty() ? 1.0F : stem.curve[k]) * (c == 0 ? 1.0F : side);
      out[c].re[k] = from[k].real() * gain;
      out[c].im[k] = from[k].imag() * gain;
    }
  }
  return true;
}

void ExampleMaker::Mixer::sum_stem(const Ingredient& stem, std::size_t channel, const Cells& cells) {
  const auto& s = stem.parts[channel];
  const auto& x = mix_[channel];
  const float g = stem.gain;
  for (std::size_t k = 0; k < products_.size(); ++k) products_[k] = g * g * (s.re[k] * s.re[k] + s.im[k] * s.im[k]);
  add_up(products_, transform_.layout(), cells.power, cells.stride);
  for (std::size_t k = 0; k < products_.size(); ++k) {
    products_[k] = g * (s.re[k] * x.re[k] + s.im[k] * x.im[k]);
    others_[k] = g * (s.im[k] * x.re[k] - s.re[k] * x.im[k]);
  }
  add_up(products_, transform_.layout(), cells.re, cells.stride);
  add_up(others_, transform_.layout(), cells.im, cells.stride);
}

void ExampleMaker::Mixer::sum_up(std::span<const Ingredient> stems, Batch& batch, std::size_t item, std::size_t frame) {
  const auto bands = static_cast<std::size_t>(batch.bands);
  const auto cell = (item * static_cast<std::size_t>(batch.frames) + frame) * bands;
  for (std::size_t c = 0; c < 2; ++c) {
    auto& x = mix_[c];
    std::ranges::fill(x.re, 0.0F);
    std::ranges::fill(x.im, 0.0F);
    for (const auto& [parts, gain] : stems) {
      if (parts == nullptr) continue;
      for (std::size_t k = 0; k < x.re.size(); ++k) x.re[k] += gain * parts[c].re[k];
      for (std::size_t k = 0; k < x.im.size(); ++k) x.im[k] += gain * parts[c].im[k];
    }
    for (std::size_t s = 0; s < stems.size(); ++s) {
      if (stems[s].parts == nullptr) continue;
      const auto first = (cell * stems.size() + s) * 2 + c;
      sum_stem(stems[s], c, {batch.stem_power.data() + first, batch.cross_re.data() + first, batch.cross_im.data() + first,
                             2 * stems.size()});
    }
    auto& power = c == 0 ? sums_.mid : sums_.side;
    for (std::size_t k = 0; k < products_.size(); ++k) products_[k] = x.re[k] * x.re[k] + x.im[k] * x.im[k];
    add_up(products_, transform_.layout(), power.data(), 1);
    for (std::size_t b = 0; b < bands; ++b) batch.mix_power[(cell + b) * 2 + c] = power[b];
  }
  const auto& [mid, side] = mix_;
  for (std::size_t k = 0; k < products_.size(); ++k) {
    products_[k] = mid.re[k] * side.re[k] + mid.im[k] * side.im[k];
    others_[k] = mid.im[k] * side.re[k] - mid.re[k] * side.im[k];
  }
  add_up(products_, transform_.layout(), sums_.cross_re.data(), 1);
  add_up(others_, transform_.layout(), sums_.cross_im.data(), 1);
  transform_.describe(sums_, {batch.features.data() + cell * BandTransform::features, bands * BandTransform::features});
}

ExampleMaker::ExampleMaker(const std::vector<Multitrack>& songs, const ExampleOptions& options)
    : songs_(songs), options_(options) {
  if (songs.empty()) throw Error(Error::Kind::invalid_argument, "there are no songs to learn from");
  if (options.stems < 1 || options.songs < 1 || options.songs > most_songs || options.frames < 1)
    throw Error(Error::Kind::invalid_argument, "a batch has one song, one stem and one frame or more, and not too many songs");
  (void)Mixer(options);
}

ExampleMaker::~ExampleMaker() = default;

/// A stretch of a song drawn at random, at a speed drawn at random. Silent ones are drawn again, a few times.
ExampleMaker::Stretch ExampleMaker::stretch(std::uint64_t step, int index) const {
  auto random = random_of(options_.seed, step, static_cast<std::uint64_t>(index));
  const auto& change = options_.augmentation;
  const auto& song = songs_[random.below(songs_.size())];
  const double speed = std::exp2(around(random, std::log2(1.0 + change.speed)));
  const auto needed = length_of(options_.transform, options_.frames);
  const auto read = static_cast<Frames>(std::ceil(static_cast<double>(needed) * speed)) + 3;
  Stretch out;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const auto room = static_cast<double>(std::max<Frames>(song.frames - read, 0));
    const auto begin = static_cast<Frames>(random.uniform() * (room + 1.0));
    float loudest = 0.0F;
    out.stems.assign(static_cast<std::size_t>(options_.stems), {});
    for (std::size_t s = 0; s < out.stems.size() && s < song.stems.size(); ++s) {
      if (!song.stems[s]) continue;
      const auto sound = song.stems[s]({begin, std::min(begin + read, song.frames)});
      float peak = 0.0F;
      for (int c = 0; c < 2; ++c)
        for (const float value : sound.channel(c)) peak = std::max(peak, std::abs(value));
      loudest = std::max(loudest, peak);
      if (peak == 0.0F) continue;
      out.stems[s].left = played_at(sound.channel(0), speed, needed);
      out.stems[s].right = played_at(sound.channel(1), speed, needed);
    }
    if (loudest > audible) break;
  }
  const int bins = options_.transform.size_frames / 2 + 1;
  const auto overall = drawn_curve(random, 0.5 * change.tilt_db, bins, options_.rate);
  for (auto& stem : out.stems) {
    stem.curve = drawn_curve(random, change.tilt_db, bins, options_.rate);
    const auto gain = static_cast<float>(linear(around(random, change.stem_gain_db)));
    for (std::size_t k = 0; k < stem.curve.size(); ++k) stem.curve[k] *= overall[k] * gain;
    stem.swapped = random.below(2) == 1;
    stem.side = static_cast<float>(1.0 + around(random, change.width));
  }
  return out;
}

Batch ExampleMaker::make(std::uint64_t step) const {
  const auto songs = static_cast<std::size_t>(options_.songs), stems = static_cast<std::size_t>(options_.stems);
  std::vector<Stretch> stretches;
  for (int i = 0; i < options_.songs; ++i) stretches.push_back(stretch(step, i));

  // Which song each item has each stem of, and how loud. The second half deals the stems anew.
  struct Choice {
    std::size_t song;
    float gain;
  };
  auto random = random_of(options_.seed, step, dealing);
  const auto& change = options_.augmentation;
  std::vector<std::vector<Choice>> dealt(2 * songs, std::vector<Choice>(stems));
  for (std::size_t s = 0; s < stems; ++s) {
    const auto shift = random.below(songs);
    for (std::size_t i = 0; i < songs; ++i) {
      const float sign = random.below(2) == 1 ? -1.0F : 1.0F;
      dealt[i][s] = {i, sign};
      const bool silent = random.uniform() < change.leave_out;
      dealt[songs + i][s] = {(i + shift + s) % songs,
                             silent ? 0.0F : sign * static_cast<float>(linear(around(random, change.remix_gain_db)))};
    }
  }
  for (auto& item : dealt) {
    const auto gain = static_cast<float>(linear(around(random, change.song_gain_db)));
    for (auto& choice : item) choice.gain *= gain;
  }

  Mixer mixer(options_);
  Batch batch(static_cast<int>(2 * songs), options_.frames, options_.transform.bands, options_.stems);
  std::vector<MidSideParts> parts(songs * stems);
  std::vector<char> sounds(songs * stems);
  std::vector<Mixer::Ingredient> ingredients(stems);
  for (std::size_t t = 0; t < static_cast<std::size_t>(options_.frames); ++t) {
    for (std::size_t i = 0; i < songs; ++i)
      for (std::size_t s = 0; s < stems; ++s)
        sounds[i * stems + s] = mixer.look_at(stretches[i].stems[s], t, parts[i * stems + s]) ? 1 : 0;
    for (std::size_t item = 0; item < dealt.size(); ++item) {
      for (std::size_t s = 0; s < stems; ++s) {
        const auto& [song, gain] = dealt[item][s];
        const auto at = song * stems + s;
        ingredients[s] = {sounds[at] != 0 && gain != 0.0F ? parts[at].data() : nullptr, gain};
      }
      mixer.sum_up(ingredients, batch, item, t);
    }
  }
  return batch;
}

Frames ExampleMaker::spectra(const Multitrack& song) const {
  return (song.frames + options_.transform.hop_frames - 1) / options_.transform.hop_frames;
}

Batch ExampleMaker::plain(const Multitrack& song, Frames first_spectrum, int spectra) const {
  const auto stems = static_cast<std::size_t>(options_.stems);
  const auto& transform = options_.transform;
  const auto begin = first_spectrum * transform.hop_frames;
  const auto needed = length_of(transform, spectra);
  Stretch all{std::vector<Stretch::Stem>(stems)};
  for (std::size_t s = 0; s < stems && s < song.stems.size(); ++s) {
    if (!song.stems[s]) continue;
    const auto sound = song.stems[s]({begin, std::min(begin + static_cast<Frames>(needed), song.frames)});
    all.stems[s].left = played_at(sound.channel(0), 1.0, needed);
    all.stems[s].right = played_at(sound.channel(1), 1.0, needed);
  }
  Mixer mixer(options_);
  Batch batch(1, spectra, transform.bands, options_.stems);
  std::vector<MidSideParts> parts(stems);
  std::vector<Mixer::Ingredient> ingredients(stems);
  for (std::size_t t = 0; t < static_cast<std::size_t>(spectra); ++t) {
    for (std::size_t s = 0; s < stems; ++s)
      ingredients[s] = {mixer.look_at(all.stems[s], t, parts[s]) ? parts[s].data() : nullptr, 1.0F};
    mixer.sum_up(ingredients, batch, 0, t);
  }
  return batch;
}

}  // namespace sfa::training
