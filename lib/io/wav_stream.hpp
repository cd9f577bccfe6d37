// WAV as it comes and goes on pipes, where nobody can go back to mend a header: sizes that are not
// known are 0xFFFFFFFF, and whoever reads goes on to the end. libsndfile refuses to write such a
// stream, misreads the length of one, and stops at 4 GiB when such a stream has become a file.
// RIFF: IBM and Microsoft, "Multimedia programming interface and data specifications 1.0", 1991;
// WAVEFORMATEXTENSIBLE: Microsoft, "Multiple channel audio data and WAVE files", 2007;
// RF64 and its "ds64" and "JUNK" chunks: EBU Tech 3306, 2009.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "descriptor.hpp"
#include "sample_source.hpp"

namespace sfa::io {

enum class SampleType { u8, s16, s24, s32, f32, f64, other };

[[nodiscard]] int bytes_of(SampleType type);

struct WavHeader {
  SampleRate rate{};
  int channels = 0;
  SampleType type = SampleType::f32;
  std::optional<std::uint64_t> data_bytes;  // none: to the end of the stream
  bool is_rf64 = false;                     // when read
  std::uint64_t later_bytes = 0;            // of chunks after the samples, when written
};

/// A data size that programs write when they do not know it.
[[nodiscard]] bool is_unknown_size(std::uint64_t bytes);

struct WavHeaderOptions {
  std::string comment;         // goes into a LIST INFO ICMT chunk
  bool room_for_rf64 = false;  // a chunk that becomes ds64 where sizes need more than 32 bits
  bool always_rf64 = false;    // needs the room
};

/// The bytes before the first sample.
[[nodiscard]] std::string wav_header(const WavHeader& header, const WavHeaderOptions& options = {});

/// Appends samples as the file holds them: integers rounded to the nearest and clipped.
void append_samples(std::string& bytes, std::span<const float> samples, SampleType type);

/// The integer of `bits` bits nearest to `sample` (halves to even), clipped to full scale.
[[nodiscard]] std::int32_t quantised(float sample, int bits);

/// WAV in a pipe, or in a regular file of any size. Reads the header from `file`, adding each byte
/// taken to `taken`. Null if this is no WAV, or not one of plain samples; the caller then has in
/// `taken` what it needs to go another way.
[[nodiscard]] std::unique_ptr<SampleSource> open_wav_stream(Descriptor& file, const std::string& name,
                                                            std::string& taken);

}  // namespace sfa::io
