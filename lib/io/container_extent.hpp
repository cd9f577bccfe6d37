// How much sound a file's header promises, against how much is there: libsndfile quietly takes
// what it finds, so that half a file would pass for a whole one.
#pragma once
#include <string>

namespace sfa::io {

/// Throws Error::invalid_data if the regular file `descriptor` is a WAV, RF64, W64, AIFF, CAF, AU
/// or Ogg file that ends before its header says so. Sizes that mean "to the end" are fine.
void check_extent(int descriptor, const std::string& name);

/// A CAF whose samples go on to the end of the file, which libsndfile calls malformed.
[[nodiscard]] bool is_endless_caf(int descriptor);

}  // namespace sfa::io
