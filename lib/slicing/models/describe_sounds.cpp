// What scripts/train-slices learns from: sounds on standard input, what the network sees of each on
// standard output. A sound is its sample rate, the number of frames that precede it and that of its own,
// as 32-bit integers, and all these samples as 32-bit floats; what is seen, class_inputs 32-bit floats; all
// in the machine's byte order.
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "class_network.hpp"

using namespace sfa;

int main() {
  std::int32_t head[3];
  std::vector<float> samples;
  while (std::fread(head, sizeof head, 1, stdin) == 1) {
    if (head[0] < 1000 || head[1] < 0 || head[2] < 1 || head[1] > (1 << 26) || head[2] > (1 << 26)) return 1;
    samples.resize(static_cast<std::size_t>(head[1]) + static_cast<std::size_t>(head[2]));
    if (std::fread(samples.data(), sizeof(float), samples.size(), stdin) != samples.size()) return 1;
    const auto own = std::span<const float>(samples).subspan(static_cast<std::size_t>(head[1]));
    const auto sound = slicing::slice_sound(AudioView(own, SampleRate{head[0]}), own,
                                            {samples.begin(), samples.begin() + head[1]});
    const auto inputs = slicing::class_inputs_of(sound);
    std::fwrite(inputs.data(), sizeof(float), inputs.size(), stdout);
  }
  return 0;
}
