#include <fmt/format.h>

#include <algorithm>

#include "container_extent.hpp"
#include "sample_source.hpp"
#include "sfa/audio/error.hpp"
#include "sndfile_io.hpp"

namespace sfa::io {
namespace {

std::string container_name(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX: return "WAV";
    case SF_FORMAT_RF64: return "RF64";
    case SF_FORMAT_W64: return "W64";
    case SF_FORMAT_AIFF: return "AIFF";
    case SF_FORMAT_CAF: return "CAF";
    case SF_FORMAT_AU: return "AU";
    case SF_FORMAT_FLAC: return "FLAC";
    case SF_FORMAT_OGG: return "Ogg";
    default: break;
  }
  SF_FORMAT_INFO info{format & SF_FORMAT_TYPEMASK, nullptr, nullptr};
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &info, sizeof info);
  return info.name ? info.name : "unknown";
}

std::string encoding_name(int format) {
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8: return "8-bit PCM";
    case SF_FORMAT_PCM_16: return "16-bit PCM";
    case SF_FORMAT_PCM_24: return "24-bit PCM";
    case SF_FORMAT_PCM_32: return "32-bit PCM";
    case SF_FORMAT_FLOAT: return "float";
    case SF_FORMAT_DOUBLE: return "double";
    case SF_FORMAT_VORBIS: return "Vorbis";
    case SF_FORMAT_OPUS: return "Opus";
    default: break;
  }
  SF_FORMAT_INFO info{format & SF_FORMAT_SUBMASK, nullptr, nullptr};
  sf_command(nullptr, SFC_GET_FORMAT_INFO, &info, sizeof info);
  return info.name ? info.name : "unknown";
}

class SndfileSource final : public SampleSource {
 public:
  SndfileSource(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {
    io_.descriptor = file_.number();
  }

  /// False if libsndfile does not know the format.
  bool open() {
    SF_INFO about{};
    handle_ = io_.open(SFM_READ, about);
    if (io_.error_number != 0) throw_system_error(name_, io_.error_number);
    if (!handle_) {
      const int error = sf_error(nullptr);
      if (error == SF_ERR_UNRECOGNISED_FORMAT || error == SF_ERR_UNSUPPORTED_ENCODING) return false;
      if (is_endless_caf(file_.number())) return false;
      throw Error(Error::Kind::invalid_data, name_ + ": " + reason(nullptr));
    }
    check_shape(name_, about.channels, about.samplerate);
    check_extent(file_.number(), name_);
    info_.rate = {about.samplerate};
    info_.channels = about.channels;
    if (about.frames < SF_COUNT_MAX) info_.frames = about.frames;  // an Ogg stream that was never finished
    info_.container = container_name(about.format);
    info_.encoding = encoding_name(about.format);
    return true;
  }

  Frames read(std::span<float> interleaved) override {
    const auto wanted = static_cast<Frames>(interleaved.size()) / info_.channels;
    const auto frames = std::max<Frames>(sf_readf_float(handle_.get(), interleaved.data(), wanted), 0);
    if (io_.error_number != 0) throw_system_error(name_, io_.error_number);
    if (frames < wanted && sf_error(handle_.get()) != SF_ERR_NO_ERROR)
      throw Error(Error::Kind::invalid_data, fmt::format("{}: {}", name_, reason(handle_.get())));
    at_ += frames;
    if (info_.frames && frames < wanted && at_ < *info_.frames)
      throw Error(Error::Kind::invalid_data,
                  fmt::format("{}: cut short after {} of {} frames", name_, at_, *info_.frames));
    return frames;
  }

  void seek(Frames frame) override {
    if (sf_seek(handle_.get(), frame, SEEK_SET) != frame)
      throw Error(Error::Kind::invalid_data, fmt::format("{}: cannot go to frame {}", name_, frame));
    at_ = frame;
  }

 private:
  [[nodiscard]] static std::string reason(SNDFILE* handle) {
    std::string text = sf_strerror(handle);
    while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
    return text;
  }

  Descriptor file_;
  std::string name_;
  SndfileIo io_;
  SndfileHandle handle_;
  Frames at_ = 0;
};

}  // namespace

std::unique_ptr<SampleSource> open_by_sndfile(Descriptor file, const std::string& name) {
  auto source = std::make_unique<SndfileSource>(std::move(file), name);
  if (!source->open()) return nullptr;
  return source;
}

}  // namespace sfa::io
