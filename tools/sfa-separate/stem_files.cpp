#include "stem_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "sfa/dsp/loudness.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_stems.hpp"
#include "sfa/tool/folder.hpp"
#include "stem_names.hpp"

namespace sfa::tool {
namespace {

/// W64 and AU have no place for a recipe: such a stem is ours if a manifest of ours lists it.
bool manifest_vouches(const std::string& manifest, const std::string& path, const std::string& format) {
  if ((format != "w64" && format != "au") || !io::recipe_of(manifest)) return false;
  const auto stems = io::parse_document(manifest, io::read_file(manifest), io::stems_from_json);
  return std::filesystem::exists(path) && std::ranges::any_of(stems.stems, [&](const auto& stem) {
    return io::path_from(manifest, stem.path) == path;
  });
}

/// All of them, or none: a single stem that is out of date has the whole run made anew.
bool is_current(Command& command, const StemNames& names, const std::string& format, const std::string& recipe) {
  bool current = true;
  for (const auto& path : names.stems)
    if (!manifest_vouches(names.manifest, path, format)) current = !command.needs_making(path, recipe) && current;
  return !command.needs_making(names.manifest, recipe) && current;
}

/// One output on its way into its file.
struct Track {
  io::SoundWriter file;
  dsp::LoudnessMeter meter;

  void write(const AudioView& block) {
    file.write(block);
    meter.add(block);
  }
};

Track open_track(const std::string& path, const io::SoundInfo& info, io::SoundFormat format, const std::string& recipe) {
  return {io::SoundWriter(path, info.rate, info.channels, format, recipe),
          dsp::LoudnessMeter(info.rate, info.channels, {.sample_peak = true})};
}

/// The encoders and meters work side by side; each sees its blocks in their order.
void write_all(std::vector<Track>& tracks, std::span<const AudioBuffer> blocks) {
  std::vector<std::future<void>> others;
  for (std::size_t i = 1; i < tracks.size(); ++i)
    others.push_back(std::async(std::launch::async, [&track = tracks[i], &block = blocks[i]] { track.write(block); }));
  tracks.front().write(blocks.front());
  for (auto& other : others) other.get();
}

Song open_song(Command& command, const Options& options, const Outputs& outputs, const Separator& separator,
               const std::string& input) {
  const bool again = separator.reads_again() || outputs.need_the_song() || options.preview_seconds ||
                     options.clip_mode == ClipMode::rescale;
  Song song(input, again);
  if (song.info().frames) command.check_start(input, *song.info().frames, song.info().rate);
  if (const auto range = command.range(song.info().rate)) song.take(*range);
  if (options.preview_seconds) song.take_preview(*options.preview_seconds);
  return song;
}

/// Returns the manifest as far as it does not speak of files.
separation::Stems run(Command& command, const Options& options, const Outputs& outputs, Separator& separator, Song& song,
                      const std::string& input, std::vector<Track>& tracks) {
  const auto progress = command.progress("separating " + io::input_name(input));
  const auto source = separator.open(song);
  const auto gain = make_outputs(outputs, options.clip_mode, *source, song,
                                 [&](std::span<const AudioBuffer> blocks) { write_all(tracks, blocks); }, progress);
  if (song.frames() == 0) command.check_start(input, song.end(), song.info().rate);  // the length of a stream
  separation::Stems manifest;
  const auto& info = song.info();
  manifest.source = {{}, song.sha256(), info.rate, info.channels, song.frames()};
  if (song.part()) manifest.range = {song.part()->begin, song.part()->begin + song.frames()};
  manifest.gain_db = to_decibels(gain).value;
  source->describe(manifest);
  return manifest;
}

void remark_clipping(Command& command, const std::string& path, const io::SoundFormat& format, double peak_db) {
  const bool clips = format.encoding == io::Encoding::pcm16 || format.encoding == io::Encoding::pcm24 ||
                     format.encoding == io::Encoding::pcm32;
  if (clips && peak_db > 0.0)
    command.note(fmt::format("{}: clipped, its peak is {:+.1f} dBFS (--bit-depth float or --clip-mode rescale keep it)",
                             path, peak_db));
}

}  // namespace

std::string separate_into_files(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                                const std::string& input) {
  const auto names = name_stems(input, command.output_folder(), options.name, outputs.names(), options.format);
  const std::string source = io::is_stream(input) ? "" : io::path_for(names.manifest, input);
  auto made_by = command.recipe();
  separator.add_to(made_by);
  const auto recipe = made_by.file(input).option("path", source).text();
  for (const auto& path : names.stems) command.check_not_read(path);
  if (is_current(command, names, options.format, recipe)) return names.manifest;

  auto song = open_song(command, options, outputs, separator, input);
  const int depth = bit_depth_for(options, song.info().encoding);
  std::vector<Track> tracks;
  for (const auto& path : names.stems) {
    make_folder_of(path);
    tracks.push_back(open_track(path, song.info(), io::format_for(path, depth), recipe));
  }
  make_folder_of(names.manifest);
  auto manifest = run(command, options, outputs, separator, song, input, tracks);
  manifest.source.path = source;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    tracks[i].file.commit();
    const auto peak_db = tracks[i].meter.sample_peak_db();
    remark_clipping(command, names.stems[i], io::format_for(names.stems[i], depth), peak_db);
    manifest.stems.push_back({outputs.list[i].name, io::path_for(names.manifest, names.stems[i]), peak_db,
                              tracks[i].meter.integrated_lufs()});
  }
  io::write_file(names.manifest, io::to_json(manifest, recipe));
  return names.manifest;
}

void separate_into_stream(Command& command, const Options& options, const Outputs& outputs, Separator& separator,
                          const std::string& input) {
  command.check_sound_output("-");
  auto song = open_song(command, options, outputs, separator, input);
  const auto format = io::format_for("stem.wav", bit_depth_for(options, song.info().encoding));
  std::vector<Track> tracks;
  tracks.push_back(open_track("-", song.info(), format, {}));
  (void)run(command, options, outputs, separator, song, input, tracks);
  tracks.front().file.commit();
}

}  // namespace sfa::tool
