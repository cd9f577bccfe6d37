// MPEG audio by libmpg123 itself. libsndfile, which uses it too, asks it for a length without
// letting it count: without a Xing header that is a guess from the bit rate, and a guess too low
// cuts the sound off (half of a 20 s file of variable bit rate).
#include <fmt/format.h>
#include <mpg123.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "sample_source.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

struct HandleDeleter {
  void operator()(mpg123_handle* handle) const { mpg123_delete(handle); }
};

ssize_t read_handle(void* file, void* bytes, std::size_t count) {
  for (;;) {
    const auto done = ::read(static_cast<const Descriptor*>(file)->number(), bytes, count);
    if (done >= 0 || errno != EINTR) return done;
  }
}

off_t seek_handle(void* file, off_t offset, int whence) {
  return ::lseek(static_cast<const Descriptor*>(file)->number(), offset, whence);
}

/// Where the first MPEG frame is, behind an ID3v2 tag (its size: ID3v2.4 structure, section 3.1).
std::uint64_t first_frame(const Descriptor& file) {
  std::array<unsigned char, 10> id3{};
  const auto bytes = std::as_writable_bytes(std::span(id3));
  if (read_at(file.number(), 0, bytes) < id3.size() || std::memcmp(id3.data(), "ID3", 3) != 0) return 0;
  const bool has_footer = id3[5] & 0x10U;
  std::uint64_t size = 0;
  for (std::size_t i = 6; i < 10; ++i) size = size << 7 | id3[i];
  return 10 + (has_footer ? 10 : 0) + size;
}

/// The number of MPEG frames in a Xing or Info tag, which stands in the first frame behind its side
/// information (ISO 11172-3, 2.4.1.7; the tag: LAME's "Mp3 Info Tag rev 1"); 0 if there is none.
std::uint32_t frames_promised(const Descriptor& file) {
  const auto begin = first_frame(file);
  for (const unsigned side_information : {32U, 17U, 9U}) {
    std::array<unsigned char, 12> tag{};
    const auto bytes = std::as_writable_bytes(std::span(tag));
    if (read_at(file.number(), begin + 4 + side_information, bytes) < tag.size()) continue;
    const bool found = std::memcmp(tag.data(), "Xing", 4) == 0 || std::memcmp(tag.data(), "Info", 4) == 0;
    if (!found || !(tag[7] & 1U)) continue;
    std::uint32_t frames = 0;
    for (std::size_t i = 8; i < 12; ++i) frames = frames << 8 | tag[i];
    return frames;
  }
  return 0;
}

class MpegSource final : public SampleSource {
 public:
  MpegSource(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {
    mpg123_init();
    handle_.reset(mpg123_new(nullptr, nullptr));
    if (!handle_) throw Error(Error::Kind::unsupported, name_ + ": libmpg123 does not start");
    mpg123_param(handle_.get(), MPG123_ADD_FLAGS, MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_GAPLESS, 0.0);
    // After a seek, decode so many frames ahead that any bit reservoir (511 bytes) has been filled,
    // be the frames as short as 32 kbit/s makes them.
    mpg123_param(handle_.get(), MPG123_PREFRAMES, 32, 0.0);
    check(mpg123_replace_reader_handle(handle_.get(), read_handle, seek_handle, nullptr));
    check(mpg123_open_handle(handle_.get(), &file_));
    check(mpg123_scan(handle_.get()));
    long rate = 0;
    int encoding = 0;
    check(mpg123_getformat(handle_.get(), &rate, &info_.channels, &encoding));
    check_shape(name_, info_.channels, rate);
    // What a stream turns into midway is not followed: mono becomes both channels, another rate is an error.
    mpg123_format_none(handle_.get());
    check(mpg123_format(handle_.get(), rate, info_.channels, MPG123_ENC_FLOAT_32));
    check_length();
    info_.rate = {static_cast<int>(rate)};
    const auto frames = mpg123_length(handle_.get());
    if (frames < 0) throw Error(Error::Kind::invalid_data, name_ + ": its length cannot be counted");
    info_.frames = frames;
    mpg123_frameinfo about{};
    check(mpg123_info(handle_.get(), &about));
    info_.container = fmt::format("MP{}", about.layer);
    info_.encoding = "MPEG layer " + std::string(static_cast<std::size_t>(about.layer), 'I');
  }

  Frames read(std::span<float> interleaved) override {
    std::size_t done = 0;
    while (done < interleaved.size_bytes()) {
      std::size_t bytes = 0;
      const int result = mpg123_read(handle_.get(), std::as_writable_bytes(interleaved).data() + done,
                                     interleaved.size_bytes() - done, &bytes);
      done += bytes;
      if (result == MPG123_DONE || (result == MPG123_OK && bytes == 0)) break;
      if (result != MPG123_NEW_FORMAT) check(result);
    }
    return static_cast<Frames>(done / sizeof(float)) / info_.channels;
  }

  void seek(Frames frame) override {
    const auto at = mpg123_seek(handle_.get(), frame, SEEK_SET);
    if (at != frame) throw Error(Error::Kind::invalid_data, fmt::format("{}: cannot go to frame {}", name_, frame));
  }

 private:
  void check(int result) const {
    if (result != MPG123_OK)
      throw Error(Error::Kind::invalid_data, fmt::format("{}: {}", name_, mpg123_strerror(handle_.get())));
  }

  void check_length() const {
    const auto there = std::max<std::int64_t>(mpg123_framelength(handle_.get()), 0);
    const auto promised = frames_promised(file_);
    if (there + 1 < promised)  // some count the tag's own frame
      throw Error(Error::Kind::invalid_data,
                  fmt::format("{}: cut short after {} of {} MPEG frames", name_, there, promised));
  }

  Descriptor file_;
  std::string name_;
  std::unique_ptr<mpg123_handle, HandleDeleter> handle_;
};

}  // namespace

bool is_mpeg(const Descriptor& file) {
  std::array<unsigned char, 3> header{};
  if (read_at(file.number(), first_frame(file), std::as_writable_bytes(std::span(header))) < header.size())
    return false;
  const bool sync = header[0] == 0xFF && (header[1] & 0xE0U) == 0xE0;
  const bool version = (header[1] & 0x18U) != 0x08, layer = (header[1] & 0x06U) != 0;  // layer 0 is AAC's
  const bool bit_rate = (header[2] & 0xF0U) != 0xF0, rate = (header[2] & 0x0CU) != 0x0C;
  return sync && version && layer && bit_rate && rate;
}

std::unique_ptr<SampleSource> open_by_mpg123(Descriptor file, const std::string& name) {
  return std::make_unique<MpegSource>(std::move(file), name);
}

}  // namespace sfa::io
