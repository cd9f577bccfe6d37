#include "sfa/engine/engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "sfa/audio/error.hpp"

namespace sfa::engine {
namespace {

constexpr std::size_t command_capacity = 1024;
constexpr std::size_t report_capacity = 64;
constexpr int reports_per_second = 30;

/// Of every change of gain, pause and seek: 5 ms.
Frames ramp_frames(SampleRate rate) { return std::max<Frames>(1, to_frames({0.005}, rate)); }

void check(const Settings& settings, const Piece& piece) {
  const auto& tracks = piece.track_channels;
  if (settings.channels < 1 || settings.voices < 1 || settings.rate.hz < 1 || settings.range.begin < 0)
    throw Error(Error::Kind::invalid_argument, "the engine needs channels, voices and a rate of at least 1");
  if (tracks.size() > max_tracks)
    throw Error(Error::Kind::invalid_argument, "at most " + std::to_string(max_tracks) + " tracks can play at once");
  if (std::accumulate(tracks.begin(), tracks.end(), 0) != (piece.feed != nullptr ? piece.feed->channels() : 0))
    throw Error(Error::Kind::invalid_argument, "the tracks' channels do not add up to the feed's");
}

}  // namespace

Engine::Engine(const Settings& settings, Piece piece)
    : settings_((check(settings, piece), settings)),
      piece_(std::move(piece)),
      voices_(piece_.memory, settings.voices, release_frames(settings.rate)),
      tracks_(piece_.track_channels, ramp_frames(settings.rate)),
      master_(1.0F, ramp_frames(settings.rate)),
      transport_(1.0F, ramp_frames(settings.rate)),
      commands_(command_capacity),
      reports_(report_capacity),
      report_frames_(std::max(1, settings.rate.hz / reports_per_second)) {
  pending_.reserve(command_capacity);
  if (settings_.range.begin > 0) jump(settings_.range.begin);
}

void Engine::prepare(const Action& action) {
  std::visit([this](const auto& a) { perform(a); }, action);
  master_.jump(master_.target());
  tracks_.settle();
  transport_.jump(transport_.target());
  if (transport_.target() == 0.0F) arrive();
}

// Commands -----------------------------------------------------------------------------------

void Engine::take_commands() noexcept {
  while (pending_.size() < pending_.capacity()) {
    Command command;
    if (!commands_.pop(command)) return;
    const auto later = std::ranges::upper_bound(pending_, command.due, {}, &Command::due);
    pending_.insert(later, command);  // within the capacity: no allocation
  }
}

void Engine::perform_due() noexcept {
  const auto first_later = std::ranges::upper_bound(pending_, clock_, {}, &Command::due);
  for (auto command = pending_.begin(); command != first_later; ++command)
    std::visit([this](const auto& action) { perform(action); }, command->action);
  pending_.erase(pending_.begin(), first_later);
}

Frames Engine::until_next_command(Frames limit) const noexcept {
  return pending_.empty() ? limit : std::min(limit, pending_.front().due - clock_);
}

void Engine::perform(const PlaySlice& action) noexcept { voices_.start(action.trigger); }
void Engine::perform(const ReleaseSlices&) noexcept { voices_.release_all(); }
void Engine::perform(const SetGain& action) noexcept {
  if (std::isfinite(action.gain)) master_.aim(action.gain);
}
void Engine::perform(const SetMute& action) noexcept { tracks_.set_mute(action.track, action.on); }
void Engine::perform(const SetSolo& action) noexcept { tracks_.set_solo(action.track, action.on); }

void Engine::perform(const SetPaused& action) noexcept {
  pause_wanted_ = action.on;
  if (!action.on) paused_ = false;
  if (target_ == no_target) transport_.aim(action.on ? 0.0F : 1.0F);
}

void Engine::perform(const Seek& action) noexcept {
  const Frames from = target_ != no_target ? target_ : position_;
  const Frames last = std::numeric_limits<Frames>::max() / 4;  // far from overflow
  const Frames wanted = std::clamp(action.frame, -last, last) + (action.relative ? std::min(from, last) : 0);
  target_ = std::max(settings_.range.begin, wanted);
  if (paused_ || finished_.load(std::memory_order_relaxed))
    jump(target_);
  else
    transport_.aim(0.0F);
}

// Transport ----------------------------------------------------------------------------------

void Engine::arrive() noexcept {
  if (target_ != no_target) jump(target_);
  paused_ = pause_wanted_;
  if (!paused_) transport_.aim(1.0F);
}

void Engine::jump(Frames position) noexcept {
  position_ = position;
  target_ = no_target;
  voices_.silence();
  const auto& events = piece_.score.events;
  next_event_ = static_cast<std::size_t>(
      std::ranges::lower_bound(events, position, {}, &ScoreEvent::frame) - events.begin());
  if (piece_.feed != nullptr) piece_.feed->seek(position);
  refilling_ = true;
  finished_.store(false, std::memory_order_release);
}

bool Engine::over() const noexcept {
  if (position_ >= settings_.range.end) return true;
  if (piece_.feed == nullptr && piece_.score.events.empty() && piece_.score.frames == 0) return false;
  return position_ >= piece_.score.frames && (piece_.feed == nullptr || piece_.feed->at_end()) &&
         voices_.active() == 0;
}

// Sound --------------------------------------------------------------------------------------

Frames Engine::render(const Block& out) noexcept {
  out.clear();
  take_commands();
  Frames done = 0, belonging = 0;
  while (done < out.frames) {
    perform_due();
    Frames frames = until_next_command(out.frames - done);
    if (over()) {
      finished_.store(true, std::memory_order_release);
    } else {
      frames = advance(out.part({done, done + frames}));
      belonging = done + frames;
    }
    done += frames;
    clock_ += frames;
    measured_frames_ += frames;
    if (measured_frames_ >= report_frames_) report();
  }
  return belonging;
}

Frames Engine::advance(const Block& out) noexcept {
  if (paused_) return out.frames;
  const Frames frames = play(out.part({0, until_change(out.frames)}));
  if (transport_.target() == 0.0F && transport_.left() == 0) arrive();
  return frames;
}

/// How far the piece goes on without an event, the end of a fade or of the piece.
Frames Engine::until_change(Frames limit) const noexcept {
  const auto& score = piece_.score;
  limit = std::min(limit, settings_.range.end - position_);
  if (transport_.left() > 0) limit = std::min(limit, transport_.left());
  if (position_ < score.frames) limit = std::min(limit, score.frames - position_);
  const auto next = std::ranges::upper_bound(score.events.begin() + static_cast<std::ptrdiff_t>(next_event_),
                                             score.events.end(), position_, {}, &ScoreEvent::frame);
  return next == score.events.end() ? limit : std::min(limit, next->frame - position_);
}

void Engine::start_due_events() noexcept {
  const auto& events = piece_.score.events;
  for (; next_event_ < events.size() && events[next_event_].frame <= position_; ++next_event_)
    voices_.start(events[next_event_].trigger);
}

Frames Engine::play(const Block& wanted) noexcept {
  start_due_events();
  Block out = wanted;
  if (piece_.feed != nullptr && !piece_.feed->at_end()) {
    const auto in = piece_.feed->read(out.frames);
    if (in.frames() == 0 && piece_.feed->at_end()) return 0;
    if (in.frames() == 0) {
      if (!refilling_) reading_.starved_frames += static_cast<std::uint64_t>(out.frames);
      return out.frames;
    }
    refilling_ = false;
    out = out.part({0, in.frames()});
    tracks_.render(in, out);
  }
  voices_.render(out);
  apply_gain(out);
  measure(out);
  position_ += out.frames;
  return out.frames;
}

void Engine::apply_gain(const Block& out) noexcept {
  std::array<float, piece_frames> master, transport;
  for_each_piece(out.frames, piece_frames, [&](FrameRange piece) {
    const auto count = static_cast<std::size_t>(piece.size());
    master_.fill({master.data(), count});
    transport_.fill({transport.data(), count});
    for (int c = 0; c < out.channels; ++c) {
      float* const samples = out.channel(c).data() + piece.begin;
      for (std::size_t i = 0; i < count; ++i) samples[i] *= master[i] * transport[i];
    }
  });
}

void Engine::measure(const Block& out) noexcept {
  for (int c = 0; c < out.channels; ++c)
    for (const float sample : out.channel(c)) reading_.peak = std::max(reading_.peak, std::abs(sample));
}

void Engine::report() noexcept {
  if (Report* const slot = reports_.back()) {
    reading_.clock = clock_;
    reading_.position = target_ != no_target ? target_ : position_;
    reading_.paused = paused_ || pause_wanted_;
    reading_.finished = finished_.load(std::memory_order_relaxed);
    reading_.voices = voices_.active();
    for (int track = 0; track < tracks_.tracks(); ++track)
      reading_.track_peaks[static_cast<std::size_t>(track)] = tracks_.take_peak(track);
    *slot = reading_;
    reports_.push();
    reading_.peak = 0.0F;
    measured_frames_ = 0;
  }
}

}  // namespace sfa::engine
