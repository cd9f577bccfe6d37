#include <unistd.h>

#include <cerrno>

#include "descriptor.hpp"
#include "sample_sink.hpp"
#include "wav_stream.hpp"

namespace sfa::io {
namespace {

SampleType type_for(Encoding encoding) {
  switch (encoding) {
    case Encoding::pcm16: return SampleType::s16;
    case Encoding::pcm24: return SampleType::s24;
    case Encoding::pcm32: return SampleType::s32;
    default: return SampleType::f32;
  }
}

class WavSink final : public SampleSink {
 public:
  WavSink(int descriptor, std::string name, bool can_seek, const SinkFormat& format)
      : descriptor_(descriptor),
        name_(std::move(name)),
        header_{format.rate, format.channels, type_for(format.format.encoding), {}, false, 0},
        can_seek_(can_seek) {
    const bool rf64 = format.format.container == Container::rf64;
    options_ = {format.comment, can_seek, can_seek && rf64};
    if (can_seek_) header_.data_bytes = 0;
    put(wav_header(header_, options_));
  }

  void write(std::span<const float> interleaved) override {
    bytes_.clear();
    append_samples(bytes_, interleaved, header_.type);
    put(bytes_);
    data_bytes_ += bytes_.size();
  }

  bool append_chunks(const std::string& chunks) override {
    if (can_seek_) chunks_ = chunks;
    return can_seek_ || chunks.empty();
  }

  void finish() override {
    if (!can_seek_) return;
    if (data_bytes_ % 2) put(std::string(1, '\0'));
    put(chunks_);
    header_.later_bytes = chunks_.size();
    header_.data_bytes = data_bytes_;
    const auto bytes = wav_header(header_, options_);
    if (::lseek(descriptor_, 0, SEEK_SET) != 0) throw_system_error(name_, errno);
    put(bytes);
  }

 private:
  void put(const std::string& bytes) {
    if (const int error = write_all(descriptor_, bytes)) throw_system_error(name_, error);
  }

  int descriptor_;
  std::string name_;
  WavHeader header_;
  WavHeaderOptions options_;
  bool can_seek_;
  std::uint64_t data_bytes_ = 0;
  std::string bytes_, chunks_;
};

}  // namespace

std::unique_ptr<SampleSink> open_wav_sink(int descriptor, const std::string& name, bool can_seek,
                                          const SinkFormat& format) {
  return std::make_unique<WavSink>(descriptor, name, can_seek, format);
}

}  // namespace sfa::io
