#include "material.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "file_tracks.hpp"
#include "live_stems.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/json_events.hpp"
#include "sfa/io/json_stems.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {
namespace {

Frames converted(Frames frames, SampleRate from, SampleRate to) {
  return to_frames(to_seconds(frames, from), to);
}

void add_track(Material& material, const std::string& name, const std::string& path) {
  material.sounds.push_back(std::make_unique<FileSound>(path));
  const auto& info = material.sounds.back()->info();
  if (material.paths.empty()) {
    material.rate = info.rate;
    material.frames = 0;
  }
  material.names.push_back(name);
  material.paths.push_back(path);
  material.track_channels.push_back(info.channels);
  material.channels = std::max(material.channels, info.channels);
  if (!info.frames)
    material.frames.reset();
  else if (material.frames)
    material.frames = std::max(*material.frames, converted(*info.frames, info.rate, material.rate));
  material.files.push_back(path);
  if (io::is_stream(path)) material.can_go_back = false;
}

Material open_sound(const std::string& path) {
  Material material;
  material.name = path;
  add_track(material, path == "-" ? "input" : std::filesystem::path(path).stem().string(), path);
  return material;
}

Material open_stems(const std::string& input, const std::string& text) {
  const auto document = io::stems_from_json(text);
  if (document.stems.empty()) throw Error(Error::Kind::invalid_data, "names no stems");
  Material material;
  for (const auto& stem : document.stems) add_track(material, stem.name, io::path_from(input, stem.path));
  return material;
}

/// The bank at `path`, or the one that the document holds.
void add_bank(Material& material, const std::string& voice, const std::string& path) {
  if (!material.kit.has_bank(path)) material.files.push_back(path);
  const auto bank = io::parse_document(path, io::read_document(path), io::bank_from_json);
  material.kit = io::about(path, [&] {
    auto kit = std::move(material.kit);
    kit.add(voice, bank, path);
    return kit;
  });
}

/// The banks that a pattern holds or names.
void take_banks(Material& material, const io::EventsDocument& document, const std::string& input) {
  bool main = document.events.voices.empty();
  for (const auto& voice : document.events.voices) {
    if (voice.bank.empty())
      main = true;
    else
      add_bank(material, voice.name, io::path_from(input, voice.bank));
  }
  if (document.bank)
    material.kit.add("", *document.bank, input);
  else if (!document.events.bank.empty())
    add_bank(material, "", io::path_from(input, document.events.bank));
  else if (main)
    throw Error(Error::Kind::invalid_data, "names no bank");
  for (const auto& sound : material.kit.sounds()) {
    material.files.push_back(sound.path);
    material.channels = std::max({2, material.channels, sound.channels});
  }
  material.rate = material.kit.sounds().front().rate;
}

void number_slices(std::vector<rules::Event>& events, const Kit& kit) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    try {
      events[i].slice = kit.number(events[i]);
    } catch (const Error& error) {
      throw Error(error.kind, "events[" + std::to_string(i) + "]." + error.what());
    }
  }
}

Material material_of(io::EventsDocument document, const std::string& input) {
  Material material;
  take_banks(material, document, input);
  material.pattern = std::move(document.events);
  constexpr auto most_voices = static_cast<std::size_t>(engine::max_strips);
  if (material.pattern.voices.size() > most_voices) throw Error(Error::Kind::unsupported, "has more than 64 voices");
  for (const auto& voice : material.pattern.voices) material.names.push_back(voice.name);
  number_slices(material.pattern.events, material.kit);
  return material;
}

/// By the numbers that make_score() gives.
std::unique_ptr<Messages> messages_of(const std::vector<rules::Event>& events, const engine::Score& score,
                                      const engine::Instrument& instrument) {
  auto messages = std::make_unique<Messages>();
  std::vector<bool> done(events.size());  // each pass has the same
  for (const auto& [frame, trigger, cue] : score.events) {
    if (cue == 0 || done[cue - 1]) continue;
    done[cue - 1] = true;
    const auto& event = events[cue - 1];
    const auto seconds = to_seconds(engine::sounding_frames(trigger, instrument), instrument.rate);
    messages->put(cue, {event.midi, event.osc, seconds});
  }
  return messages;
}

Material open_events(const std::string& input, const std::string& text) {
  return material_of(io::events_from_json(text), input);
}

}  // namespace

