#include "space.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "sfa/audio/units.hpp"

namespace demo {
namespace {

constexpr std::size_t lines = 8;
// Milliseconds, mutually inharmonic, as a mid-sized room's.
constexpr std::array<double, lines> delays_ms{23.7, 29.3, 33.1, 37.9, 41.7, 47.3, 53.9, 59.1};

class DelayLine {
 public:
  explicit DelayLine(std::size_t length) : samples_(length) {}
  [[nodiscard]] double oldest() const { return samples_[at_]; }
  void push(double sample) {
    samples_[at_] = sample;
    at_ = (at_ + 1) % samples_.size();
  }

 private:
  std::vector<double> samples_;
  std::size_t at_ = 0;
};

std::size_t length_of(double seconds, sfa::SampleRate rate) {
  return static_cast<std::size_t>(std::max<sfa::Frames>(1, sfa::to_frames({seconds}, rate)));
}

}  // namespace

void add_room(sfa::AudioBuffer& stereo, const Room& room) {
  std::vector<DelayLine> delay;
  std::array<double, lines> gain{}, damped{};
  for (std::size_t i = 0; i < lines; ++i) {
    const double seconds = delays_ms[i] / 1000.0;
    delay.emplace_back(length_of(seconds, stereo.rate()));
    gain[i] = std::pow(10.0, -3.0 * seconds / room.decay_seconds);
  }
  const auto left = stereo.channel(0), right = stereo.channel(1);
  for (std::size_t n = 0; n < left.size(); ++n) {
    std::array<double, lines> out{};
    double sum = 0.0;
    for (std::size_t i = 0; i < lines; ++i) {
      damped[i] += (1.0 - room.damping) * (delay[i].oldest() - damped[i]);
      out[i] = gain[i] * damped[i];
      sum += out[i];
    }
    // The Householder matrix I - 2/N, which keeps the energy.
    for (std::size_t i = 0; i < lines; ++i)
      delay[i].push(out[i] - 2.0 / lines * sum + 0.5 * static_cast<double>(i % 2 == 0 ? left[n] : right[n]));
    double wet_left = 0.0, wet_right = 0.0;
    for (std::size_t i = 0; i < lines; i += 2) {
      const double sign = i % 4 == 0 ? 1.0 : -1.0;
      wet_left += sign * out[i];
      wet_right += sign * out[i + 1];
    }
    left[n] += static_cast<float>(room.level * wet_left);
    right[n] += static_cast<float>(room.level * wet_right);
  }
}

void add_echo(sfa::AudioBuffer& stereo, double delay_seconds, double feedback, double level) {
  DelayLine to_left(length_of(delay_seconds, stereo.rate())), to_right = to_left;
  const auto left = stereo.channel(0), right = stereo.channel(1);
  for (std::size_t n = 0; n < left.size(); ++n) {
    const double heard_left = to_left.oldest(), heard_right = to_right.oldest();
    to_right.push(static_cast<double>(left[n]) + feedback * heard_left);
    to_left.push(feedback * heard_right);
    left[n] += static_cast<float>(level * heard_left);
    right[n] += static_cast<float>(level * heard_right);
  }
}

}  // namespace demo
