// What is written of a song's stems: the stems themselves, and what is left of the song without some of them.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "options.hpp"
#include "separator.hpp"

namespace sfa::tool {

/// One file, or the stream.
struct Output {
  std::string name;
  bool is_rest = false;             // the song less `stems`; else the one of `stems` itself
  std::vector<std::size_t> stems;   // places in Outputs::made
};

struct Outputs {
  std::vector<std::size_t> made;    // which of the separator's stems
  std::vector<Output> list;

  [[nodiscard]] bool need_the_song() const;
  [[nodiscard]] std::vector<std::string> names() const;
};

/// Throws UsageError for a stem that is not among `stems`, the separator's.
[[nodiscard]] Outputs plan_outputs(const Options& options, const std::vector<std::string>& stems);

/// Takes the next block of each output.
using OutputSink = std::function<void(std::span<const AudioBuffer> outputs)>;

/// The outputs of `source`, whose song is `song`, at the clip mode's gain. Returns that gain: 1 but for rescale.
float make_outputs(const Outputs& outputs, ClipMode clip_mode, StemSource& source, Song& song, const OutputSink& sink,
                   const Progress& progress);

}  // namespace sfa::tool
