// What the roles of a generated song's sections are told by, for fit_roles.py: section_measures SONG_FOLDER...
// A line for each section that is found on the true beats: folder, begin, end (seconds), label, and the measures
// of section_roles.hpp.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "section_roles.hpp"
#include "sfa/analysis/band_spectrogram.hpp"
#include "sfa/analysis/beat_features.hpp"
#include "sfa/analysis/chroma.hpp"
#include "sfa/analysis/structure.hpp"
#include "sfa/io/sound_file.hpp"

namespace {
using namespace sfa;

struct Song {
  std::vector<float> mono;
  SampleRate rate{};
  std::vector<analysis::Beat> beats;
};

/// The sum of the stems in the folder, and the beats that song.json tells of.
Song read_song(const std::filesystem::path& folder) {
  Song song;
  for (const char* stem : {"drums.wav", "bass.wav", "other.wav", "vocals.wav"}) {
    if (!std::filesystem::exists(folder / stem)) continue;
    const auto audio = io::read_sound((folder / stem).string());
    const auto mono = to_mono(audio.view());
    song.rate = audio.rate();
    song.mono.resize(std::max(song.mono.size(), mono.size()));
    for (std::size_t i = 0; i < mono.size(); ++i) song.mono[i] += mono[i];
  }
  const auto truth = nlohmann::json::parse(std::ifstream(folder / "song.json"));
  const auto last = truth.at("sections").back();
  const int beats = static_cast<int>(last.at(1).get<double>() + last.at(2).get<double>());
  for (int beat = 0; beat <= beats; ++beat)
    song.beats.push_back({beat * 60.0 / truth.at("tempo_bpm").get<double>(), 1.0,
                          beat % truth.at("beats_per_bar").get<int>() + 1});
  return song;
}

std::vector<analysis::BeatFeatures> features_of(const Song& song) {
  analysis::BandAnalyzer bands(song.rate);
  analysis::ChromaAnalyzer chroma(song.rate);
  analysis::BeatFeatureCollector collector(song.rate, bands.bands(), analysis::ChromaAnalyzer::frames_per_second);
  const auto take_row = [&](std::span<const float> row) { collector.add_bands(row); };
  const auto take_pitches = [&](const analysis::ChromaFrame& f) { collector.add_chroma(f.treble, f.bass); };
  collector.add_audio(song.mono);
  bands.add(song.mono, take_row);
  bands.finish(take_row);
  chroma.add(song.mono, take_pitches);
  static_cast<void>(chroma.finish(take_pitches));
  std::vector<double> times;
  for (const auto& beat : song.beats) times.push_back(beat.time);
  collector.finish(times, static_cast<double>(song.mono.size()) / song.rate.hz);
  return collector.features();
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto song = read_song(argv[i]);
    const auto features = features_of(song);
    const auto bars = analysis::find_bars(features, song.beats);
    const auto sections = analysis::find_sections(features, bars);
    const auto measures = analysis::measure_roles(sections, bars);
    for (std::size_t s = 0; s < sections.size(); ++s) {
      std::printf("%s\t%.4f\t%.4f\t%s", argv[i], sections[s].time, sections[s].time + sections[s].duration,
                  sections[s].label.c_str());
      for (const double value : measures[s]) std::printf("\t%.5f", value);
      std::printf("\n");
    }
  }
}
