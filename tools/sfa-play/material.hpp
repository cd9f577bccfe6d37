// What is to be played: tracks or a pattern of slices, found out by what the input holds.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator.hpp"
#include "kit.hpp"
#include "ruled.hpp"
#include "sfa/audio/buffer.hpp"
#include "sfa/engine/engine.hpp"
#include "sfa/engine/score.hpp"
#include "sfa/rules/event.hpp"
#include "sound.hpp"

namespace sfa::play {

/// The input, understood but not yet at any rate but its own.
struct Material {
  std::string name;                        // of the input
  SampleRate rate{};
  int channels = 0;                        // that it takes to hear all of it
  // Tracks: a sound file or stems; the stems of live_stems.hpp are all in one sound.
  std::vector<std::string> names, paths;
  std::vector<std::unique_ptr<Sound>> sounds;  // opened once: a pipe cannot be opened twice
  std::vector<int> track_channels;
  std::optional<Frames> frames;            // of the longest at `rate`, where known
  bool can_go_back = true;                 // false for a pipe
  // Or a pattern.
  rules::Events pattern;
  Kit kit;                                 // that its events play
  std::optional<Ruled> ruled;              // live: where its events are still to come from

  std::string document;                    // the text it came in, if it came on standard input
  std::vector<std::string> files;          // that it was made of, "-" too
};

/// A sound file, an sfa.stems or an sfa.events document; "-" is standard input. Paths in a document
/// are relative to its folder. Throws what io throws, with the file's name.
[[nodiscard]] Material open_material(const std::string& input);

/// The stems of a sound file, separated by `model` while they are played: see live_stems.hpp. Throws tool::UsageError
/// for a document.
[[nodiscard]] Material open_live_stems(const std::string& input, const std::string& model, const std::string& model_dir);

/// Rules: with all their events, or `live` without.
[[nodiscard]] Material open_rules(Ruled ruled, bool live);

/// The same at the output's rate, ready for the engine.
struct Prepared {
  std::unique_ptr<engine::SampleStore> samples;
  std::vector<Frames> slice_frames;        // by their numbers in the kit
  engine::Score score;
  std::unique_ptr<Messages> messages;      // live: of the pattern or of what the generator makes
  std::unique_ptr<Generator> generator;    // of rules that are played live
  std::unique_ptr<engine::EventFeed> events;  // of the score; the generator has its own
  std::unique_ptr<engine::TrackReader> reader;
  std::optional<Frames> frames;            // of all passes

  [[nodiscard]] engine::EventFeed* feed() const { return generator ? &generator->feed() : events.get(); }
};

/// Takes the sounds away from `material`. `passes` >= 1; more than one of a sound whose length is
/// unknown is Error::unsupported.
[[nodiscard]] std::unique_ptr<Prepared> prepare(Material& material, SampleRate rate, int passes, engine::SampleStore::Use use);

/// The number of the track of that name, or of that number from 1. tool::UsageError, with those that are there, otherwise.
[[nodiscard]] int track_called(const Material& material, const std::string& word);

}  // namespace sfa::play
