// A synthesised bass: a sine for the ground, a sawtooth through a closing filter for the growl.
#include "stems.hpp"
#include "synth.hpp"

namespace demo {

sfa::AudioBuffer play_bass(const Score& score) {
  sfa::AudioBuffer out(2, sfa::to_frames({score.seconds}, rate), rate);
  for (const auto& note : score.bass) {
    const auto start = sfa::to_frames({time_of(note.beat)}, rate);
    const double length = note.beats * 60.0 / bpm, hz = frequency_of(note.pitch);
    Oscillator saw(0.5);
    StateVariable filter;
    double phase = 0.0;
    for (sfa::Frames n = 0; n < sfa::to_frames({length + 0.06}, rate); ++n) {
      const double t = static_cast<double>(n) / rate.hz;
      phase += hz / rate.hz;
      const double cutoff = 220.0 + 1500.0 * note.velocity * std::exp(-t / 0.11);
      const double growl = filter.process(saw.saw(hz), cutoff, 1.1).low;
      const double sound = std::tanh(1.4 * (0.75 * sine(phase) + 0.55 * growl));
      const double shape = swell(t, length, 0.004, 0.06) * (0.7 + 0.3 * std::exp(-t / 0.25));
      add(out, start + n, note.velocity * sound * shape, 0.0);
    }
  }
  return out;
}

}  // namespace demo
