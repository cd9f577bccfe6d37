// Material put on an engine.
#pragma once
#include <algorithm>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "material.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

/// `Feed` is how the engine gets at tracks: engine::StreamedFeed to play them, engine::DirectFeed to render them.
template <typename Feed>
struct Deck {
  /// Takes the sounds away from `material`; throws what prepare() and Command::check_start() throw. `channels` is for the output;
  /// `first` is carried out before it begins.
  Deck(const tool::Command& command, Material& material, SampleRate rate, int channels, int passes,
       std::span<const engine::Action> first)
      : owned(prepare(material, rate, passes,
                      std::is_same_v<Feed, engine::DirectFeed> ? engine::SampleStore::Use::offline
                                                               : engine::SampleStore::Use::live)),
        ready(*owned),
        settings{.rate = rate,
                 .channels = channels,
                 .range = command.range(rate).value_or(engine::Settings{}.range)},
        feed(ready.reader ? std::make_unique<Feed>(std::move(ready.reader)) : nullptr),
        engine(settings, {.events = ready.feed(),
                          .lanes = ready.feed() != nullptr ? std::max<int>(1, static_cast<int>(material.pattern.voices.size())) : 0,
                          .feed = feed.get(),
                          .track_channels = material.track_channels}) {
    if (ready.frames) command.check_start(material.name, *ready.frames, rate);
    for (const auto& action : first) engine.prepare(action);
  }

  ~Deck() {
    if (ready.generator) ready.generator->stop();  // it looks at the engine
  }
  Deck(const Deck&) = delete;
  Deck& operator=(const Deck&) = delete;

  /// What went wrong with reading the sounds, if anything did.
  void check_sounds() const {
    if (feed && feed->failure()) std::rethrow_exception(feed->failure());
    if (ready.samples && ready.samples->failure()) std::rethrow_exception(ready.samples->failure());
  }

  std::unique_ptr<Prepared> owned;
  Prepared& ready;
  engine::Settings settings;
  std::unique_ptr<Feed> feed;  // none for a pattern
  engine::Engine engine;
};

}  // namespace sfa::play
