// Where a SoundWriter's samples go: one class for each way of encoding.
#pragma once
#include <memory>
#include <span>
#include <string>

#include "sfa/io/sound_file.hpp"

namespace sfa::io {

struct SinkFormat {
  SampleRate rate{};
  int channels = 0;
  SoundFormat format;
  std::string comment;
};

class SampleSink {
 public:
  virtual ~SampleSink() = default;
  virtual void write(std::span<const float> interleaved) = 0;
  /// Chunks that are to follow the samples. False where there is no place for them.
  virtual bool append_chunks(const std::string& chunks) { return chunks.empty(); }
  /// Completes what the descriptor holds; the descriptor stays open.
  virtual void finish() = 0;
};

/// WAV and RF64. Where the descriptor cannot be sought in, the header is a streaming one.
[[nodiscard]] std::unique_ptr<SampleSink> open_wav_sink(int descriptor, const std::string& name, bool can_seek,
                                                        const SinkFormat& format);

/// All others, on a regular file, by libsndfile. Error::unsupported for a combination it has not.
[[nodiscard]] std::unique_ptr<SampleSink> open_sndfile_sink(int descriptor, const std::string& name,
                                                            const SinkFormat& format);

}  // namespace sfa::io
