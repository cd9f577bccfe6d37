#include "live.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "control.hpp"
#include "deck.hpp"
#include "ending.hpp"
#include "keys.hpp"
#include "messenger.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/engine/streamed_feed.hpp"
#include "sfa/io/recipe.hpp"
#include "sfa/midi/output_port.hpp"
#include "speaker.hpp"
#include "terminal.hpp"

namespace sfa::play {
namespace {

using namespace std::chrono_literals;
using LiveDeck = Deck<engine::StreamedFeed>;
constexpr auto tick = 33334us;  // at most 30 pictures and states a second

Status first_status(const Material& material, const Options& options, const LiveDeck& deck) {
  Status status;
  status.name = material.name;
  status.rate = deck.settings.rate;
  status.range = deck.settings.range;
  status.gain_db = options.gain_db;
  if (deck.ready.frames || deck.settings.range.end != engine::Settings{}.range.end)
    status.length = std::min(deck.ready.frames.value_or(deck.settings.range.end), deck.settings.range.end);
  if (!material.kit.empty()) status.own_bpm = material.pattern.bpm;
  const auto metered = static_cast<std::size_t>(std::min(deck.settings.channels, engine::metered_channels));
  status.peaks.assign(metered, 0.0F);
  status.rms.assign(metered, 0.0F);
  for (const auto& name : material.names) status.strips.push_back({.name = name});
  for (const auto& word : options.mute) status.strips[static_cast<std::size_t>(track_called(material, word))].mute = true;
  for (const auto& word : options.solo) status.strips[static_cast<std::size_t>(track_called(material, word))].solo = true;
  return status;
}

/// What the keys, the commands, the engine and the device have to say to each other while it plays.
class Session {
 public:
  Session(tool::Command& command, const LiveDeck& deck, Desk& desk, Speaker& speaker, Control& control, Terminal& terminal,
          Messenger* messenger)
      : command_(command), deck_(deck), desk_(desk), speaker_(speaker), control_(control), terminal_(terminal),
        messenger_(messenger), keys_(desk), commands_(desk) {}

  void run() {
    while (!deck_.engine.finished()) {
      wait();
      press_keys();
      control_.serve(commands_);
      if (keys_.quit() || commands_.quit() || Ending::wanted() != 0) {
        fade_away();
        return;
      }
      if (terminal_.stop_wanted()) rest();
      if (const auto now = Clock::now(); now - shown_ >= tick) {
        shown_ = now;
        look();
        show();
      }
    }
    play_out();
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// For a key, a command, or the next picture.
  void wait() {
    std::vector<pollfd> waits;
    if (const int file = terminal_.descriptor(); file >= 0) waits.push_back({.fd = file, .events = POLLIN, .revents = 0});
    control_.add_to(waits);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(shown_ + tick - Clock::now());
    (void)poll(waits.data(), waits.size(), static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 34)));
  }

  void press_keys() {
    while (const auto key = terminal_.key()) {
      try {
        keys_.press(*key);
      } catch (const Error& error) {
        desk_.status().message = error.what();
      }
    }
  }

  void look() {
    deck_.check_sounds();
    desk_.look();
    auto& status = desk_.status();
    if (const auto news = speaker_.watch()) tell(*news);
    status.connected = speaker_.connected();
    status.xruns = speaker_.xruns();
    status.worst_callback_ms = speaker_.worst_callback().value * 1e3;
    status.latency_ms = speaker_.latency().value * 1e3;
    if (messenger_ != nullptr) messenger_->set_latency(speaker_.latency());
    if (!deck_.ready.generator) return;
    if (const auto news = deck_.ready.generator->news()) tell(*news);
  }

  /// On the screen, else in a line on standard error.
  void tell(const std::string& news) {
    desk_.status().message = news;
    if (!terminal_.draws() && !command_.quiet()) command_.warn(news);
  }

  void show() {
    control_.tell(desk_);
    if (terminal_.draws())
      terminal_.draw(screen_.lines(desk_, keys_.selection(), terminal_.columns(), std::min(24, terminal_.rows()), shown_));
  }

  /// The end: what is on its way to the device is still heard.
  void play_out() {
    speaker_.wait_for(0);
    if (messenger_ != nullptr) messenger_->finish();
    deck_.check_sounds();
    speaker_.stop(true);
  }

  /// The user quits: out by the fade of a pause, not by a click.
  void fade_away() {
    try {
      desk_.pause(true);
      speaker_.wait_for(to_frames({0.01}, desk_.status().rate));
    } catch (const Error&) {  // then at once
    }
    speaker_.stop(false);
  }

  /// Ctrl-Z: the device is given back to the others while the process is stopped.
  void rest() {
    speaker_.stop(false);
    if (messenger_ != nullptr) messenger_->silence();
    terminal_.stop();
    speaker_.start();
  }

