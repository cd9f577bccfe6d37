// What a separation made: the document sfa.stems as a plain struct.
#pragma once
#include <string>
#include <vector>

#include "sfa/audio/source.hpp"

namespace sfa::separation {

struct StemFile {
  std::string name;            // drums, bass, other, vocals, ...
  std::string path;            // relative to the manifest's folder where it lies below it
  double peak_db = 0.0;        // sample peak in dBFS, -infinity for silence
  double loudness_lufs = 0.0;  // integrated, ITU-R BS.1770-4; -infinity for silence
};

struct Stems {
  Source source;
  std::string engine;                 // "spectral"
  std::string engine_note;            // what the engine is good for, in one honest sentence
  std::vector<StemFile> stems;        // those written; all of an engine add up to the source
};

}  // namespace sfa::separation
