#include "wav_marks.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "sfa/audio/error.hpp"

namespace sfa::io {
namespace {

void put(std::string& bytes, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFF);
}

/// A chunk's content is padded to whole words, its size is not.
std::string chunk(const char* name, const std::string& content) {
  std::string bytes = name;
  put(bytes, static_cast<std::uint32_t>(content.size()));
  bytes += content;
  if (content.size() % 2) bytes += '\0';
  return bytes;
}

std::uint32_t frame32(Frames frame) {
  if (frame < 0 || frame > std::numeric_limits<std::uint32_t>::max())
    throw Error(Error::Kind::unsupported, "marks in a WAV lie within its first 4294967295 frames");
  return static_cast<std::uint32_t>(frame);
}

std::string cue_points(const std::vector<SoundMark>& marks) {
  std::string content;
  put(content, static_cast<std::uint32_t>(marks.size()));
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    const auto begin = frame32(marks[i].range.begin);
    put(content, i + 1);
    put(content, begin);  // in the order of playing, which is that of the samples
    content += "data";
    put(content, 0);  // the only chunk of samples begins at 0, and so does its only block
    put(content, 0);
    put(content, begin);
  }
  return chunk("cue ", content);
}

/// All labels before the regions: ffmpeg and libsndfile read no further than the first of these.
std::string labels(const std::vector<SoundMark>& marks) {
  std::string content = "adtl", regions;
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    std::string label, region;
    put(label, i + 1);
    label += marks[i].label;
    label += '\0';
    content += chunk("labl", label);
    put(region, i + 1);
    put(region, frame32(marks[i].range.size()));
    region += "rgn ";
    put(region, 0);  // country, language
    put(region, 0);  // dialect, code page
    regions += chunk("ltxt", region);
  }
  return chunk("LIST", content + regions);
}

std::string sampler(const std::vector<SoundMark>& marks, SampleRate rate) {
  constexpr std::uint32_t middle_c = 60, once = 1;
  std::string content;
  put(content, 0);  // manufacturer
  put(content, 0);  // product
  put(content, static_cast<std::uint32_t>((1000000000LL + rate.hz / 2) / rate.hz));  // nanoseconds from sample to sample
  put(content, marks.size() == 1 && marks[0].note >= 0 ? static_cast<std::uint32_t>(marks[0].note) : middle_c);
  for (int i = 0; i < 3; ++i) put(content, 0);  // fraction of a note, SMPTE format, SMPTE offset
  put(content, static_cast<std::uint32_t>(marks.size()));
  put(content, 0);  // no data of a maker's own
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    put(content, i + 1);
    put(content, 0);  // forward
    put(content, frame32(marks[i].range.begin));
    put(content, frame32(marks[i].range.end - 1));  // the last frame that is played
    put(content, 0);
    put(content, once);
  }
  return chunk("smpl", content);
}

}  // namespace

std::string mark_chunks(const std::vector<SoundMark>& marks, SampleRate rate) {
  if (marks.empty()) return {};
  return cue_points(marks) + labels(marks) + sampler(marks, rate);
}

}  // namespace sfa::io
