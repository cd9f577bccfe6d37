#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <limits>
#include <vector>

#include "sample_source.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/input.hpp"
#include "sfa/io/sound_file.hpp"
#include "wav_stream.hpp"

namespace sfa::io {
namespace {

constexpr int most_channels = 64, lowest_rate_hz = 1000, highest_rate_hz = 768000;

bool is_text(int descriptor) {
  std::string start(512, '\0');
  start.resize(read_at(descriptor, 0, std::as_writable_bytes(std::span(start))));
  return std::ranges::all_of(start, [](unsigned char c) { return c >= 0x20 || std::isspace(c); });
}

std::unique_ptr<SampleSource> open_regular(Descriptor file, const std::string& path, const std::string& name) {
  if (size_of(file.number()) == 0) throw Error(Error::Kind::invalid_data, name + ": an empty file");
  ::lseek(file.number(), 0, SEEK_SET);
  if (is_mpeg(file)) return open_by_mpg123(std::move(file), name);
  if (is_vorbis(file)) return open_by_vorbisfile(std::move(file), name);
  std::string taken;
  if (auto source = open_wav_stream(file, name, taken)) return source;
  ::lseek(file.number(), 0, SEEK_SET);
  const Descriptor kept(::fcntl(file.number(), F_DUPFD_CLOEXEC, 3));
  if (auto source = open_by_sndfile(std::move(file), name)) return source;
  if (is_text(kept.number())) throw Error(Error::Kind::invalid_data, name + ": not a sound file");
  const bool has_name = path != "-";
  return open_by_ffmpeg(has_name ? path : fmt::format("/proc/{}/fd/{}", ::getpid(), kept.number()), name);
}

/// A pipe: plain WAV as it comes, anything else by way of a nameless file.
std::unique_ptr<SampleSource> open_pipe(Descriptor file, const std::string& name) {
  std::string taken;
  if (auto source = open_wav_stream(file, name, taken)) return source;
  auto spool = nameless_file();
  if (const int error = write_all(spool.number(), taken)) throw_system_error("temporary file", error);
  copy_rest(file.number(), spool.number(), name, "temporary file");
  return open_regular(std::move(spool), "-", name);
}

std::unique_ptr<SampleSource> open(const std::string& path) {
  const auto name = input_name(path);
  auto file = open_input(path);
  return is_regular(file.number()) ? open_regular(std::move(file), path, name) : open_pipe(std::move(file), name);
}

}  // namespace

void check_shape(const std::string& name, int channels, long rate_hz) {
  if (channels < 1 || channels > most_channels)
    throw Error(Error::Kind::unsupported, fmt::format("{}: {} channels (1 to 64 can be used)", name, channels));
  if (rate_hz < lowest_rate_hz || rate_hz > highest_rate_hz)
    throw Error(Error::Kind::unsupported,
                fmt::format("{}: a sample rate of {} Hz (1000 to 768000 can be used)", name, rate_hz));
}

namespace {

constexpr Frames block_frames = 1 << 16;

/// Blocks of unknown number into one buffer; each is freed as soon as it is copied.
AudioBuffer joined(std::vector<AudioBuffer> blocks, const SoundInfo& info) {
  Frames frames = 0;
  for (const auto& block : blocks) frames += block.frames();
  AudioBuffer whole(info.channels, frames, info.rate);
  Frames at = 0;
  for (auto& block : blocks) {
    for (int c = 0; c < info.channels; ++c) std::ranges::copy(block.channel(c), whole.channel(c).begin() + at);
    at += block.frames();
    block = {};
  }
  return whole;
}

}  // namespace

struct SoundReader::State {
  std::string name;
  std::unique_ptr<SampleSource> source;
  Frames at = 0;
  std::vector<float> samples;

  AudioBuffer read_block(Frames frames) {
    const auto& about = source->info();
    if (about.frames) frames = std::clamp<Frames>(*about.frames - at, 0, frames);
    samples.resize(static_cast<std::size_t>(frames) * static_cast<std::size_t>(about.channels));
    const auto got = frames > 0 ? source->read(samples) : 0;
    require_finite(got);
    AudioBuffer block(about.channels, got, about.rate);
    for (int c = 0; c < about.channels; ++c) {
      const float* from = samples.data() + c;
      for (auto& sample : block.channel(c)) {
        sample = *from;
        from += about.channels;
      }
    }
    at += got;
    return block;
  }

