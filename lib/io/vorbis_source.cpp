// Ogg Vorbis by libvorbisfile. libsndfile decodes the same samples, but its seeking misses the
// frame asked for by up to some hundreds near page borders and fails in the last page.
#include <fmt/format.h>
#include <unistd.h>
#include <vorbis/codec.h>

#define OV_EXCLUDE_STATIC_CALLBACKS
#include <vorbis/vorbisfile.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "container_extent.hpp"
#include "sample_source.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

int number_of(void* file) { return static_cast<const Descriptor*>(file)->number(); }

// Errors of the system count as the end here; libvorbisfile then misses pages and says so.
std::size_t read_file(void* bytes, std::size_t size, std::size_t count, void* file) {
  for (;;) {
    const auto done = ::read(number_of(file), bytes, size * count);
    if (done >= 0) return static_cast<std::size_t>(done) / size;
    if (errno != EINTR) return 0;
  }
}
int seek_file(void* file, ogg_int64_t offset, int whence) {
  return ::lseek(number_of(file), offset, whence) < 0 ? -1 : 0;
}
long tell_file(void* file) { return ::lseek(number_of(file), 0, SEEK_CUR); }

class VorbisSource final : public SampleSource {
 public:
  VorbisSource(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {
    check_extent(file_.number(), name_);
    const ov_callbacks callbacks{read_file, seek_file, nullptr, tell_file};
    is_open_ = ov_open_callbacks(&file_, &stream_, nullptr, 0, callbacks) == 0;
    if (!is_open_) throw Error(Error::Kind::invalid_data, name_ + ": not a Vorbis stream that can be read");
    const auto* about = ov_info(&stream_, -1);
    check_shape(name_, about->channels, about->rate);
    info_.channels = about->channels;
    info_.rate = {static_cast<int>(about->rate)};
    if (const auto frames = ov_pcm_total(&stream_, -1); frames >= 0) info_.frames = frames;
    info_.container = "Ogg";
    info_.encoding = "Vorbis";
  }
  ~VorbisSource() override {
    if (is_open_) ov_clear(&stream_);
  }

  Frames read(std::span<float> interleaved) override {
    const auto channels = static_cast<std::size_t>(info_.channels);
    const auto wanted = interleaved.size() / channels;
    std::size_t done = 0;
    while (done < wanted) {
      float** planes = nullptr;
      const auto most = static_cast<int>(std::min<std::size_t>(wanted - done, 4096));
      const auto count = ov_read_float(&stream_, &planes, most, nullptr);
      if (count == 0) break;
      if (count < 0) throw Error(Error::Kind::invalid_data, name_ + ": damaged Vorbis data");
      require_same_shape();
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
          interleaved[(done + i) * channels + c] = planes[c][i];
      done += static_cast<std::size_t>(count);
    }
    at_ += static_cast<Frames>(done);
    if (done < wanted && info_.frames && at_ < *info_.frames)
      throw Error(Error::Kind::invalid_data,
                  fmt::format("{}: cut short after {} of {} frames", name_, at_, *info_.frames));
    return static_cast<Frames>(done);
  }

  void seek(Frames frame) override {
    if (ov_pcm_seek(&stream_, frame) != 0)
      throw Error(Error::Kind::invalid_data, fmt::format("{}: cannot go to frame {}", name_, frame));
    at_ = frame;
  }

 private:
  /// One file may hold several streams, one behind the other.
  void require_same_shape() {
    const auto* about = ov_info(&stream_, -1);
    if (about->channels != info_.channels || about->rate != info_.rate.hz)
      throw Error(Error::Kind::unsupported,
                  name_ + ": streams of several sample rates or channel counts in one file");
  }

  Descriptor file_;
  std::string name_;
  OggVorbis_File stream_{};
  bool is_open_ = false;
  Frames at_ = 0;
};

}  // namespace

bool is_vorbis(const Descriptor& file) {
  // The first page holds the identification header and nothing else: 28 bytes of page, then
  // "\x01vorbis" (Vorbis I specification, sections 4.2.1 and A.2).
  std::array<char, 35> start{};
  return read_at(file.number(), 0, std::as_writable_bytes(std::span(start))) == start.size() &&
         std::memcmp(start.data(), "OggS", 4) == 0 && std::memcmp(start.data() + 28, "\x01vorbis", 7) == 0;
}

std::unique_ptr<SampleSource> open_by_vorbisfile(Descriptor file, const std::string& name) {
  return std::make_unique<VorbisSource>(std::move(file), name);
}

}  // namespace sfa::io
