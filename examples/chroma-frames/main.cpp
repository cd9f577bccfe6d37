// chroma-frames SOUND: the chroma of a sound ("-" for standard input) ten times a second, on standard output as
// 24 floats for each frame: the treble from C upwards, then the bass. The last line on standard error tells the tuning.
#include <cstdio>
#include <exception>

#include "sfa/analysis/chroma.hpp"
#include "sfa/io/sound_file.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: chroma-frames SOUND\n", stderr), 2;
  try {
    sfa::io::SoundReader reader(argv[1]);
    sfa::analysis::ChromaAnalyzer analyzer(reader.info().rate);
    const auto write = [](const sfa::analysis::ChromaFrame& frame) {
      std::fwrite(frame.treble.data(), sizeof(float), frame.treble.size(), stdout);
      std::fwrite(frame.bass.data(), sizeof(float), frame.bass.size(), stdout);
    };
    for (auto block = reader.read(65536); block.frames() > 0; block = reader.read(65536))
      analyzer.add(sfa::to_mono(block.view()), write);
    const auto chroma = analyzer.finish(write);
    std::fprintf(stderr, "%.1f cents\n", chroma.tuning_cents);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "chroma-frames: %s\n", error.what()), 1;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
