// A wide pad under plucked arpeggios, and a lead with an echo.
#include <array>

#include "space.hpp"
#include "stems.hpp"
#include "synth.hpp"

namespace demo {
namespace {

constexpr double beat_seconds = 60.0 / bpm;

void play_pad(const Score& score, sfa::AudioBuffer& out) {
  struct String {
    double cents, pan;
  };
  constexpr std::array<String, 3> strings{{{-7.0, -0.9}, {0.0, 0.0}, {7.0, 0.9}}};
  for (const auto& chord : score.chords) {
    const auto start = sfa::to_frames({time_of(chord.beat)}, rate);
    const double length = chord.beats * beat_seconds;
    const double open = chord.section == Section::chorus ? 2600.0 : 1300.0;
    for (std::size_t i = 0; i < chord.pitches.size(); ++i) {
      for (std::size_t s = 0; s < strings.size(); ++s) {
        const double hz = frequency_of(chord.pitches[i] + strings[s].cents / 100.0);
        Oscillator saw(0.37 * static_cast<double>(i) + 0.21 * static_cast<double>(s));
        StateVariable filter;
        for (sfa::Frames n = 0; n < sfa::to_frames({length + 0.35}, rate); ++n) {
          const double t = static_cast<double>(n) / rate.hz;
          const double cutoff = open * (1.0 + 0.35 * sine(0.23 * (t + time_of(chord.beat))));
          const double sound = filter.process(saw.saw(hz), cutoff, 0.7).low;
          add(out, start + n, 0.07 * sound * swell(t, length, 0.07, 0.35), strings[s].pan);
        }
      }
    }
  }
}

void play_arpeggio(const Score& score, sfa::AudioBuffer& out) {
  for (std::size_t i = 0; i < score.arpeggio.size(); ++i) {
    const auto& note = score.arpeggio[i];
    const auto start = sfa::to_frames({time_of(note.beat)}, rate);
    const double hz = frequency_of(note.pitch), pan = i % 2 == 0 ? -0.55 : 0.55;
    Oscillator square;
    StateVariable filter;
    for (sfa::Frames n = 0; n < sfa::to_frames({0.45}, rate); ++n) {
      const double t = static_cast<double>(n) / rate.hz;
      const double cutoff = hz + 3200.0 * note.velocity * std::exp(-t / 0.05);
      const double sound = filter.process(square.square(hz), cutoff, 1.4).low;
      add(out, start + n, 0.16 * note.velocity * sound * std::exp(-t / 0.11) * swell(t, 0.4, 0.002, 0.05), pan);
    }
  }
}

void play_lead(const Score& score, sfa::AudioBuffer& out) {
  for (const auto& note : score.lead) {
    const auto start = sfa::to_frames({time_of(note.beat)}, rate);
    const double length = note.beats * beat_seconds;
    Oscillator saw, square;
    StateVariable filter;
    for (sfa::Frames n = 0; n < sfa::to_frames({length + 0.15}, rate); ++n) {
      const double t = static_cast<double>(n) / rate.hz;
      const double vibrato = 0.18 * std::min(1.0, t / 0.4) * sine(5.2 * t);  // semitones
      const double hz = frequency_of(note.pitch + vibrato);
      const double source = 0.6 * saw.saw(hz) + 0.4 * square.square(hz * 1.003);
      const double sound = filter.process(source, 1400.0 + 1800.0 * std::exp(-t / 0.2), 1.2).low;
      add(out, start + n, 0.24 * note.velocity * sound * swell(t, length, 0.012, 0.15), 0.15);
    }
  }
}

}  // namespace

sfa::AudioBuffer play_other(const Score& score) {
  sfa::AudioBuffer out(2, sfa::to_frames({score.seconds}, rate), rate), echoing = out;
  play_pad(score, out);
  play_arpeggio(score, echoing);
  play_lead(score, echoing);
  add_echo(echoing, 0.75 * beat_seconds, 0.35, 0.3);
  for (int c = 0; c < out.channels(); ++c)
    for (std::size_t n = 0; n < out.channel(c).size(); ++n) out.channel(c)[n] += echoing.channel(c)[n];
  add_room(out, {.decay_seconds = 1.6, .damping = 0.3, .level = 0.16});
  return out;
}

}  // namespace demo
