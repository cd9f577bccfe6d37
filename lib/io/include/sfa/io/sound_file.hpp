// Sound files in and out: WAV of our own, MP3 by libmpg123, Ogg Vorbis by libvorbisfile, what else
// libsndfile knows, and through an ffmpeg child process whatever that can decode. Lengths are
// counted, never guessed, and seeking is exact to the sample. Block by block, so that a long file
// needs no more memory than a short one. MP3 starts and ends where its LAME tag says (gapless);
// without one, the encoder's delay is part of the sound.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfa/audio/buffer.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/io/audio_hash.hpp"

namespace sfa::io {

struct SoundInfo {
  SampleRate rate{};
  int channels = 0;
  std::optional<Frames> frames;  // unknown on pipes until the end is reached
  std::string container;         // "WAV", "FLAC", "Ogg", "MP3", ...
  std::string encoding;          // "16-bit PCM", "float", "Vorbis", ...
};

/// 1 to 64 channels, 1 kHz to 768 kHz; anything else is Error::unsupported.
class SoundReader {
 public:
  /// `path`, or "-" for standard input. WAV on a pipe is read as it comes, to the end where its
  /// header says no length; what else comes down a pipe is first kept in a file without a name. Throws Error::not_found, invalid_data (with what is wrong), io.
  explicit SoundReader(const std::string& path);
  ~SoundReader();
  SoundReader(SoundReader&&) noexcept;
  SoundReader& operator=(SoundReader&&) noexcept;

  [[nodiscard]] const SoundInfo& info() const;

  /// The next `frames` >= 1 frames, fewer at the end, none after it. NaN and infinite samples
  /// are Error::invalid_data that says where. A file that ends before its header said so is
  /// Error::invalid_data too.
  [[nodiscard]] AudioBuffer read(Frames frames);

  /// Continues at `frame`. Error::unsupported on pipes and through ffmpeg.
  void seek(Frames frame);

  /// Continues at `frame`, or at the end of a sound that is shorter, reading up to there what cannot be
  /// sought in; Error::unsupported where that would have to go back.
  void advance_to(Frames frame);

  /// The frame that is read next.
  [[nodiscard]] Frames position() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The whole file. `range` in frames, if given, is cut to what exists.
[[nodiscard]] AudioBuffer read_sound(const std::string& path, std::optional<FrameRange> range = {},
                                     const Progress& progress = {});

enum class Container { wav, rf64, w64, aiff, caf, au, flac, ogg, opus, mp3 };
enum class Encoding { pcm16, pcm24, pcm32, float32, lossy };

struct SoundFormat {
  Container container = Container::wav;
  Encoding encoding = Encoding::float32;
};

/// From a file name's ending ("wav", "flac", "ogg", ...); lossy where the container is.
/// `bit_depth` 16, 24, 32 or 0 for float where the container has it (else 24).
/// Error::unsupported for an ending nobody knows or a combination that does not exist.
[[nodiscard]] SoundFormat format_for(const std::string& path, int bit_depth = 0);

/// A stretch of a sound with a name, not empty.
struct SoundMark {
  FrameRange range;
  std::string label;
  int note = -1;  // MIDI note at which it was recorded, -1 where that is not known
};

/// Writes a file under its final name only when commit() has been called: see AtomicFile. WAV
/// that outgrows 4 GiB becomes RF64. To "-" it writes WAV with a streaming header.
/// The same samples give the same bytes in every format.
class SoundWriter {
 public:
  /// `recipe` is kept in the file where the container has a place for it (see recipe.hpp).
  SoundWriter(const std::string& path, SampleRate rate, int channels, SoundFormat format,
              const std::string& recipe = {});
  ~SoundWriter();
  SoundWriter(SoundWriter&&) noexcept;
  SoundWriter& operator=(SoundWriter&&) noexcept;

  /// NaN and infinite samples are Error::invalid_data. Samples beyond full scale are clipped by integer formats, never wrapped. Float samples that
  /// become integers are rounded to the nearest (halves to even); dither is the caller's business (mix/dither.hpp).
  void write(const AudioView& audio);

  /// Marks stretches of what is written: cue points, labels, regions and a sampler's loops. At any time before
  /// commit(). Error::unsupported unless it is a WAV or RF64 file, and for frames beyond 2^32 - 1.
  void mark(const std::vector<SoundMark>& marks);

  /// Finishes the file, syncs it to disk and gives it its final name.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

void write_sound(const std::string& path, const AudioView& audio, SoundFormat format, const std::string& recipe = {});

}  // namespace sfa::io
