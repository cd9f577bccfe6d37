// Material put on an engine.
#pragma once
#include <algorithm>
#include <memory>
#include <type_traits>
#include <utility>

#include "material.hpp"
#include "options.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {

/// `Feed` is how the engine gets at tracks: engine::StreamedFeed to play them, engine::DirectFeed to render them.
template <typename Feed>
struct Deck {
  static constexpr bool live = !std::is_same_v<Feed, engine::DirectFeed>;

  /// Takes the sounds away from `material`; throws what prepare(), first_actions(), master_options() and
  /// Command::check_start() throw. `channels` is for the output.
  Deck(const tool::Command& command, Material& material, SampleRate rate, int channels, const Options& options)
      : owned(prepare(material, rate, options.passes,
                      live ? engine::SampleStore::Use::live : engine::SampleStore::Use::offline)),
        ready(*owned),
        settings{.rate = rate,
                 .channels = channels,
                 .range = command.range(rate).value_or(engine::Settings{}.range),
                 .master = master_options(material, options),
                 .tap = live},
        feed(ready.reader ? std::make_unique<Feed>(std::move(ready.reader)) : nullptr),
        engine(settings, {.events = ready.feed(),
                          .lanes = ready.feed() == nullptr ? 0 : std::max(1, static_cast<int>(material.pattern.voices.size())),
                          .feed = feed.get(),
                          .track_channels = material.track_channels}) {
    if (ready.frames) command.check_start(material.name, *ready.frames, rate);
    for (const auto& action : first_actions(material, options)) engine.prepare(action);
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
