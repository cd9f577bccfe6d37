// Where a SoundReader has its samples from: one class for each way of decoding.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "descriptor.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::io {

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  [[nodiscard]] const SoundInfo& info() const { return info_; }

  /// Fills `interleaved` (a whole number of frames); less only at the end. Returns the frames.
  virtual Frames read(std::span<float> interleaved) = 0;

  /// Continues at `frame`, 0 <= frame <= *info().frames.
  virtual void seek(Frames frame) = 0;

 protected:
  SoundInfo info_;
};

/// Throws Error::unsupported outside 1 to 64 channels and 1 kHz to 768 kHz.
void check_shape(const std::string& name, int channels, long rate_hz);

/// A regular file, by libsndfile. Null if libsndfile does not know its format.
[[nodiscard]] std::unique_ptr<SampleSource> open_by_sndfile(Descriptor file, const std::string& name);

/// Whether a regular file begins with MPEG audio, layer I, II or III.
[[nodiscard]] bool is_mpeg(const Descriptor& file);
[[nodiscard]] std::unique_ptr<SampleSource> open_by_mpg123(Descriptor file, const std::string& name);

/// Whether a regular file begins with an Ogg Vorbis stream.
[[nodiscard]] bool is_vorbis(const Descriptor& file);
[[nodiscard]] std::unique_ptr<SampleSource> open_by_vorbisfile(Descriptor file, const std::string& name);

/// Anything else, by a child process. `path` may be "/dev/fd/N" of an open descriptor N.
[[nodiscard]] std::unique_ptr<SampleSource> open_by_ffmpeg(const std::string& path, const std::string& name);

}  // namespace sfa::io
