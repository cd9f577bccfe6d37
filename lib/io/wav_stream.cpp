#include "wav_stream.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <vector>

#include "sfa/audio/error.hpp"

static_assert(std::endian::native == std::endian::little, "WAV's samples lie in memory as in the file");

namespace sfa::io {
namespace {

constexpr unsigned tag_pcm = 1, tag_float = 3, tag_extensible = 0xFFFE;
constexpr std::uint32_t unknown32 = 0xFFFFFFFF;
constexpr std::size_t longest_header = std::size_t{1} << 26;  // tags with pictures fit, an endless one does not

// KSDATAFORMAT_SUBTYPE_*: the format tag, then these 14 bytes.
constexpr std::string_view subtype_tail{"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 14};

template <typename Integer>
void put(std::string& bytes, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    bytes += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xFF);
}

template <typename Integer>
Integer get(std::string_view bytes, std::size_t at) {
  Integer value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

bool is_float(SampleType type) { return type == SampleType::f32 || type == SampleType::f64; }

std::string format_chunk(const WavHeader& header) {
  const auto tag = static_cast<std::uint16_t>(is_float(header.type) ? tag_float : tag_pcm);
  const bool extensible = header.channels > 2;
  const int width = bytes_of(header.type), frame = width * header.channels;
  std::string chunk = "fmt ";
  // What is not PCM has a count of extra bytes, if only 0.
  put(chunk, std::uint32_t{extensible ? 40U : is_float(header.type) ? 18U : 16U});
  put(chunk, extensible ? static_cast<std::uint16_t>(tag_extensible) : tag);
  put(chunk, static_cast<std::uint16_t>(header.channels));
  put(chunk, static_cast<std::uint32_t>(header.rate.hz));
  put(chunk, static_cast<std::uint32_t>(header.rate.hz) * static_cast<std::uint32_t>(frame));
  put(chunk, static_cast<std::uint16_t>(frame));
  put(chunk, static_cast<std::uint16_t>(8 * width));
  if (extensible || is_float(header.type)) put(chunk, static_cast<std::uint16_t>(extensible ? 22 : 0));
  if (extensible) {
    put(chunk, static_cast<std::uint16_t>(8 * width));
    put(chunk, std::uint32_t{0});  // no speakers named: the channels are what the user says they are
    put(chunk, tag);
    chunk += subtype_tail;
  }
  return chunk;
}

/// The number of frames, which the specification asks for in all that is not PCM.
std::string fact_chunk(const WavHeader& header) {
  if (!is_float(header.type) || !header.data_bytes) return {};
  const auto frames = *header.data_bytes / static_cast<std::uint64_t>(bytes_of(header.type) * header.channels);
  std::string chunk = "fact";
  put(chunk, std::uint32_t{4});
  put(chunk, static_cast<std::uint32_t>(std::min<std::uint64_t>(frames, unknown32)));
  return chunk;
}

std::string comment_chunk(std::string comment) {
  if (comment.empty()) return {};
  comment += '\0';
  const auto length = static_cast<std::uint32_t>(comment.size());
  if (comment.size() % 2) comment += '\0';
  std::string chunk = "LIST";
  put(chunk, static_cast<std::uint32_t>(12 + comment.size()));
  chunk += "INFOICMT";
  put(chunk, length);
  return chunk + comment;
}

/// Takes bytes off a stream and keeps them.
class Taker {
 public:
  Taker(int descriptor, const std::string& name, std::string& taken)
      : descriptor_(descriptor), name_(name), taken_(taken) {}

  /// The next `count` bytes; fewer where the stream ends.
  std::string_view take(std::size_t count) {
    if (count > longest_header - std::min(taken_.size(), longest_header))
      throw Error(Error::Kind::invalid_data, name_ + ": no samples within the first 64 MiB");
    const auto before = taken_.size();
    taken_.resize(before + count);
    const auto got = read_up_to(descriptor_, std::as_writable_bytes(std::span(taken_).subspan(before)), name_);
    taken_.resize(before + got);
    return std::string_view(taken_).substr(before);
  }

 private:
  int descriptor_;
  const std::string& name_;
  std::string& taken_;
};

SampleType type_for(unsigned tag, unsigned bits) {
  if (tag == tag_float) return bits == 32 ? SampleType::f32 : bits == 64 ? SampleType::f64 : SampleType::other;
  if (tag != tag_pcm) return SampleType::other;
  switch (bits) {
    case 8: return SampleType::u8;
    case 16: return SampleType::s16;
    case 24: return SampleType::s24;
    case 32: return SampleType::s32;
    default: return SampleType::other;
  }
}

WavHeader parse_format(std::string_view chunk, const std::string& name) {
  if (chunk.size() < 16) throw Error(Error::Kind::invalid_data, name + ": a WAV header that is cut short");
  auto tag = get<std::uint16_t>(chunk, 0);
  if (tag == tag_extensible && chunk.size() >= 40) tag = get<std::uint16_t>(chunk, 24);
  WavHeader header;
  header.channels = get<std::uint16_t>(chunk, 2);
  const auto rate = get<std::uint32_t>(chunk, 4);
  header.type = type_for(tag, get<std::uint16_t>(chunk, 14));
  check_shape(name, header.channels, static_cast<long>(rate));
  header.rate = {static_cast<int>(rate)};
  if (header.type != SampleType::other && get<std::uint16_t>(chunk, 12) != bytes_of(header.type) * header.channels)
    header.type = SampleType::other;
  return header;
}

/// Nothing if the stream is no WAV.
std::optional<WavHeader> parse(Taker& stream, const std::string& name) {
  const auto riff = std::string(stream.take(12));
  if (riff.size() < 12 || (!riff.starts_with("RIFF") && !riff.starts_with("RF64")) || riff.substr(8) != "WAVE")
    return {};
  std::optional<WavHeader> header;
  const bool is_rf64 = riff.starts_with("RF64");
  std::optional<std::uint64_t> long_data_bytes;
  for (;;) {
    const auto head = stream.take(8);
    if (head.size() < 8) throw Error(Error::Kind::invalid_data, name + ": a WAV that ends before its samples");
    const auto id = std::string(head.substr(0, 4));
    const auto size = get<std::uint32_t>(head, 4);
    if (id == "data") {
      if (!header) throw Error(Error::Kind::invalid_data, name + ": a WAV without a format before its samples");
      header->is_rf64 = is_rf64;
      const auto bytes = is_rf64 && size == unknown32 ? long_data_bytes.value_or(unknown32) : size;
      // 0 is what some write before they know; an honest empty file has a RIFF size that fits.
      const auto riff_bytes = get<std::uint32_t>(riff, 4);
      const bool not_yet = bytes == 0 && (riff_bytes < 36 || is_unknown_size(riff_bytes));
      if (!is_unknown_size(bytes) && !not_yet) header->data_bytes = bytes;
      return header;
    }
    const auto body = stream.take(std::size_t{size} + size % 2);
    if (id == "fmt ") header = parse_format(body, name);
    if (id == "ds64" && body.size() >= 16) long_data_bytes = get<std::uint64_t>(body, 8);
  }
}

float sample_at(const std::byte* at, SampleType type) {
  const auto read = [at]<typename Value>(Value value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  switch (type) {
    case SampleType::u8: return static_cast<float>(std::to_integer<int>(*at) - 128) * 0x1p-7F;
    case SampleType::s16: return static_cast<float>(read(std::int16_t{})) * 0x1p-15F;
    case SampleType::s24: {
      std::uint32_t high = 0;
      std::memcpy(&high, at, 3);
      return static_cast<float>(static_cast<std::int32_t>(high << 8) >> 8) * 0x1p-23F;
    }
    case SampleType::s32: return static_cast<float>(read(std::int32_t{})) * 0x1p-31F;
    case SampleType::f64: return static_cast<float>(read(double{}));
    default: return read(float{});
  }
}

class WavSource final : public SampleSource {
 public:
  WavSource(Descriptor file, std::string name, const WavHeader& header)
      : file_(std::move(file)), name_(std::move(name)), header_(header) {
    info_.rate = header.rate;
    info_.channels = header.channels;
    info_.container = header.is_rf64 ? "RF64" : "WAV";
    info_.encoding = header.type == SampleType::f32   ? "float"
                     : header.type == SampleType::f64 ? "double"
                                                      : fmt::format("{}-bit PCM", 8 * bytes_of(header.type));
    if (is_regular(file_.number())) measure();
  }

  Frames read(std::span<float> interleaved) override {
    const auto width = static_cast<std::size_t>(bytes_of(header_.type)), frame = frame_bytes();
    std::uint64_t wanted = interleaved.size() * width;
    if (header_.data_bytes) wanted = std::min(wanted, *header_.data_bytes - done_);
    bytes_.resize(wanted);
    const auto count = read_up_to(file_.number(), bytes_, name_);
    done_ += count;
    if (count < wanted && (header_.data_bytes || count % frame != 0)) throw_cut_short();
    const auto samples = count / frame * static_cast<std::size_t>(header_.channels);
    for (std::size_t i = 0; i < samples; ++i)
      interleaved[i] = sample_at(bytes_.data() + i * width, header_.type);
    return static_cast<Frames>(count / frame);
  }

  void seek(Frames at) override {
    if (!info_.frames) throw Error(Error::Kind::unsupported, name_ + ": cannot seek in a pipe");
    done_ = static_cast<std::uint64_t>(at) * frame_bytes();
    if (::lseek(file_.number(), begin_ + static_cast<off_t>(done_), SEEK_SET) < 0) throw_system_error(name_, errno);
  }

 private:
  [[nodiscard]] std::size_t frame_bytes() const {
    return static_cast<std::size_t>(bytes_of(header_.type)) * static_cast<std::size_t>(header_.channels);
  }

  /// Of a regular file the length is known, whatever its header says.
  void measure() {
    begin_ = ::lseek(file_.number(), 0, SEEK_CUR);
    const auto there = size_of(file_.number()) - static_cast<std::uint64_t>(begin_);
    if (!header_.data_bytes) header_.data_bytes = there;
    if (there < *header_.data_bytes) {
      done_ = there;
      throw_cut_short();
    }
    info_.frames = static_cast<Frames>(*header_.data_bytes / frame_bytes());
  }

  [[noreturn]] void throw_cut_short() const {
    const auto promised = header_.data_bytes ? fmt::format(" of {}", *header_.data_bytes) : "";
    throw Error(Error::Kind::invalid_data,
                fmt::format("{}: cut short after {}{} bytes of samples", name_, done_, promised));
  }

  Descriptor file_;
  std::string name_;
  WavHeader header_;
  off_t begin_ = 0;  // of the samples, in a regular file
  std::uint64_t done_ = 0;
  std::vector<std::byte> bytes_;
};

}  // namespace

int bytes_of(SampleType type) {
  switch (type) {
    case SampleType::u8: return 1;
    case SampleType::s16: return 2;
    case SampleType::s24: return 3;
    case SampleType::f64: return 8;
    default: return 4;
  }
}

bool is_unknown_size(std::uint64_t bytes) {
  // ffmpeg: 0xFFFFFFFF. sox: 0x7FFFF000. arecord: 0x7FFFFFFF or 0x80000000 less a header.
  return (bytes >= 0x7FFFF000 && bytes <= 0x80000000) || (bytes >= 0xFFFFFF00 && bytes <= 0xFFFFFFFF) ||
         bytes > std::uint64_t{1} << 62;
}

std::string wav_header(const WavHeader& header, const WavHeaderOptions& options) {
  const std::string rest = format_chunk(header) + fact_chunk(header) + comment_chunk(options.comment) + "data";
  const std::uint64_t riff_bytes = 4 + (options.room_for_rf64 ? 36 : 0) + rest.size() + 4 +
                                   header.data_bytes.value_or(0) + header.data_bytes.value_or(0) % 2 +
                                   header.later_bytes;
  const bool rf64 = options.always_rf64 || (options.room_for_rf64 && riff_bytes >= unknown32);
  const bool known = header.data_bytes && !rf64;
  std::string bytes = rf64 ? "RF64" : "RIFF";
  put(bytes, known ? static_cast<std::uint32_t>(riff_bytes) : unknown32);
  bytes += "WAVE";
  if (options.room_for_rf64) {
    bytes += rf64 ? "ds64" : "JUNK";
    put(bytes, std::uint32_t{28});
    const auto data_bytes = header.data_bytes.value_or(0);
    const auto frame = static_cast<std::uint64_t>(bytes_of(header.type) * header.channels);
    put(bytes, rf64 ? riff_bytes : 0);
    put(bytes, rf64 ? data_bytes : 0);
    put(bytes, rf64 ? data_bytes / frame : 0);
    put(bytes, std::uint32_t{0});
  }
  bytes += rest;
  put(bytes, known ? static_cast<std::uint32_t>(*header.data_bytes) : unknown32);
  return bytes;
}

std::int32_t quantised(float sample, int bits) {
  const double full = static_cast<double>(std::int64_t{1} << (bits - 1));
  return static_cast<std::int32_t>(std::clamp(std::nearbyint(sample * full), -full, full - 1.0));
}

void append_samples(std::string& bytes, std::span<const float> samples, SampleType type) {
  if (type == SampleType::f32) {
    bytes.append(reinterpret_cast<const char*>(samples.data()), samples.size_bytes());
    return;
  }
  const int width = bytes_of(type);
  for (const float sample : samples) {
    const auto value = static_cast<std::uint32_t>(quantised(sample, 8 * width));
    for (int i = 0; i < width; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
  }
}

std::unique_ptr<SampleSource> open_wav_stream(Descriptor& file, const std::string& name, std::string& taken) {
  Taker stream(file.number(), name, taken);
  const auto header = parse(stream, name);
  if (!header || header->type == SampleType::other) return nullptr;
  return std::make_unique<WavSource>(std::move(file), name, *header);
}

}  // namespace sfa::io
