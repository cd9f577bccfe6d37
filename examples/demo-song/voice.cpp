// A sung-like voice: a glottal source through five formants that glide from vowel to vowel, with
// vibrato, a slide between notes, breath, and noise for consonants.
#include <array>
#include <cstddef>

#include "space.hpp"
#include "stems.hpp"
#include "synth.hpp"

namespace demo {
namespace {

struct Formant {
  double hz, db, width_hz;
};
using Formants = std::array<Formant, 5>;

// A tenor's formants: The Canonical Csound Reference Manual, appendix "Formant values".
constexpr std::array<Formants, 5> tenor{{
    {{{650, 0, 80}, {1080, -6, 90}, {2650, -7, 120}, {2900, -8, 130}, {3250, -22, 140}}},     // a
    {{{400, 0, 70}, {1700, -14, 80}, {2600, -12, 100}, {3200, -14, 120}, {3580, -20, 120}}},  // e
    {{{290, 0, 40}, {1870, -15, 90}, {2800, -18, 100}, {3250, -20, 120}, {3540, -30, 120}}},  // i
    {{{400, 0, 40}, {800, -10, 80}, {2600, -12, 100}, {2800, -12, 120}, {3000, -26, 120}}},   // o
    {{{350, 0, 40}, {600, -20, 60}, {2700, -17, 100}, {2900, -14, 120}, {3300, -26, 120}}},   // u
}};
// A closed mouth: the nose's murmur.
constexpr Formants nasal{{{250, 0, 60}, {1000, -24, 100}, {2200, -30, 120}, {2900, -34, 130}, {3300, -40, 140}}};

double consonant_seconds(Consonant consonant) {
  switch (consonant) {
    case Consonant::none: return 0.0;
    case Consonant::hiss: return 0.09;
    case Consonant::burst: return 0.06;
    case Consonant::hum: return 0.08;
  }
  return 0.0;
}

/// Approaches its target with a time constant.
class Glide {
 public:
  explicit Glide(double value) : value_(value) {}
  double to(double target, double seconds) {
    return value_ += (target - value_) * (1.0 - std::exp(-1.0 / (seconds * rate.hz)));
  }
  [[nodiscard]] double value() const { return value_; }

 private:
  double value_;
};

class Tract {
 public:
  double process(double source, const Formants& wanted) {
    double sum = 0.0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double hz = hz_[i].to(wanted[i].hz, 0.03);
      const double width_hz = width_hz_[i].to(wanted[i].width_hz, 0.03);
      const double gain = gain_[i].to(std::pow(10.0, wanted[i].db / 20.0), 0.03);
      // The source falls by 6 dB an octave, the table is for one that does not.
      const double level = gain * std::pow(hz / 500.0, 0.7);
      sum += (i % 2 == 0 ? 1.0 : -1.0) * level * filters_[i].process(source, hz, hz / width_hz).band;
    }
    return sum;
  }

 private:
  std::array<StateVariable, 5> filters_{};
  std::array<Glide, 5> hz_{Glide(500), Glide(1000), Glide(2600), Glide(2900), Glide(3300)};
  std::array<Glide, 5> width_hz_{Glide(80), Glide(90), Glide(120), Glide(130), Glide(140)};
  std::array<Glide, 5> gain_{Glide(0), Glide(0), Glide(0), Glide(0), Glide(0)};
};

class Singer {
 public:
  explicit Singer(std::uint64_t seed) : random_(seed, 1000) {}

  /// `t` seconds into the syllable: negative while its consonant sounds.
  double sing(const Syllable& syllable, double t, double length) {
    const bool open = t >= 0.0;
    const bool voiced = open ? t < length : syllable.consonant == Consonant::hum;
    const double vibrato = 0.35 * std::clamp((t - 0.18) / 0.3, 0.0, 1.0) * sine(5.5 * t);  // semitones
    drift_ = 0.9995 * drift_ + 0.0012 * noise(random_);
    const double pitch = pitch_.to(syllable.note.pitch, 0.025) + vibrato + drift_;
    const double strength = syllable.note.velocity * (open ? 1.0 : 0.45);
    const double level = level_.to(voiced ? strength : 0.0, voiced ? 0.018 : 0.035);
    const double source = glottis_.saw(frequency_of(pitch)) + 0.05 * noise(random_);
    const auto& wanted = open ? tenor[static_cast<std::size_t>(syllable.vowel)]
                              : syllable.consonant == Consonant::hum ? nasal : last_;
    last_ = wanted;
    return 0.8 * tract_.process(level * source, wanted) + consonant(syllable, t);
  }

  /// Between syllables: the last one dies away.
  double rest() {
    return 0.8 * tract_.process(level_.to(0.0, 0.04) * glottis_.saw(frequency_of(pitch_.value())), last_);
  }

 private:
  double consonant(const Syllable& syllable, double t) {
    const double loud = syllable.note.velocity;
    const double white = noise(random_);
    if (syllable.consonant == Consonant::hiss) {
      const double shape = t < 0.02 ? std::sin(std::numbers::pi * (t + 0.09) / 0.11) : 0.0;
      return 0.22 * loud * shape * noise_filter_.process(white, 6500.0, 0.9).band;
    }
    if (syllable.consonant == Consonant::burst) {
      const double since = t + 0.015;  // the lips open shortly before the vowel
      if (since < 0.0) return 0.0;
      return 0.5 * loud * std::exp(-since / 0.008) * noise_filter_.process(white, 3200.0, 0.7).band;
    }
    return 0.0;
  }

  sfa::Random random_;
  Oscillator glottis_;
  Tract tract_;
  StateVariable noise_filter_;
  Glide pitch_{57.0}, level_{0.0};
  Formants last_ = tenor[0];
  double drift_ = 0.0;
};

}  // namespace

sfa::AudioBuffer play_voice(const Score& score, std::uint64_t seed) {
  sfa::AudioBuffer out(2, sfa::to_frames({score.seconds}, rate), rate);
  Singer singer(seed);
  std::size_t next = 0;
  const auto begin_of = [&](std::size_t i) {
    return time_of(score.voice[i].note.beat) - consonant_seconds(score.voice[i].consonant);
  };
  for (sfa::Frames n = 0; n < out.frames(); ++n) {
    const double t = static_cast<double>(n) / rate.hz;
    while (next < score.voice.size() && t >= begin_of(next)) ++next;
    if (next == 0) continue;
    const auto& syllable = score.voice[next - 1];
    const double length = syllable.note.beats * 60.0 / bpm - 0.06;
    const double since = t - time_of(syllable.note.beat);
    add(out, n, since < length + 0.05 ? singer.sing(syllable, since, length) : singer.rest(), 0.0);
  }
  add_echo(out, 0.5 * 60.0 / bpm, 0.25, 0.1);
  add_room(out, {.decay_seconds = 1.4, .damping = 0.35, .level = 0.14});
  return out;
}

}  // namespace demo
