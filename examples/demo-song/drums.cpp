// The drum kit: swept sines for skins, filtered noise for wires and cymbals.
#include <array>

#include "space.hpp"
#include "stems.hpp"
#include "synth.hpp"

namespace demo {
namespace {

/// One hit's sound as it goes on; `time` in seconds since the stroke.
class Voice {
 public:
  Voice(std::uint64_t seed, std::uint64_t number) : random_(seed, number) {}

  double skin(double time, double low_hz, double sweep_hz, double sweep, double decay) {
    phase_ += (low_hz + sweep_hz * std::exp(-time / sweep)) / rate.hz;
    return sine(phase_) * std::exp(-time / decay);
  }
  double hiss(double time, double centre_hz, double q, double decay) {
    return filter_.process(noise(random_), centre_hz, q).band * std::exp(-time / decay);
  }
  double metal(double time, double corner_hz, double decay) {
    constexpr std::array partials_hz{2093.0, 3142.0, 3907.0, 4571.0, 5323.0, 6211.0};  // inharmonic, as bronze is
    double sum = 0.8 * noise(random_);
    for (std::size_t i = 0; i < partials_hz.size(); ++i) sum += 0.16 * partials_[i].square(partials_hz[i]);
    return filter_.process(sum, corner_hz, 0.8).high * std::exp(-time / decay);
  }

 private:
  sfa::Random random_;
  StateVariable filter_;
  std::array<Oscillator, 6> partials_{};
  double phase_ = 0.0;
};

double clap_shape(double time) {  // three hands and the room
  double level = time < 0.03 ? 0.0 : std::exp(-(time - 0.03) / 0.07);
  for (const double hand : {0.0, 0.011, 0.023})
    if (time >= hand) level = std::max(level, std::exp(-(time - hand) / 0.005));
  return level;
}

double sound(Drum drum, Voice& voice, double t) {
  switch (drum) {
    case Drum::kick: return voice.skin(t, 46.0, 190.0, 0.022, 0.14) + voice.hiss(t, 3500.0, 0.8, 0.003);
    case Drum::snare:
      return 0.55 * voice.skin(t, 182.0, 60.0, 0.012, 0.075) + 0.9 * voice.hiss(t, 3800.0, 0.35, 0.085);
    case Drum::clap: return 1.1 * voice.hiss(0.0, 1400.0, 1.2, 1.0) * clap_shape(t);
    case Drum::closed_hat: return 0.30 * voice.metal(t, 7500.0, 0.028);
    case Drum::open_hat: return 0.28 * voice.metal(t, 7000.0, 0.16);
    case Drum::crash: return 0.42 * voice.metal(t, 4200.0, 0.65);
    case Drum::low_tom: return 0.9 * voice.skin(t, 82.0, 50.0, 0.05, 0.2);
    case Drum::mid_tom: return 0.9 * voice.skin(t, 117.0, 60.0, 0.05, 0.17);
    case Drum::high_tom: return 0.9 * voice.skin(t, 164.0, 70.0, 0.05, 0.14);
  }
  return 0.0;
}

double seconds_of(Drum drum) {
  switch (drum) {
    case Drum::closed_hat: return 0.22;
    case Drum::open_hat: return 0.23;  // closed by the next stroke
    case Drum::crash: return 3.0;
    default: return 0.9;
  }
}

double pan_of(Drum drum) {  // as the drummer sees the kit
  switch (drum) {
    case Drum::kick: return 0.0;
    case Drum::snare: return -0.08;
    case Drum::clap: return 0.1;
    case Drum::closed_hat:
    case Drum::open_hat: return -0.4;
    case Drum::crash: return 0.5;
    case Drum::high_tom: return -0.3;
    case Drum::mid_tom: return 0.1;
    case Drum::low_tom: return 0.4;
  }
  return 0.0;
}

}  // namespace

sfa::AudioBuffer play_drums(const Score& score, std::uint64_t seed) {
  sfa::AudioBuffer out(2, sfa::to_frames({score.seconds}, rate), rate);
  for (std::size_t i = 0; i < score.drums.size(); ++i) {
    const auto& hit = score.drums[i];
    const auto start = sfa::to_frames({time_of(hit.beat)}, rate);
    const double seconds = seconds_of(hit.drum);
    Voice voice(seed, i + 1);
    for (sfa::Frames n = 0; n < sfa::to_frames({seconds}, rate); ++n) {
      const double t = static_cast<double>(n) / rate.hz;
      const double shape = swell(t, seconds - 0.02, 0.0008, 0.02);
      add(out, start + n, hit.velocity * shape * sound(hit.drum, voice, t), pan_of(hit.drum));
    }
  }
  add_room(out, {.decay_seconds = 0.5, .damping = 0.4, .level = 0.09});
  return out;
}

}  // namespace demo
