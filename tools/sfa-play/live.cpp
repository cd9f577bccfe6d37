#include "live.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "deck.hpp"
#include "keys.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/engine/streamed_feed.hpp"
#include "sfa/playback/output.hpp"
#include "status_line.hpp"
#include "terminal.hpp"

namespace sfa::play {
namespace {

constexpr int tick_ms = 33;

Status first_status(const Material& material, const Options& options, const std::optional<Frames>& frames,
                    const engine::Settings& settings) {
  Status status;
  status.gain_db = options.gain_db;
  status.duration_known = frames || settings.range.end != engine::Settings{}.range.end;
  if (status.duration_known)
    status.duration = to_seconds(std::min(frames.value_or(settings.range.end), settings.range.end), settings.rate);
  for (const auto& name : material.names) status.tracks.push_back({.name = name});
  for (const auto& word : options.mute) status.tracks[static_cast<std::size_t>(track_called(material, word))].mute = true;
  for (const auto& word : options.solo) status.tracks[static_cast<std::size_t>(track_called(material, word))].solo = true;
  return status;
}

/// Levels rise at once and fall slowly enough to be seen.
void follow(float& shown, float now) { shown = std::max(now, shown * 0.8F); }

using LiveDeck = Deck<engine::StreamedFeed>;

/// What the keys, the engine and the device have to say to each other while it plays.
class Session {
 public:
  Session(LiveDeck& deck, playback::Output& output, Status status, SampleRate rate, bool can_go_back)
      : deck_(deck),
        engine_(deck.engine),
        output_(output),
        status_(std::move(status)),
        rate_(rate),
        keys_(status_, rate, can_go_back) {}

  void run(Terminal& terminal) {
    while (!engine_.finished()) {
      if (const auto key = terminal.key(tick_ms)) press(*key);
      if (keys_.quit()) {
        fade_away();
        return;
      }
      if (terminal.stop_wanted()) rest(terminal);
      watch();
      show(terminal);
    }
    play_out();
  }

 private:
  bool send(const engine::Action& action) { return engine_.send({.due = 0, .action = action}); }

  /// A device that asks for nothing leaves the engine's commands standing. What finds no more room among them
  /// is not shown as done either.
  void press(const Key& key) {
    const auto before = status_;
    if (!std::ranges::all_of(keys_.press(key), [this](const auto& action) { return send(action); })) status_ = before;
  }

  void watch() {
    if (const auto trouble = output_.trouble()) throw Error(Error::Kind::io, *trouble);
    deck_.check_sounds();
  }

  void show(Terminal& terminal) {
    engine::Report report;
    bool any = false;
    while (engine_.take(report)) {
      any = true;
      follow(status_.peak, report.master.peak);
      for (std::size_t i = 0; i < status_.tracks.size(); ++i) follow(status_.tracks[i].peak, report.strips[i].peak);
    }
    if (!any || !terminal.draws()) return;
    status_.position = to_seconds(report.position, rate_);
    status_.voices = report.voices;
    status_.underruns = output_.underruns();
    status_.lost = to_seconds(static_cast<Frames>(report.starved_frames), rate_);
    terminal.draw(status_line(status_, style_, terminal.columns()));
  }

  /// Until the device has asked for so many more frames; a second at most.
  void wait_for(Frames frames) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    for (const Frames goal = output_.filled() + frames;
         output_.filled() < goal && std::chrono::steady_clock::now() < give_up;)
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  /// The end: what is on its way to the device is still heard.
  void play_out() {
    wait_for(2 * output_.buffer_frames());
    deck_.check_sounds();
    output_.stop(true);
  }

  /// The user quits: out by the fade of a pause, not by a click.
  void fade_away() {
    if (send(engine::SetPaused{true})) wait_for(to_frames({0.01}, rate_) + 2 * output_.buffer_frames());
    output_.stop(false);
  }

  /// Ctrl-Z: the device is given back to the others while the process is stopped.
  void rest(Terminal& terminal) {
    output_.stop(false);
    terminal.stop();
    output_.start();
  }

  const LiveDeck& deck_;
  engine::Engine& engine_;
  playback::Output& output_;
  Status status_;
  SampleRate rate_;
  Keys keys_;
  Style style_ = Style::from_environment();
};

SampleRate rate_on(const playback::Device& device, SampleRate own, int wanted_hz) {
  if (wanted_hz == 0) return device.rate_for(own);
  if (device.rate_for({wanted_hz}).hz != wanted_hz)
    throw Error(Error::Kind::unsupported, fmt::format("{}: does not play at {} Hz", device.name, wanted_hz));
  return {wanted_hz};
}

}  // namespace

void play_live(tool::Command& command, Material material, const Options& options) {
  const auto actions = first_actions(material, options);
  const auto device = playback::find_device(playback::api_named(options.api), options.device);
  const SampleRate rate = rate_on(device, material.rate, command.sample_rate());
  const int channels = std::min(device.channels, std::max(2, material.channels));
  LiveDeck deck(command, material, rate, channels, options.passes, actions);
  constexpr Seconds patience{10.0};  // a slow pipe may begin later: it is played as it comes
  if (deck.feed) (void)deck.feed->wait_until_full(patience);
  if (deck.ready.samples) (void)deck.ready.samples->wait_until_ready(patience);

  playback::Output output(
      device,
      {.rate = rate, .channels = deck.settings.channels, .buffer_frames = options.buffer_frames, .client_name = "sfa-play"},
      [&deck](float* samples, int count, Frames frames) { deck.engine.render({samples, count, frames, frames}); });
  Session session(deck, output, first_status(material, options, deck.ready.frames, deck.settings), rate,
                  material.can_go_back);
  Terminal terminal(std::ranges::find(material.files, "-") != material.files.end(), !command.quiet());
  if (deck.ready.generator) deck.ready.generator->start([&deck] { return deck.engine.position(); });
  output.start();
  session.run(terminal);
  if (const auto missed = output.underruns()) command.note(fmt::format("{} underruns", missed));
}

}  // namespace sfa::play