  tool::Command& command_;
  const LiveDeck& deck_;
  Desk& desk_;
  Speaker& speaker_;
  Control& control_;
  Terminal& terminal_;
  Messenger* messenger_;
  Keys keys_;
  Commands commands_;
  Screen screen_{Style::from_environment()};
  Clock::time_point shown_{};
};

/// To where the messages of rules go; nothing where nobody wants them.
std::unique_ptr<Messenger> messenger_for(LiveDeck& deck, const Options& options) {
  if (!deck.ready.messages || (options.midi_out.empty() && options.control.osc_to.empty())) return nullptr;
  Messenger::Ways ways;
  if (!options.midi_out.empty()) {
    const auto port = std::make_shared<midi::OutputPort>(options.midi_out, "sfa-play");
    ways.midi = [port](std::span<const std::uint8_t> bytes) { port->send(bytes); };
  }
  if (!options.control.osc_to.empty()) {
    const auto sender = std::make_shared<osc::Sender>(options.control.osc_to);
    ways.osc = [sender](const rules::Osc& message) {
      osc::Message out{message.address, {}};
      for (const double argument : message.arguments) out.arguments.emplace_back(argument);
      sender->send({&out, 1});
    };
  }
  return std::make_unique<Messenger>(deck.engine, deck.settings.rate, *deck.ready.messages, std::move(ways));
}

SampleRate rate_on(const playback::Device& device, SampleRate own, int wanted_hz) {
  if (wanted_hz == 0) return device.rate_for(own);
  device.check_rate({wanted_hz});
  return {wanted_hz};
}

void summarise(tool::Command& command, const Desk& desk, const Speaker& speaker) {
  const auto& status = desk.status();
  auto line = fmt::format("{} xruns, worst callback {:.2f} of {:.1f} ms, latency {:.1f} ms", speaker.xruns(),
                          speaker.worst_callback().value * 1e3, speaker.period().value * 1e3, speaker.latency().value * 1e3);
  if (status.late_events > 0) line += fmt::format(", {} late events", status.late_events);
  if (status.missing_slices > 0) line += fmt::format(", {} missing slices", status.missing_slices);
  if (status.starved_frames > 0) line += fmt::format(", {:.1f} s lost", to_seconds(status.starved_frames, status.rate).value);
  command.note(line);
}

/// What is there already is lost by writing states over it.
void check_state_file(const tool::Command& command, const std::string& path) {
  if (path.empty() || path == "-") return;
  command.check_not_read(path);
  if (!command.force() && io::standing(path, "") != io::Standing::absent)
    throw Error(Error::Kind::exists, path + ": exists (-f overwrites it)");
}

void play(tool::Command& command, Material material, const Options& options) {
  (void)first_actions(material, options);  // before the device, too
  (void)master_options(material, options);
  if (!options.midi_out.empty() && material.kit.empty()) throw tool::UsageError("--midi-out is for patterns and rules");
  const bool input_is_taken = std::ranges::find(material.files, "-") != material.files.end();
  for (const auto& file : material.files) command.reads(file);
  check_state_file(command, options.control.state);
  const auto device = playback::find_device(playback::api_named(options.api), options.device);
  const SampleRate rate = rate_on(device, material.rate, command.sample_rate());
  auto ways = options.control;
  ways.standard_input = !input_is_taken && isatty(STDIN_FILENO) == 0;
  Control control(ways);  // it empties the states' file: not before it is clear that there will be some
  const int channels = std::min(device.channels, std::max(2, material.channels));
  LiveDeck deck(command, material, rate, channels, options);
  if (deck.ready.generator) {
    deck.ready.generator->start([&deck] { return deck.engine.position(); });
    deck.ready.generator->reach(deck.settings.range.begin);
  }
  constexpr Seconds patience{10.0};  // a slow pipe may begin later: it is played as it comes
  if (deck.feed) (void)deck.feed->wait_until_full(patience);
  if (deck.ready.samples) (void)deck.ready.samples->wait_until_ready(patience);

  const auto messenger = messenger_for(deck, options);
  Speaker speaker(
      device,
      {.rate = rate, .channels = deck.settings.channels, .buffer_frames = options.buffer_frames, .client_name = "sfa-play"},
      [&deck](float* samples, int count, Frames frames) { deck.engine.render({samples, count, frames, frames}); },
      {options.reconnect});
  Desk desk(deck.engine, deck.ready.generator.get(), first_status(material, options, deck), material.pattern.meter, material.can_go_back);
  Terminal terminal(input_is_taken, !command.quiet());
  if (messenger) messenger->set_latency(speaker.latency());
  const Ending ending;
  speaker.start();
  Session(command, deck, desk, speaker, control, terminal, messenger.get()).run();
  terminal.wipe();
  summarise(command, desk, speaker);
}

/// What sfa-play(1) says of them.
int code_of(playback::DeviceError::Reason reason) {
  switch (reason) {
    case playback::DeviceError::Reason::none: return 4;
    case playback::DeviceError::Reason::busy: return 5;
    case playback::DeviceError::Reason::rate: return 6;
    case playback::DeviceError::Reason::lost: break;
  }
  return 7;
}

}  // namespace

void play_live(tool::Command& command, Material material, const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);  // who looks on may leave
  try {
    play(command, std::move(material), options);
    if (Ending::wanted() != 0) (void)std::raise(Ending::wanted());
  } catch (const playback::DeviceError& error) {
    throw tool::CodedError(code_of(error.reason), error);
  }
}

}  // namespace sfa::play
