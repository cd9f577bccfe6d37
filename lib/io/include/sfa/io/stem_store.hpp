// The stems that networks made, in the content cache under stems/: whoever wants the same ones finds them,
// and a run that was killed goes on where it stood. For each KEY, which names the sound, the network and all
// that decides its output:
//
//   KEY.part    as it grows; whoever holds its lock (flock) makes it
//   KEY.state   what of it is finished, and what is needed to go on; replaced as a whole
//   KEY.stems   finished: float32, channel after channel, then the SHA-256 of each block
//
// A lock ends with its process, however that ends. Blocks that are not as their SHA-256 says, and files
// that were cut short, are made anew.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "sfa/audio/progress.hpp"
#include "sfa/io/content_cache.hpp"
#include "sfa/separation/kept_stems.hpp"

namespace sfa::io {

class StemStore {
 public:
  /// Without a cache: stems are kept in files without a name in $TMPDIR (else /tmp), as long as they are in use.
  StemStore() = default;
  explicit StemStore(ContentCache cache) : cache_(std::move(cache)) {}

  struct Shape {
    int channels = 0;  // of all stems together, >= 1
    Frames frames = 0;  // >= 1
    SampleRate rate{};
  };

  /// The entry `key` (letters, digits, '-'), finished or to be made by the caller alone. While another
  /// process makes it, this one waits, and tells `waiting` ten times a second how much the other has done.
  /// Throws Error::io, and what `waiting` does.
  [[nodiscard]] std::unique_ptr<separation::KeptStems> open(const std::string& key, const Shape& shape,
                                                            const Progress& waiting) const;

  /// The entry `key` if it is finished, else null.
  [[nodiscard]] std::unique_ptr<separation::KeptStems> find(const std::string& key, const Shape& shape) const;

 private:
  std::optional<ContentCache> cache_;
};

}  // namespace sfa::io
