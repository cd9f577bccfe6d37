#include "songs.hpp"

#include <algorithm>
#include <filesystem>

#include "sfa/io/song_folders.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/training/resampled.hpp"

namespace sfa::tool {
namespace {

/// Mono becomes two equal channels; of more than two, the first two are taken.
AudioBuffer as_stereo(AudioBuffer sound) {
  if (sound.channels() == 2) return sound;
  AudioBuffer stereo(2, sound.frames(), sound.rate());
  for (int c = 0; c < 2; ++c) std::ranges::copy(sound.channel(std::min(c, sound.channels() - 1)), stereo.channel(c).begin());
  return stereo;
}

/// Adds the stem that lies in `path`; a silent one if it is empty.
void add_stem(training::Multitrack& song, const std::string& path, SampleRate rate) {
  if (path.empty()) return song.stems.emplace_back(), void();
  const auto info = io::SoundReader(path).info();
  const auto frames = info.frames ? *info.frames : io::read_sound(path).frames();
  const auto own = [path, frames, own_rate = info.rate](FrameRange wanted) {
    const auto range = intersect(wanted, {0, frames});
    return range.empty() ? AudioBuffer(2, 0, own_rate) : as_stereo(io::read_sound(path, range));
  };
  song.frames = std::max(song.frames, training::resampled_frames(frames, info.rate, rate));
  song.stems.push_back(training::resampled(own, info.rate, frames, rate));
}

}  // namespace

std::vector<training::Multitrack> songs_in(const std::string& folder, const std::vector<std::string>& stems, SampleRate rate) {
  std::vector<training::Multitrack> songs;
  for (const auto& path : io::song_folders(folder, stems)) {
    training::Multitrack song{std::filesystem::path(path).filename().string(), 0, {}};
    for (const auto& file : io::song_files(path, stems).stems) add_stem(song, file, rate);
    songs.push_back(std::move(song));
  }
  return songs;
}

}  // namespace sfa::tool
