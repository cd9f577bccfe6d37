#include "truth.hpp"

#include <nlohmann/json.hpp>

namespace demo {
namespace {

using Json = nlohmann::ordered_json;

Json note_json(const Note& note) {
  return {{"time", time_of(note.beat)}, {"duration", note.beats * 60.0 / bpm}, {"note", note.pitch}};
}

Json notes_json(const std::vector<Note>& notes) {
  auto list = Json::array();
  for (const auto& note : notes) list.push_back(note_json(note));
  return list;
}

Json beats_json(const Score& score, int step) {
  auto list = Json::array();
  for (int beat = 0; beat <= score.bars * beats_per_bar; beat += step) list.push_back(time_of(beat));
  return list;
}

Json sections_json(const Score& score) {
  auto list = Json::array();
  for (std::size_t bar = 0; bar < score.form.size(); ++bar)
    if (bar == 0 || score.form[bar] != score.form[bar - 1])
      list.push_back({{"time", time_of(static_cast<double>(bar) * beats_per_bar)}, {"name", name(score.form[bar])}});
  list.push_back({{"time", time_of(score.bars * beats_per_bar)}, {"name", name(Section::ending)}});
  return list;
}

}  // namespace

std::string truth_json(const Score& score, const std::string& recipe) {
  Json truth{{"made_by", recipe},
             {"duration", score.seconds},
             {"bpm", bpm},
             {"key", "A minor"},
             {"beats_per_bar", beats_per_bar}};
  truth["sections"] = sections_json(score);
  truth["beats"] = beats_json(score, 1);
  truth["downbeats"] = beats_json(score, beats_per_bar);
  truth["chords"] = Json::array();
  for (const auto& chord : score.chords)
    truth["chords"].push_back(
        {{"time", time_of(chord.beat)}, {"duration", chord.beats * 60.0 / bpm}, {"name", chord.name}});
  truth["drums"] = Json::array();
  for (const auto& hit : score.drums)
    truth["drums"].push_back({{"time", time_of(hit.beat)}, {"class", name(hit.drum)}, {"velocity", hit.velocity}});
  truth["bass"] = notes_json(score.bass);
  truth["lead"] = notes_json(score.lead);
  truth["vocals"] = Json::array();
  for (const auto& syllable : score.voice) truth["vocals"].push_back(note_json(syllable.note));
  return truth.dump(1) + "\n";
}

}  // namespace demo