  void require_finite(Frames frames) const {
    const auto channels = static_cast<std::size_t>(source->info().channels);
    const auto count = static_cast<std::size_t>(frames) * channels;
    const auto bad = std::find_if(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count),
                                  [](float sample) { return !std::isfinite(sample); });
    const auto index = static_cast<std::size_t>(bad - samples.begin());
    if (index == count) return;
    const auto when = to_seconds(at + static_cast<Frames>(index / channels), source->info().rate);
    throw Error(Error::Kind::invalid_data, fmt::format("{}: a sample that is not a number at {:.6f} s, channel {}",
                                                       name, when.value, index % channels + 1));
  }
};

SoundReader::SoundReader(const std::string& path) : state_(new State{input_name(path), open(path), 0, {}}) {}
SoundReader::~SoundReader() = default;
SoundReader::SoundReader(SoundReader&&) noexcept = default;
SoundReader& SoundReader::operator=(SoundReader&&) noexcept = default;

const SoundInfo& SoundReader::info() const { return state_->source->info(); }

AudioBuffer SoundReader::read(Frames frames) {
  if (frames < 1) throw Error(Error::Kind::invalid_argument, "a block to read needs at least one frame");
  if (frames <= block_frames) return state_->read_block(frames);
  // The header's length may be a lie: no more memory than there is sound.
  std::vector<AudioBuffer> blocks;
  for (Frames left = frames; left > 0; left -= blocks.back().frames()) {
    const auto wanted = std::min(left, block_frames);
    blocks.push_back(state_->read_block(wanted));
    if (blocks.back().frames() < wanted) break;
  }
  return joined(std::move(blocks), info());
}

void SoundReader::seek(Frames frame) {
  if (frame < 0 || (info().frames && frame > *info().frames))
    throw Error(Error::Kind::invalid_argument, state_->name + ": no frame " + std::to_string(frame));
  state_->source->seek(frame);
  state_->at = frame;
}

void SoundReader::advance_to(Frames frame) {
  auto& state = *state_;
  const auto target = std::min(frame, info().frames.value_or(frame));
  if (target == state.at) return;
  if (info().frames || target < state.at) {
    try {
      return seek(target);
    } catch (const Error& error) {
      if (error.kind != Error::Kind::unsupported || target < state.at) throw;
    }
  }
  while (state.at < target && state.read_block(std::min(block_frames, target - state.at)).frames() > 0) {
  }
}

Frames SoundReader::position() const { return state_->at; }

namespace {

/// Whether a file of this size may well hold that much sound: to trust a header's word with memory.
/// Lossless coders do not reach 1:64 but on silence, lossy ones at odd rates only.
bool is_plausible(const std::string& path, double bytes) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return bytes <= 0x1p26 || (!error && bytes <= 64.0 * static_cast<double>(size));
}

struct Reading {
  Frames wanted;     // the largest Frames where nobody knows
  Progress progress;
  Frames done = 0;

  void report_block(Frames frames) {
    done += frames;
    const bool known = wanted < std::numeric_limits<Frames>::max();
    report(progress, known ? static_cast<double>(done) / static_cast<double>(wanted) : 0.0);
  }
};

AudioBuffer read_into_place(SoundReader& reader, Reading reading) {
  AudioBuffer whole(reader.info().channels, reading.wanted, reader.info().rate);
  while (reading.done < reading.wanted) {
    const auto block = reader.read(std::min(reading.wanted - reading.done, block_frames));
    if (block.frames() == 0) return AudioBuffer(whole.view().slice({0, reading.done}));
    for (int c = 0; c < whole.channels(); ++c)
      std::ranges::copy(block.channel(c), whole.channel(c).begin() + reading.done);
    reading.report_block(block.frames());
  }
  return whole;
}

AudioBuffer read_as_it_comes(SoundReader& reader, Reading reading) {
  std::vector<AudioBuffer> blocks;
  while (reading.done < reading.wanted) {
    blocks.push_back(reader.read(std::min(reading.wanted - reading.done, block_frames)));
    if (blocks.back().frames() == 0) break;
    reading.report_block(blocks.back().frames());
  }
  return joined(std::move(blocks), reader.info());
}

}  // namespace

AudioBuffer read_sound(const std::string& path, std::optional<FrameRange> range, const Progress& progress) {
  SoundReader reader(path);
  const auto& info = reader.info();
  const auto begin = range ? std::max<Frames>(range->begin, 0) : 0;
  Reading reading{range ? std::max<Frames>(range->end - begin, 0) : std::numeric_limits<Frames>::max(), progress};
  if (info.frames) reading.wanted = std::min(reading.wanted, std::max<Frames>(*info.frames - begin, 0));
  report(progress, 0.0);
  reader.advance_to(begin);
  const double bytes = static_cast<double>(reading.wanted) * info.channels * sizeof(float);
  auto audio = is_plausible(path, bytes) ? read_into_place(reader, reading) : read_as_it_comes(reader, reading);
  report(progress, 1.0);
  return audio;
}

}  // namespace sfa::io