Material open_rules(Ruled ruled, bool live) {
  auto material = material_of(live ? ruled.head() : ruled.pattern(), "");
  material.name = ruled.name();
  for (const auto& file : ruled.files())
    if (std::ranges::find(material.files, file) == material.files.end()) material.files.push_back(file);
  if (live) material.ruled = std::move(ruled);
  return material;
}

Material open_material(const std::string& input) {
  if (!io::begins_a_document(input)) return open_sound(input);
  const auto text = io::read_document(input);
  const auto open = io::document_format(text) == "sfa.stems" ? open_stems : open_events;
  auto material = io::about(input, [&] { return open(input, text); });
  material.name = input;
  if (io::is_stream(input))
    material.document = text;
  else
    material.files.push_back(input);
  return material;
}

Material open_live_stems(const std::string& input, const std::string& model, const std::string& model_dir) {
  const bool is_stream = io::is_stream(input);
  if (!is_stream && io::begins_a_document(input)) throw tool::UsageError("--live-stems takes a sound, not a document");
  Material material;
  material.sounds.push_back(std::make_unique<LiveStems>(input, model, model_dir));
  const auto& info = material.sounds.front()->info();
  material.name = input;
  material.paths = material.files = {input};
  material.names.assign(LiveStems::names.begin(), LiveStems::names.end());
  material.rate = info.rate;
  material.frames = info.frames;
  material.channels = info.channels / static_cast<int>(LiveStems::names.size());
  material.track_channels.assign(LiveStems::names.size(), material.channels);
  material.can_go_back = !is_stream;
  std::error_code none;
  if (std::filesystem::is_regular_file(model, none)) material.files.push_back(model);
  return material;
}

std::unique_ptr<Prepared> prepare(Material& material, SampleRate rate, int passes, engine::SampleStore::Use use) {
  auto made = std::make_unique<Prepared>();
  auto& ready = *made;
  if (material.paths.empty()) {
    ready.samples = std::make_unique<engine::SampleStore>(material.kit.maker(rate, ready.slice_frames), use);
    const engine::Instrument instrument{.samples = *ready.samples, .slice_frames = ready.slice_frames, .rate = rate};
    if (material.ruled) {
      constexpr std::size_t most = std::size_t{1} << 18;  // more than the tape goes back
      ready.messages = std::make_unique<Messages>(most);
      ready.generator = std::make_unique<Generator>(*material.ruled, material.kit, instrument, *ready.messages);
      return made;
    }
    constexpr std::size_t most_events = 10'000'000;
    if (material.pattern.events.size() * static_cast<std::size_t>(passes) > most_events)
      throw Error(Error::Kind::unsupported, "so many passes make more than ten million events");
    ready.score = io::about(material.name, [&] {
      auto score = engine::make_score(material.pattern, instrument, passes);
      if (score.frames == 0) throw Error(Error::Kind::invalid_data, "has nothing to play");
      return score;
    });
    if (use == engine::SampleStore::Use::live) ready.messages = messages_of(material.pattern.events, ready.score, instrument);
    ready.events = std::make_unique<engine::ScoreFeed>(ready.score);
    ready.frames = ready.score.frames;
    return made;
  }
  ready.reader = std::make_unique<FileTracks>(material.name, std::move(material.sounds), rate);
  if (material.frames) ready.frames = converted(*material.frames, material.rate, rate) * passes;
  if (passes > 1) {
    if (!material.can_go_back || material.frames.value_or(0) < 1)
      throw Error(Error::Kind::unsupported, material.paths.front() + ": cannot be repeated: its length is unknown");
    ready.reader = std::make_unique<Repeated>(std::move(ready.reader), *ready.frames / passes, passes);
  }
  return made;
}

int track_called(const Material& material, const std::string& word) {
  const auto& names = material.names;
  if (const auto found = std::ranges::find(names, word); found != names.end())
    return static_cast<int>(found - names.begin());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (word == std::to_string(i + 1)) return static_cast<int>(i);
  if (names.empty()) throw tool::UsageError("no track is called " + word + "; one voice alone has no track");
  throw tool::UsageError(fmt::format("no track is called {}; there are: {}", word, fmt::join(names, ", ")));
}

}  // namespace sfa::play
