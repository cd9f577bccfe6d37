#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "container_comment.hpp"
#include "descriptor.hpp"
#include "ogg_serial.hpp"
#include "sample_sink.hpp"
#include "sfa/audio/error.hpp"
#include "sndfile_io.hpp"
#include "wav_stream.hpp"

namespace sfa::io {
namespace {

int sndfile_format(SoundFormat format) {
  const auto sample = [&] {
    switch (format.encoding) {
      case Encoding::pcm16: return SF_FORMAT_PCM_16;
      case Encoding::pcm24: return SF_FORMAT_PCM_24;
      case Encoding::pcm32: return SF_FORMAT_PCM_32;
      default: return SF_FORMAT_FLOAT;
    }
  };
  switch (format.container) {
    case Container::w64: return SF_FORMAT_W64 | sample();
    case Container::aiff: return SF_FORMAT_AIFF | sample();
    case Container::caf: return SF_FORMAT_CAF | sample();
    case Container::au: return SF_FORMAT_AU | sample();
    case Container::flac: return SF_FORMAT_FLAC | sample();
    case Container::ogg: return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    case Container::opus: return SF_FORMAT_OGG | SF_FORMAT_OPUS;
    case Container::mp3: return SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III;
    default: return SF_FORMAT_WAV | sample();
  }
}

/// The sample rates of MPEG-1, MPEG-2 and MPEG-2.5 layer III: ISO 11172-3, ISO 13818-3 and Fraunhofer's.
bool is_mpeg_rate(int hz) {
  constexpr std::array rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
  return std::ranges::find(rates, hz) != rates.end();
}

class SndfileSink final : public SampleSink {
 public:
  SndfileSink(int descriptor, std::string name, const SinkFormat& format)
      : name_(std::move(name)), format_(format) {
    io_.descriptor = descriptor;
    io_.begin = static_cast<sf_count_t>(room_for_comment(format.format.container, format.comment));
    if (io_.begin > 0 && ::lseek(descriptor, io_.begin, SEEK_SET) < 0) throw_system_error(name_, errno);
    open(sndfile_format(format.format));
  }

  void write(std::span<const float> interleaved) override {
    const auto wanted = static_cast<sf_count_t>(interleaved.size());
    const auto bits = integer_bits();
    sf_count_t written = 0;
    if (bits > 0) {
      // Integers of our own rounding: with clipping on, libsndfile's are rounded down.
      integers_.clear();
      for (const float sample : interleaved)
        integers_.push_back(static_cast<int>(static_cast<std::uint32_t>(quantised(sample, bits)) << (32 - bits)));
      written = sf_write_int(handle_.get(), integers_.data(), wanted);
    } else {
      written = sf_write_float(handle_.get(), interleaved.data(), wanted);
    }
    if (io_.error_number != 0) throw_system_error(name_, io_.error_number);
    is_empty_ = is_empty_ && written == 0;
    if (written != wanted) throw Error(Error::Kind::io, name_ + ": " + sf_strerror(handle_.get()));
  }

  void finish() override {
    if (is_empty_ && format_.format.container == Container::aiff) reopen_empty_aiff();
    const int error = sf_close(handle_.release());
    if (io_.error_number != 0) throw_system_error(name_, io_.error_number);
    if (error != 0) throw Error(Error::Kind::io, name_ + ": " + sf_error_number(error));
    const auto container = format_.format.container;
    const bool is_ogg = container == Container::ogg || container == Container::opus;
    if (const int failure = is_ogg ? set_ogg_serial(io_.descriptor)
                                   : put_comment(io_.descriptor, container, format_.comment))
      throw_system_error(name_, failure);
  }

 private:
  void open(int format) {
    SF_INFO about{};
    about.samplerate = format_.rate.hz;
    about.channels = format_.channels;
    about.format = format;
    const bool is_mpeg = format_.format.container == Container::mp3;
    if (sf_format_check(&about) == 0 || (is_mpeg && !is_mpeg_rate(about.samplerate))) throw_unsupported();
    handle_ = io_.open(SFM_WRITE, about);
    if (io_.error_number != 0) throw_system_error(name_, io_.error_number);
    if (!handle_) throw_unsupported();
    // The PEAK chunk holds the time of day.
    sf_command(handle_.get(), SFC_SET_ADD_PEAK_CHUNK, nullptr, SF_FALSE);
    if (!format_.comment.empty()) sf_set_string(handle_.get(), SF_STR_COMMENT, format_.comment.c_str());
  }

  /// In an AIFF of float without a frame, libsndfile leaves the space of the PEAK chunk as sound.
  void reopen_empty_aiff() {
    handle_.reset();
    if (::ftruncate(io_.descriptor, 0) != 0 || ::lseek(io_.descriptor, 0, SEEK_SET) != 0)
      throw_system_error(name_, errno);
    open(SF_FORMAT_AIFF | SF_FORMAT_PCM_16);
  }

  [[noreturn]] void throw_unsupported() const {
    throw Error(Error::Kind::unsupported, fmt::format("{}: {} channels at {} Hz cannot be kept in this format",
                                                      name_, format_.channels, format_.rate.hz));
  }

  [[nodiscard]] int integer_bits() const {
    switch (format_.format.encoding) {
      case Encoding::pcm16: return 16;
      case Encoding::pcm24: return 24;
      case Encoding::pcm32: return 32;
      default: return 0;
    }
  }

  std::string name_;
  SinkFormat format_;
  SndfileIo io_;
  SndfileHandle handle_;
  std::vector<int> integers_;
  bool is_empty_ = true;
};

}  // namespace

std::unique_ptr<SampleSink> open_sndfile_sink(int descriptor, const std::string& name,
                                              const SinkFormat& format) {
  return std::make_unique<SndfileSink>(descriptor, name, format);
}

}  // namespace sfa::io
