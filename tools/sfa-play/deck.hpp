// Material put on an engine.
#pragma once
#include <memory>
#include <span>
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
      : ready(prepare(material, rate, passes)),
        settings{.rate = rate,
                 .channels = channels,
                 .range = command.range(rate).value_or(engine::Settings{}.range)},
        feed(ready.reader ? std::make_unique<Feed>(std::move(ready.reader)) : nullptr),
        engine(settings, {.memory = ready.memory,
                          .score = std::move(ready.score),
                          .feed = feed.get(),
                          .track_channels = material.track_channels}) {
    if (ready.frames) command.check_start(material.name, *ready.frames, rate);
    for (const auto& action : first) engine.prepare(action);
  }

  Prepared ready;
  engine::Settings settings;
  std::unique_ptr<Feed> feed;  // none for a pattern
  engine::Engine engine;
};

}  // namespace sfa::play
