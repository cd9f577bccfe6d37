// How much of a core the engine takes: 32 voices that all sound, each with a filter, at 48 kHz in blocks of 128 frames.
// Not a test: scripts/bench engine runs it. One line for each way of playing: its name, percent of a core (processor
// time of this thread over time of sound, the median of several runs), and the slowest block in percent of its length.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "material.hpp"

using namespace sfa;
using namespace sfa::engine;

namespace {

constexpr SampleRate rate{48000};
constexpr Frames block_frames = 128;
constexpr int voices = 32;
constexpr int seconds = 10, runs = 5;

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Way {
  const char* name;
  double semitones;
  Quality quality;
  bool filtered;
  int channels;
  bool master;
};

void measure(const Way& way) {
  const auto memory = noise(way.channels, rate.hz * seconds * 5, 1);
  Shelf shelf(memory);
  MasterOptions master;
  if (way.master) master = {.compressor = effects::CompressorOptions{}, .limiter = effects::LimiterOptions{}};
  std::vector<double> loads, slowest;
  for (int run = 0; run < runs; ++run) {
    Engine engine({.rate = rate, .voices = voices, .master = master}, {});
    for (int i = 0; i < voices; ++i) {
      Trigger trigger{.sample = shelf.cut({i * 1000, memory.frames()}),
                      .gain = 0.05F,
                      .pan = 0.03F * static_cast<float>(i - 16)};
      // Not all the same, so that none profits from another's cache lines.
      if (way.semitones != 0.0) set_speed(trigger, std::exp2((way.semitones + 0.01 * i) / 12.0), way.quality);
      if (way.filtered) trigger.filter = Filter{.cutoff_hz = 500.0 + 100.0 * i};
      engine.prepare(PlaySlice{trigger});
    }
    AudioBuffer out(2, block_frames, rate);
    double worst = 0.0;
    const double begin = processor_seconds();
    for (Frames done = 0; done < seconds * rate.hz; done += block_frames) {
      const double before = processor_seconds();
      engine.render(block_of(out));
      worst = std::max(worst, processor_seconds() - before);
    }
    loads.push_back((processor_seconds() - begin) / seconds);
    slowest.push_back(worst / to_seconds(block_frames, rate).value);
    Report report;
    bool all = true;
    while (engine.take(report)) all = all && report.voices == voices;
    if (!all) std::printf("not all voices sounded\n");
  }
  std::ranges::sort(loads);
  std::ranges::sort(slowest);
  std::printf("%-52s %6.2f %% %6.1f %%\n", way.name, 100.0 * loads[runs / 2], 100.0 * slowest[runs / 2]);
}

}  // namespace

int main() {
  for (const Way& way : {Way{"sinc, a fifth down, filtered", -7.0, Quality::sinc, true, 2, false},
                         Way{"sinc, a fifth up, filtered", 7.0, Quality::sinc, true, 2, false},
                         Way{"sinc, an octave up, filtered", 12.0, Quality::sinc, true, 2, false},
                         Way{"sinc, a fifth down, filtered, mono", -7.0, Quality::sinc, true, 1, false},
                         Way{"Hermite, a fifth down, filtered", -7.0, Quality::hermite, true, 2, false},
                         Way{"Hermite, an octave up, filtered", 12.0, Quality::hermite, true, 2, false},
                         Way{"Hermite, a fifth down, filtered, mono", -7.0, Quality::hermite, true, 1, false},
                         Way{"as recorded, filtered", 0.0, Quality::sinc, true, 2, false},
                         Way{"as recorded", 0.0, Quality::sinc, false, 2, false},
                         Way{"sinc, a fifth down, filtered, compressor and limiter",
                             -7.0, Quality::sinc, true, 2, true}})
    measure(way);
}
