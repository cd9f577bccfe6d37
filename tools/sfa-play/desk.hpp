// What somebody who steers the playing sees and can do, whoever that is: keys, lines of JSON or OSC.
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "generator.hpp"
#include "sfa/engine/bar_clock.hpp"
#include "sfa/engine/engine.hpp"
#include "sfa/engine/tap.hpp"
#include "sfa/engine/tap_tempo.hpp"

namespace sfa::play {

struct Strip {
  std::string name;
  bool mute = false, solo = false;
  double volume_db = 0.0;
  float peak = 0.0F;               // since the last look
};

struct Status {
  std::string name;                // of what is played
  bool paused = false;
  Frames position = 0;
  SampleRate rate{48000};
  std::optional<Frames> length;
  FrameRange range{0, std::numeric_limits<Frames>::max()};  // that --start and --duration name
  std::optional<double> own_bpm;   // of a pattern, as it is written
  double bpm = 0.0;                // as it is played
  FrameRange loop;
  double gain_db = 0.0;
  bool silenced = false;
  int voices = 0;
  std::vector<float> peaks, rms;   // of the output's channels, since the last look
  double momentary_lufs = -std::numeric_limits<double>::infinity();
  std::vector<float> spectrum_db;  // of bands as engine::Scope has them, -120 and up
  float limiter_db = 0.0F, compressor_db = 0.0F;  // what they took away of late
  std::vector<Strip> strips;       // tracks, or the voices of a pattern that has several
  std::vector<RuleState> rules;
  std::string scene;
  bool fill = false;
  std::uint64_t events = 0, missing_slices = 0, late_events = 0;
  Frames starved_frames = 0;
  // The device.
  bool connected = true;
  std::uint64_t xruns = 0;
  double worst_callback_ms = 0.0, latency_ms = 0.0;
  std::string message;             // what was last told
};

/// All that changes something throws Error::invalid_argument or unsupported with one line that says why it cannot be.
class Desk {
 public:
  /// `generator` may be nothing; `meter` is that of a pattern.
  Desk(engine::Engine& engine, Generator* generator, Status status, rules::Meter meter, bool can_go_back);

  static constexpr int spectrum_bands = 30;

  void pause(bool on);
  void stop();                               // to the beginning, and wait there
  void seek(Frames frame);
  void seek_by(Seconds seconds);
  void set_tempo(double bpm);
  void tap();                                // a beat of the tempo, now
  void set_loop(FrameRange range);           // empty: no loop
  void set_gain(double db);
  void silence(bool on);                     // the whole
  void set_volume(std::size_t strip, double db);
  void mute(std::size_t strip, bool on);
  void solo(std::size_t strip, bool on);
  void clear();                              // no strip muted or soloed
  void set_rule(const std::string& id, std::optional<double> probability, std::optional<bool> enabled);
  void set_variable(const std::string& name, double value);
  void set_fill(bool on);
  void set_scene(const std::string& name);
  void load(const std::string& rules_file);

  /// The number of a strip, by its name or its number from 1.
  [[nodiscard]] std::size_t strip_called(const std::string& word) const;
  /// "3:1:1".
  [[nodiscard]] Frames frame_at(const std::string& position) const;
  [[nodiscard]] std::string bars() const;    // of the position; empty where there is no tempo
  [[nodiscard]] Frames nearest_bar(Frames frame) const;

  /// Takes what the engine and the generator have to tell.
  void look();
  [[nodiscard]] const Status& status() const { return status_; }
  Status& status() { return status_; }

 private:
  void send(const engine::Action& action);
  void can_seek() const;
  void listen();
  Generator& generator() const;
  engine::Engine& engine_;
  Generator* generator_;
  Status status_;
  std::optional<engine::BarClock> clock_;
  std::optional<engine::Scope> scope_;
  engine::TapTempo taps_;
  bool can_go_back_;
};

}  // namespace sfa::play
