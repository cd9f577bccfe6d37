#include "desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

constexpr double least_db = -120.0, most_db = 40.0;

[[noreturn]] void refuse(const std::string& why) { throw Error(Error::Kind::invalid_argument, why); }

void check_db(double db) {
  if (!(db >= least_db && db <= most_db)) refuse("a volume must be from -120 to 40 dB");
}

/// Levels rise at once and fall slowly enough to be seen.
void follow(float& shown, float now) { shown = std::max(now, shown * 0.8F); }
void follow_db(float& shown, float now) { shown = std::max(now, shown - 2.0F); }

}  // namespace

Desk::Desk(engine::Engine& engine, Generator* generator, Status status, rules::Meter meter, bool can_go_back)
    : engine_(engine), generator_(generator), status_(std::move(status)), can_go_back_(can_go_back) {
  if (status_.own_bpm) clock_.emplace(engine::tempo_near(*status_.own_bpm), meter, status_.rate);
  if (engine_.tap() != nullptr) scope_.emplace(status_.rate, spectrum_bands);
  status_.bpm = status_.own_bpm.value_or(0.0);
  if (generator_ != nullptr) {
    status_.rules = generator_->rules();
    status_.scene = generator_->scene();
  }
}

/// A device that asks for nothing leaves the engine's commands standing.
void Desk::send(const engine::Action& action) {
  if (!engine_.send({.due = 0, .action = action})) throw Error(Error::Kind::io, "the device takes no more commands now");
}

void Desk::can_seek() const {
  if (!can_go_back_) throw Error(Error::Kind::unsupported, "cannot seek in a pipe");
}

Generator& Desk::generator() const {
  if (generator_ == nullptr) throw Error(Error::Kind::unsupported, "no rules are playing");
  return *generator_;
}

void Desk::pause(bool on) {
  send(engine::SetPaused{on});
  status_.paused = on;
}

void Desk::stop() {
  can_seek();
  send(engine::Seek{});
  pause(true);
}

void Desk::seek(Frames frame) {
  can_seek();
  if (generator_ != nullptr) generator_->reach(frame);
  send(engine::Seek{.frame = std::max<Frames>(0, frame)});
}

void Desk::seek_by(Seconds seconds) {
  can_seek();
  const Frames by = to_frames(seconds, status_.rate);
  if (generator_ != nullptr) generator_->reach(engine_.position() + by);
  send(engine::Seek{.frame = by, .relative = true});
}

/// The engine plays the piece faster; what is written in it stays as it is.
void Desk::set_tempo(double bpm) {
  if (!status_.own_bpm) throw Error(Error::Kind::unsupported, "only patterns and rules have a tempo");
  if (!(bpm >= 10.0 && bpm <= 1000.0)) refuse("the tempo must be from 10 to 1000 beats a minute");
  constexpr double steps = 1000.0;
  auto numerator = static_cast<std::int32_t>(std::lround(bpm * steps));
  auto denominator = static_cast<std::int32_t>(std::lround(*status_.own_bpm * steps));
  const auto divisor = std::gcd(numerator, denominator);
  const engine::TempoRatio ratio{numerator / divisor, denominator / divisor};
  if (!engine::sound(ratio)) refuse("the tempo can be a 16th of the piece's own to 16 times that");
  send(engine::SetTempo{ratio});
  status_.bpm = bpm;
  if (generator_ != nullptr) generator_->set_speed(bpm / *status_.own_bpm);
}

void Desk::tap() {
  const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  if (const auto bpm = taps_.tap({now.count()})) set_tempo(std::round(std::clamp(*bpm, 10.0, 1000.0) * 10.0) / 10.0);
}

void Desk::set_loop(FrameRange range) {
  can_seek();
  if (!range.empty() && (range.begin < 0 || to_seconds(range.size(), status_.rate).value < 0.05))
    refuse("a loop must be 0.05 seconds long or more");
  if (!range.empty() && (range.begin < status_.range.begin || range.end > status_.range.end))
    refuse("a loop must lie within what --start and --duration name");
  send(engine::SetLoop{range});
  if (generator_ != nullptr) generator_->set_loop(range);
  status_.loop = range;
}

void Desk::set_gain(double db) {
  check_db(db);
  if (!status_.silenced) send(engine::SetGain{to_gain({db})});
  status_.gain_db = db;
}

