#include "sound.hpp"

#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"

namespace sfa::play {

void FileSound::go_to(Frames frame) {
  try {
    return reader_.advance_to(frame);
  } catch (const Error& error) {
    if (error.kind != Error::Kind::unsupported) throw;
  }
  if (io::is_stream(path_))
    throw Error(Error::Kind::unsupported, io::input_name(path_) + ": cannot go back in a pipe");
  reader_ = io::SoundReader(path_);
  reader_.advance_to(frame);
}

}  // namespace sfa::play
