#include "songs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/resample.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::tool {
namespace {

namespace fs = std::filesystem;
constexpr SampleRate trained_rate{44100};

AudioBuffer as_stereo(AudioBuffer sound) {
  if (sound.channels() == 2) return sound;
  AudioBuffer stereo(2, sound.frames(), sound.rate());
  for (int c = 0; c < 2; ++c) std::ranges::copy(sound.channel(std::min(c, sound.channels() - 1)), stereo.channel(c).begin());
  return stereo;
}

/// The frames of `range`, which count at the trainer's rate; past the end there are none.
AudioBuffer stretch_of(const std::string& path, SampleRate rate, Frames frames, FrameRange range) {
  const auto at = [&](Frames frame) { return std::min(frames, frame * rate.hz / trained_rate.hz); };
  const FrameRange own = rate == trained_rate ? intersect(range, {0, frames}) : FrameRange{at(range.begin), at(range.end)};
  if (own.empty()) return AudioBuffer(2, 0, trained_rate);
  auto sound = as_stereo(io::read_sound(path, own));
  return rate == trained_rate ? std::move(sound) : dsp::resample(sound.view(), trained_rate);
}

std::string stem_file(const fs::path& song, const std::string& stem) {
  for (const char* ending : {".wav", ".flac", ".ogg", ".mp3", ".aiff", ".m4a", ".opus", ".w64", ".caf"})
    if (const auto path = song / (stem + ending); fs::exists(path)) return path.string();
  return {};
}

}  // namespace

std::vector<training::Multitrack> songs_in(const std::string& folder, const std::vector<std::string>& stems) {
  std::error_code error;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.is_directory() && !entry.path().filename().string().starts_with(".")) folders.push_back(entry.path());
  if (error) throw Error(Error::Kind::not_found, folder + ": " + error.message());
  std::ranges::sort(folders);
  std::vector<training::Multitrack> songs;
  for (const auto& path : folders) {
    training::Multitrack song{path.filename().string(), 0, {}};
    bool sounds = false;
    for (const auto& stem : stems) {
      const auto file = stem_file(path, stem);
      if (file.empty()) {
        song.stems.emplace_back();
        continue;
      }
      sounds = true;
      const auto info = io::SoundReader(file).info();
      const auto frames = info.frames ? *info.frames : io::read_sound(file).frames();
      song.frames = std::max(song.frames, frames * trained_rate.hz / info.rate.hz);
      song.stems.emplace_back([file, rate = info.rate, frames](FrameRange range) { return stretch_of(file, rate, frames, range); });
    }
    if (sounds) songs.push_back(std::move(song));
  }
  if (songs.empty()) throw Error(Error::Kind::not_found, folder + ": has no songs, that is folders with drums.wav and the like");
  return songs;
}

}  // namespace sfa::tool
