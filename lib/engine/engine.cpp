#include "sfa/engine/engine.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/denormals.hpp"
#include "sfa/engine/score.hpp"

namespace sfa::engine {
namespace {

constexpr std::size_t command_capacity = 1024;
constexpr std::size_t report_capacity = 64, cue_capacity = 1024;
constexpr std::size_t tap_capacity = 1024;  // pieces: 1.4 s at 48 kHz
constexpr int reports_per_second = 30;
constexpr Seconds ahead{1.0};
constexpr Seconds shortest_loop{0.05};

/// Of every change of gain, pause and seek: 5 ms.
Frames ramp_frames(SampleRate rate) { return std::max<Frames>(1, to_frames({0.005}, rate)); }

std::vector<int> strip_channels(const Settings& settings, const Piece& piece) {
  auto channels = piece.track_channels;
  channels.insert(channels.end(), static_cast<std::size_t>(piece.lanes), settings.channels);
  return channels;
}

void check(const Settings& settings, const Piece& piece) {
  const auto& tracks = piece.track_channels;
  if (settings.channels < 1 || settings.voices < 1 || settings.voices > 256 || settings.rate.hz < 1 ||
      settings.range.begin < 0)
    throw Error(Error::Kind::invalid_argument,
                "the engine needs a channel, a rate of at least 1 Hz and 1 to 256 voices");
  if (piece.lanes < 0 || piece.lanes > max_strips || std::ssize(tracks) + piece.lanes > max_strips)
    throw Error(Error::Kind::invalid_argument, "at most " + std::to_string(max_strips) + " tracks can play at once");
  if (std::accumulate(tracks.begin(), tracks.end(), 0) != (piece.feed != nullptr ? piece.feed->channels() : 0))
    throw Error(Error::Kind::invalid_argument, "the tracks' channels do not add up to the feed's");
}

}  // namespace

Engine::Engine(const Settings& settings, Piece piece)
    : settings_((check(settings, piece), settings)),
      piece_(std::move(piece)),
      voices_(settings.voices, piece_.lanes, release_frames(settings.rate), settings.rate),
      mixer_(strip_channels(settings, piece_), ramp_frames(settings.rate)),
      master_(settings.master, settings.rate, settings.channels, ramp_frames(settings.rate)),
      fade_(1.0F, ramp_frames(settings.rate)),
      commands_(command_capacity),
      reports_(report_capacity),
      cues_(cue_capacity),
      tap_(settings.tap ? std::make_unique<Tap>(tap_capacity) : nullptr),
      report_frames_(std::max(1, settings.rate.hz / reports_per_second)),
      ahead_frames_(std::max<Frames>(1, to_frames(ahead, settings.rate))),
      made_(settings.channels, piece_frames, settings.rate),
      to_drop_(master_.latency_frames()),
      tracks_(piece_.feed != nullptr ? piece_.feed->channels() : 0, piece_frames, settings.rate) {
  pending_.reserve(command_capacity);
  for (int lane = 0; lane < piece_.lanes; ++lane) lanes_.emplace_back(settings.channels, piece_frames, settings.rate);
  lane_blocks_.resize(lanes_.size());
  if (settings_.range.begin > 0) jump(settings_.range.begin);
  make_ready_ahead();
}

void Engine::prepare(const Action& action) {
  std::visit([this](const auto& a) { perform(a); }, action);
  master_.settle();
  mixer_.settle();
  fade_.jump(fade_.target());
  if (fade_.target() == 0.0F) arrive();
  make_ready_ahead();
}

// Commands -----------------------------------------------------------------------------------

void Engine::take_commands() noexcept {
  while (pending_.size() < pending_.capacity()) {
    Command command;
    if (!commands_.pop(command)) return;
    if (command.due > 0 && command.due < clock_) ++reading_.late_commands;
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
void Engine::perform(const ReleaseSlices& action) noexcept { voices_.release_all(action.lane); }
void Engine::perform(const SetGain& action) noexcept { master_.set_gain(action.gain); }
void Engine::perform(const SetVolume& action) noexcept { mixer_.set_volume(action.strip, action.gain); }
void Engine::perform(const SetMute& action) noexcept { mixer_.set_mute(action.strip, action.on); }
void Engine::perform(const SetSolo& action) noexcept { mixer_.set_solo(action.strip, action.on); }

void Engine::perform(const SetPaused& action) noexcept {
  pause_wanted_ = action.on;
  if (!action.on) paused_ = false;
  if (target_ == no_target) fade_.aim(action.on ? 0.0F : 1.0F);
}

void Engine::perform(const Seek& action) noexcept {
  const Frames from = target_ != no_target ? target_ : transport_.position();
  constexpr Frames last = Frames{1} << 56;  // far from overflow
  const Frames wanted = std::clamp(action.frame, -last, last) + (action.relative ? std::min(from, last) : 0);
  target_ = std::max(settings_.range.begin, wanted);
  if (paused_ || over())
    jump(target_);
  else
    fade_.aim(0.0F);
}

void Engine::perform(const SetLoop& action) noexcept {
  const auto& range = action.range;
  const bool is_loop = range.begin >= settings_.range.begin && range.end <= settings_.range.end &&
                       range.size() >= std::max<Frames>(piece_frames, to_frames(shortest_loop, settings_.rate));
  if (!is_loop && !range.empty()) return;
  loop_ = range.empty() ? FrameRange{} : range;
  if (piece_.feed != nullptr) piece_.feed->set_loop(loop_);
}

void Engine::perform(const SetTempo& action) noexcept {
  if (!sound(action.ratio) || piece_.feed != nullptr) return;
  voices_.change_tempo(transport_.ratio(), action.ratio);
  transport_.set_ratio(action.ratio);
}

// Transport ----------------------------------------------------------------------------------

void Engine::arrive() noexcept {
  if (target_ != no_target) jump(target_);
  paused_ = pause_wanted_;
  if (paused_)
    cues_.push({.number = 0, .clock = clock_});
  else
    fade_.aim(1.0F);
}

void Engine::jump(Frames position) noexcept {
  transport_.jump(position);
  target_ = no_target;
  voices_.silence();
  cues_.push({.number = 0, .clock = clock_});
  if (piece_.events != nullptr) piece_.events->seek(position);
  if (piece_.feed != nullptr) piece_.feed->seek(position);
  refilling_ = true;
  make_ready_ahead();
}

/// From the loop's end to its begin. The feed goes there by itself, unless it has come to its end before.
void Engine::wrap() noexcept {
  transport_.move(-loop_.size());
  if (piece_.events != nullptr) piece_.events->seek(loop_.begin);
  if (piece_.feed != nullptr && piece_.feed->at_end()) piece_.feed->seek(loop_.begin);
}

bool Engine::over() const noexcept {
  const Frames position = transport_.position();
  if (position >= settings_.range.end) return true;
  if (loops() || (piece_.feed == nullptr && piece_.events == nullptr)) return false;
  return (piece_.events == nullptr || position >= piece_.events->end()) && !has_tracks() && voices_.active() == 0;
}

// Sound --------------------------------------------------------------------------------------

Frames Engine::render(const Block& out) noexcept {
  const dsp::FlushDenormals flush;
  take_commands();
  for (Frames done = 0; done < out.frames;) {
    while (given_ == piece_frames) make_piece();
    const Frames count = std::min(out.frames - done, piece_frames - given_);
    for (int c = 0; c < out.channels; ++c)
      std::copy_n(made_.channel(c).begin() + given_, count, out.channel(c).begin() + done);
    given_ += count;
    done += count;
  }
  const Frames belonging = std::clamp<Frames>(belonging_until_ - given_out_, 0, out.frames);
  given_out_ += out.frames;
  finished_.store(over() && given_out_ >= belonging_until_, std::memory_order_release);
  shown_clock_.store(clock_, std::memory_order_release);
  shown_position_.store(target_ != no_target ? target_ : transport_.position(), std::memory_order_release);
  return belonging;
}

void Engine::make_piece() noexcept {
  const auto block = block_of(made_);
  block.clear();
  for (Frames done = 0; done < piece_frames;) {
    perform_due();
    Frames frames = until_next_command(piece_frames - done);
    if (!over()) {
      frames = advance(block.part({done, done + frames}));
      belonging_until_ = clock_ + frames;
    }
    done += frames;
    clock_ += frames;
  }
  make_ready_ahead();
  master_.process(block);
  given_ = std::min(to_drop_, piece_frames);
  to_drop_ -= given_;
  if (tap_ && given_ < piece_frames) hand_to_tap();
  unreported_frames_ += piece_frames;
  if (unreported_frames_ >= report_frames_) report();
}

Frames Engine::advance(const Block& out) noexcept {
  if (paused_) return out.frames;
  if (!loop_.empty() && transport_.position() == loop_.end) wrap();
  const Frames frames = play(out);
  if (fade_.target() == 0.0F && fade_.left() == 0) arrive();
  return frames;
}

/// How far the piece goes on without an event, the end of a fade, of a loop or of the piece.
Frames Engine::until_change(Frames limit) const noexcept {
  const Frames position = transport_.position();
  const auto until = [&](Frames place) {
    if (place > position) limit = std::min(limit, transport_.frames_until(place));
  };
  until(settings_.range.end);
  if (!loop_.empty()) until(loop_.end);
  if (piece_.events != nullptr) {
    until(piece_.events->end());
    if (const auto* const event = piece_.events->front()) until(event->frame);
  }
  return fade_.left() > 0 ? std::min(limit, fade_.left()) : limit;
}

void Engine::start_due_events() noexcept {
  if (piece_.events == nullptr) return;
  const Frames position = transport_.position();
  for (const auto* event = piece_.events->front(); event != nullptr && event->frame <= position;
       event = piece_.events->front()) {
    if (transport_.was_at(event->frame)) ++reading_.late_events;
    ++reading_.events;
    auto trigger = event->trigger;
    if (trigger.gate_frames > 0) trigger.gate_frames = frames_at(transport_.ratio(), trigger.gate_frames, {});
    voices_.start(trigger, true);
    if (event->cue != 0) cues_.push({.number = event->cue, .clock = clock_});
    piece_.events->next();
  }
}

void Engine::make_ready_ahead() noexcept {
  if (piece_.events == nullptr) return;
  constexpr int most = 256;  // the next piece goes on
  const Frames end = transport_.position() + ahead_frames_;
  for (int i = 0; i < most; ++i) {
    const auto* const event = piece_.events->look_ahead(end);
    if (event == nullptr) return;
    if (event->trigger.sample != nullptr) event->trigger.sample->want();
  }
}

/// Into tracks_. Fewer frames than asked for only where they end, or are not there in time.
Frames Engine::read_tracks(Frames frames) noexcept {
  Frames done = 0;
  while (done < frames && has_tracks()) {
    const auto in = piece_.feed->read(frames - done);
    if (in.frames() == 0) break;
    for (int c = 0; c < in.channels(); ++c) std::ranges::copy(in.channel(c), tracks_.channel(c).begin() + done);
    done += in.frames();
  }
  return done;
}

Frames Engine::play(const Block& wanted) noexcept {
  start_due_events();
  Block out = wanted.part({0, until_change(wanted.frames)});
  const bool tracks = has_tracks();
  if (tracks) {
    const Frames read = read_tracks(out.frames);
    if (read == 0 && !has_tracks()) return 0;
    if (read == 0) {
      if (!refilling_) reading_.starved_frames += static_cast<std::uint64_t>(out.frames);
      return out.frames;
    }
    refilling_ = false;
    out = out.part({0, read});
  }
  mix(out, tracks);
  fade_transport(out);
  transport_.advance(out.frames);
  return out.frames;
}

void Engine::mix(const Block& out, bool tracks) noexcept {
  const int track_count = static_cast<int>(piece_.track_channels.size());
  for (int track = 0, first = 0; tracks && track < track_count; ++track) {
    const int channels = piece_.track_channels[static_cast<std::size_t>(track)];
    mixer_.render(track, {tracks_.channel(first).data(), channels, out.frames, piece_frames, settings_.rate}, out);
    first += channels;
  }
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    lane_blocks_[lane] = block_of(lanes_[lane]).part({0, out.frames});
    lane_blocks_[lane].clear();
  }
  voices_.render(lane_blocks_);
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
    mixer_.render(track_count + static_cast<int>(lane), lane_blocks_[lane].view(settings_.rate), out);
}

void Engine::fade_transport(const Block& out) noexcept {
  std::array<float, piece_frames> gains;
  const auto count = static_cast<std::size_t>(out.frames);
  fade_.fill({gains.data(), count});
  for (int c = 0; c < out.channels; ++c) {
    float* const samples = out.channel(c).data();
    for (std::size_t i = 0; i < count; ++i) samples[i] *= gains[i];
  }
}

void Engine::hand_to_tap() noexcept {
  TapPiece* const slot = tap_->back();
  if (slot == nullptr) return;
  slot->frame = clock_ - piece_frames - master_.latency_frames();
  for (int side = 0; side < 2; ++side)
    std::ranges::copy(made_.channel(std::min(side, made_.channels() - 1)),
                      slot->samples[static_cast<std::size_t>(side)].begin());
  tap_->push();
}

void Engine::report() noexcept {
  Report* const slot = reports_.back();
  if (slot == nullptr) return;
  reading_.clock = clock_;
  reading_.position = target_ != no_target ? target_ : transport_.position();
  reading_.tempo = transport_.ratio();
  reading_.loop = loop_;
  reading_.paused = paused_ || pause_wanted_;
  reading_.finished = over();
  reading_.voices = voices_.active();
  reading_.missing_slices = voices_.missing();
  reading_.stolen_voices = voices_.stolen();
  reading_.master = master_.take_levels();
  for (int strip = 0; strip < mixer_.strips(); ++strip)
    reading_.strips[static_cast<std::size_t>(strip)] = mixer_.take_state(strip);
  *slot = reading_;
  if (piece_.feed != nullptr) slot->starved_frames += piece_.feed->lost_frames();
  reports_.push();
  unreported_frames_ = 0;
}

}  // namespace sfa::engine
