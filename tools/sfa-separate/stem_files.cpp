#include "stem_files.hpp"

#include <algorithm>
#include <filesystem>

#include "sfa/dsp/loudness.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/audio_hash.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_stems.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/tool/folder.hpp"
#include "stem_names.hpp"

namespace sfa::tool {
namespace {

/// Where in the engine's order the wanted stems are.
std::vector<std::size_t> places(const separation::EngineInfo& engine, const std::vector<std::string>& wanted) {
  std::vector<std::size_t> at;
  for (const auto& stem : wanted)
    at.push_back(static_cast<std::size_t>(std::ranges::find(engine.stems, stem) - engine.stems.begin()));
  return at;
}

/// All of them, or none: a single stem that is out of date has the whole run made anew.
bool is_current(Command& command, const StemNames& names, const std::string& recipe) {
  bool current = true;
  for (const auto& path : names.stems) current = !command.needs_making(path, recipe) && current;
  return !command.needs_making(names.manifest, recipe) && current;
}

/// One stem on its way into its file.
struct Track {
  io::SoundWriter file;
  dsp::LoudnessMeter meter;
};

separation::Stems run(Command& command, separation::Engine& engine, const std::vector<std::string>& wanted,
                      std::vector<Track>& tracks, io::SoundReader& reader, const std::string& input) {
  const auto& info = reader.info();
  const auto at = places(engine.info(), wanted);
  io::AudioHasher hash(info.rate, info.channels);
  separation::Stems stems{{{}, {}, info.rate, info.channels, 0}, engine.info().name, engine.info().note, {}};
  const auto source = [&](Frames frames) {
    auto block = reader.read(frames);
    if (block.frames() > 0) hash.update(block);
    stems.source.frames += block.frames();
    return block;
  };
  const auto sink = [&](std::span<const AudioBuffer> blocks) {
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      tracks[i].file.write(blocks[at[i]]);
      tracks[i].meter.add(blocks[at[i]]);
    }
  };
  separation::separate(engine, source, sink, info.frames, command.progress("separating " + io::input_name(input)));
  stems.source.sha256 = hash.hex();
  return stems;
}

}  // namespace

std::string separate_into_files(Command& command, const Separation& separation, const std::string& input) {
  const auto names =
      name_stems(input, command.output_folder(), separation.name, separation.stems, separation.format);
  const std::string source = io::is_stream(input) ? "" : io::path_for(names.manifest, input);
  const auto recipe = command.recipe().file(input).option("path", source).text();
  for (const auto& path : names.stems) command.check_not_read(path);
  if (is_current(command, names, recipe)) return names.manifest;

  const auto engine = separation::make_engine(separation.engine);
  io::SoundReader reader(input);
  const auto& info = reader.info();
  std::vector<Track> tracks;
  for (const auto& path : names.stems) {
    make_folder_of(path);
    tracks.push_back({io::SoundWriter(path, info.rate, info.channels, io::format_for(path, separation.bit_depth), recipe),
                      dsp::LoudnessMeter(info.rate, info.channels, {.sample_peak = true})});
  }
  make_folder_of(names.manifest);
  auto stems = run(command, *engine, separation.stems, tracks, reader, input);
  stems.source.path = source;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    tracks[i].file.commit();
    stems.stems.push_back({separation.stems[i], io::path_for(names.manifest, names.stems[i]), tracks[i].meter.sample_peak_db(),
                           tracks[i].meter.integrated_lufs()});
  }
  io::write_file(names.manifest, io::to_json(stems, recipe));
  return names.manifest;
}

void separate_into_stream(Command& command, const Separation& separation, const std::string& input) {
  command.check_sound_output("-");
  const auto format = io::format_for("stem.wav", separation.bit_depth);
  const auto engine = separation::make_engine(separation.engine);
  io::SoundReader reader(input);
  const auto& info = reader.info();
  std::vector<Track> tracks;
  tracks.push_back({io::SoundWriter("-", info.rate, info.channels, format),
                    dsp::LoudnessMeter(info.rate, info.channels, {.sample_peak = true})});
  (void)run(command, *engine, separation.stems, tracks, reader, input);
  tracks.front().file.commit();
}

}  // namespace sfa::tool