void Desk::silence(bool on) {
  send(engine::SetGain{on ? 0.0F : to_gain({status_.gain_db})});
  status_.silenced = on;
}

void Desk::set_volume(std::size_t strip, double db) {
  check_db(db);
  auto& state = status_.strips.at(strip);
  send(engine::SetVolume{static_cast<int>(strip), to_gain({db})});
  state.volume_db = db;
}

void Desk::mute(std::size_t strip, bool on) {
  auto& state = status_.strips.at(strip);
  send(engine::SetMute{static_cast<int>(strip), on});
  state.mute = on;
}

void Desk::solo(std::size_t strip, bool on) {
  auto& state = status_.strips.at(strip);
  send(engine::SetSolo{static_cast<int>(strip), on});
  state.solo = on;
}

void Desk::clear() {
  for (std::size_t i = 0; i < status_.strips.size(); ++i) {
    mute(i, false);
    solo(i, false);
  }
}

void Desk::set_rule(const std::string& id, std::optional<double> probability, std::optional<bool> enabled) {
  if (probability && !(*probability >= 0.0 && *probability <= 1.0)) refuse("a probability must be from 0 to 1");
  auto& rules = generator();
  const bool known = (!probability || rules.set_probability(id, *probability)) && (!enabled || rules.enable_rule(id, *enabled));
  if (!known) refuse("no rule is called " + id);
  status_.rules = rules.rules();
}

void Desk::set_variable(const std::string& name, double value) {
  if (!generator().set_variable(name, value)) refuse("no variable is called " + name + ", or its value is beyond 1000 million");
}

void Desk::set_fill(bool on) {
  generator().set_fill(on);
  status_.fill = on;
}

void Desk::set_scene(const std::string& name) {
  generator().set_scene(name);
  status_.scene = name;
}

void Desk::load(const std::string& rules_file) { generator().load(rules_file); }

std::size_t Desk::strip_called(const std::string& word) const {
  const auto& strips = status_.strips;
  std::string names;
  for (std::size_t i = 0; i < strips.size(); ++i) {
    if (strips[i].name == word) return i;
    names += (i > 0 ? ", " : "") + strips[i].name;
  }
  for (std::size_t i = 0; i < strips.size(); ++i)
    if (std::to_string(i + 1) == word) return i;
  refuse("no track is called " + word + (names.empty() ? "; one voice alone has no track" : "; there are: " + names));
}

Frames Desk::frame_at(const std::string& position) const {
  if (!clock_) throw Error(Error::Kind::unsupported, "only patterns and rules have bars; seconds are a number");
  return clock_->frame(engine::parse_bar_position(position));
}

std::string Desk::bars() const { return clock_ ? engine::to_text(clock_->at(std::max<Frames>(0, status_.position))) : ""; }

Frames Desk::nearest_bar(Frames frame) const { return clock_ ? clock_->nearest_bar(frame) : frame; }

void Desk::listen() {
  if (!scope_ || !scope_->read(*engine_.tap())) return;
  status_.momentary_lufs = scope_->momentary_lufs();
  const auto levels = scope_->spectrum_db();
  status_.spectrum_db.resize(levels.size(), engine::Scope::floor_db);
  for (std::size_t i = 0; i < levels.size(); ++i) follow_db(status_.spectrum_db[i], levels[i]);
}

void Desk::look() {
  listen();
  engine::Report report;
  for (bool first = true; engine_.take(report); first = false) {
    if (first) status_.limiter_db = status_.compressor_db = 0.0F;
    status_.position = report.position;
    status_.voices = report.voices;
    status_.events = report.events;
    status_.missing_slices = report.missing_slices;
    status_.late_events = report.late_events;
    status_.limiter_db = std::max(status_.limiter_db, report.master.limiter_db);
    status_.compressor_db = std::max(status_.compressor_db, report.master.compressor_db);
    status_.starved_frames = static_cast<Frames>(report.starved_frames);
    for (std::size_t i = 0; i < status_.peaks.size(); ++i) {
      follow(status_.peaks[i], report.master.peaks[i]);
      status_.rms[i] = report.master.rms[i];
    }
    for (std::size_t i = 0; i < status_.strips.size(); ++i) follow(status_.strips[i].peak, report.strips[i].peak);
  }
  if (generator_ == nullptr) return;
  status_.rules = generator_->rules();
  status_.scene = generator_->scene();
}

}  // namespace sfa::play
