// What a separation made: the document sfa.stems as a plain struct.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/source.hpp"

namespace sfa::separation {

struct StemFile {
  std::string name;            // drums, bass, other, vocals, ...
  std::string path;            // relative to the manifest's folder where it lies below it
  double peak_db = 0.0;        // sample peak in dBFS, -infinity for silence
  double loudness_lufs = 0.0;  // integrated, ITU-R BS.1770-4; -infinity for silence
};

/// How trained networks were used.
struct NetworkUse {
  std::string model;                       // as --model says it
  std::vector<std::string> networks;       // SHA-256 of the checkpoints' files, those that were needed
  std::string device, precision;           // "cpu", "cuda"; "float32", "bfloat16"
  double overlap = 0.25;                   // of a segment with the next
  std::optional<double> segment_seconds;   // none: the networks' own
  int shifts = 0;
  std::uint64_t seed = 0;                  // of the shifts
};

struct Stems {
  Source source;
  std::optional<FrameRange> range;    // where in its file `source` lies; none: it is the whole
  std::string engine;                 // "spectral", "network"
  std::string engine_note;            // what the engine is good for, in one honest sentence
  std::optional<NetworkUse> network;
  double gain_db = 0.0;               // of all stems, so that none goes beyond full scale
  std::vector<StemFile> stems;        // those written; all of an engine add up to the source
};

}  // namespace sfa::separation
