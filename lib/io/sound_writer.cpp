#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "descriptor.hpp"
#include "sample_sink.hpp"
#include "sample_source.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/interleave.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/sound_file.hpp"
#include "wav_marks.hpp"

namespace sfa::io {
namespace {

Container container_for(const std::string& path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  std::string ending = dot == std::string::npos ? "" : name.substr(dot + 1);
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (ending == "wav" || ending == "wave") return Container::wav;
  if (path == "-" || (ending.empty() && path.starts_with("/dev/"))) return Container::wav;
  if (ending == "rf64") return Container::rf64;
  if (ending == "w64") return Container::w64;
  if (ending == "aiff" || ending == "aif" || ending == "aifc") return Container::aiff;
  if (ending == "caf") return Container::caf;
  if (ending == "au" || ending == "snd") return Container::au;
  if (ending == "flac") return Container::flac;
  if (ending == "ogg" || ending == "oga") return Container::ogg;
  if (ending == "opus") return Container::opus;
  if (ending == "mp3") return Container::mp3;
  throw Error(Error::Kind::unsupported,
              path + ": no sound format for this ending (wav, rf64, w64, aiff, caf, au, flac, ogg, opus, mp3)");
}

bool is_wav(SoundFormat format) {
  return format.container == Container::wav || format.container == Container::rf64;
}

}  // namespace

SoundFormat format_for(const std::string& path, int bit_depth) {
  const auto container = container_for(path);
  if (container == Container::ogg || container == Container::opus || container == Container::mp3) {
    if (bit_depth != 0) throw Error(Error::Kind::unsupported, path + ": this format has no bit depth");
    return {container, Encoding::lossy};
  }
  const bool flac = container == Container::flac;
  switch (bit_depth) {
    case 0: return {container, flac ? Encoding::pcm24 : Encoding::float32};
    case 16: return {container, Encoding::pcm16};
    case 24: return {container, Encoding::pcm24};
    case 32:
      if (!flac) return {container, Encoding::pcm32};
      [[fallthrough]];
    default:
      throw Error(Error::Kind::unsupported,
                  path + ": no bit depth of " + std::to_string(bit_depth) + " in this format");
  }
}

// The samples go straight to the file where the file can be sought in, or takes WAV as a stream;
// otherwise they are composed in a file without a name and copied out at the end.
struct SoundWriter::State {
  std::string name;
  SampleRate rate;
  int channels;
  std::optional<AtomicFile> file;  // none: standard output
  Descriptor composed;
  std::unique_ptr<SampleSink> sink;

  [[nodiscard]] int destination() const { return file ? file->descriptor() : STDOUT_FILENO; }
};

SoundWriter::SoundWriter(const std::string& path, SampleRate rate, int channels, SoundFormat format,
                         const std::string& recipe)
    : state_(new State{path == "-" ? "standard output" : path, rate, channels, {}, {}, nullptr}) {
  auto& state = *state_;
  check_shape(state.name, channels, rate.hz);
  if (path != "-") state.file.emplace(path);
  const bool can_seek = state.file && !state.file->is_direct();
  if (!can_seek && !is_wav(format)) state.composed = nameless_file();
  const int descriptor = state.composed.is_open() ? state.composed.number() : state.destination();
  const SinkFormat sink_format{rate, channels, format, recipe};
  state.sink = is_wav(format) ? open_wav_sink(descriptor, state.name, can_seek, sink_format)
                              : open_sndfile_sink(descriptor, state.name, sink_format);
}

SoundWriter::~SoundWriter() = default;
SoundWriter::SoundWriter(SoundWriter&&) noexcept = default;
SoundWriter& SoundWriter::operator=(SoundWriter&&) noexcept = default;

void SoundWriter::write(const AudioView& audio) {
  if (audio.channels() != state_->channels)
    throw Error(Error::Kind::invalid_argument, fmt::format("{}: audio of {} channels for a file of {}",
                                                           state_->name, audio.channels(), state_->channels));
  if (!all_finite(audio))
    throw Error(Error::Kind::invalid_data, state_->name + ": the sound to write has samples that are not numbers");
  for_each_interleaved_block(audio, [&](auto samples) { state_->sink->write(samples); });
}

void SoundWriter::mark(const std::vector<SoundMark>& marks) {
  if (!state_->sink->append_chunks(mark_chunks(marks, state_->rate)))
    throw Error(Error::Kind::unsupported, state_->name + ": marks go into WAV files alone");
}

void SoundWriter::commit() {
  auto& state = *state_;
  state.sink->finish();
  state.sink.reset();
  if (state.composed.is_open()) {
    if (::lseek(state.composed.number(), 0, SEEK_SET) != 0) throw_system_error(state.name, errno);
    copy_rest(state.composed.number(), state.destination(), "temporary file", state.name);
  }
  if (state.file) state.file->commit();
}

void write_sound(const std::string& path, const AudioView& audio, SoundFormat format, const std::string& recipe) {
  SoundWriter writer(path, audio.rate(), audio.channels(), format, recipe);
  writer.write(audio);
  writer.commit();
}

}  // namespace sfa::io
