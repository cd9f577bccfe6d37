#include "sfa/mix/mixdown.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "clip_player.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/audio/units.hpp"
#include "sfa/mix/pan.hpp"

namespace sfa::mix {
namespace {

[[noreturn]] void refuse(const Track& track, const std::string& what) {
  throw Error(Error::Kind::invalid_data, "track " + track.name + ": " + what);
}

/// What is said of several files at once.
std::string paths(const Session& session) {
  std::set<std::string> different;
  for (const auto& track : session.tracks)
    for (const auto& clip : track.clips) different.insert(clip.path);
  std::string all;
  for (const auto& path : different) all += (all.empty() ? "" : ", ") + path;
  return all;
}

bool is_length(double seconds) { return seconds >= 0.0 && seconds <= longest_document_seconds; }

void check(const Track& track, const Clip& clip) {
  if (!is_length(clip.position) || !is_length(clip.start) || !(clip.duration <= longest_document_seconds))
    refuse(track, "a clip's position, start and duration must be within 0 to 1000000 seconds");
  if (!is_length(clip.fade_in) || !is_length(clip.fade_out))
    refuse(track, "a clip's fades must be within 0 to 1000000 seconds");
  if (!(clip.gain_db <= 200.0)) refuse(track, "a clip's gain must be at most 200 dB");
}

Frames scaled(Frames frames, SampleRate from, SampleRate to) {
  return from == to ? frames : std::llround(static_cast<double>(frames) * to.hz / from.hz);
}

ClipPlan plan(const Track& track, const Clip& clip, const SoundShape& sound, SampleRate rate) {
  const Frames begin = to_frames({clip.start}, sound.rate);
  if (begin >= sound.frames && sound.frames > 0) refuse(track, clip.path + ": a clip starts after the sound's end");
  const Frames end =
      clip.duration < 0.0 ? sound.frames : std::min(sound.frames, begin + to_frames({clip.duration}, sound.rate));
  ClipPlan result;
  result.path = clip.path;
  result.sound = sound;
  result.source = {begin, end};
  const Frames place = to_frames({clip.position}, rate);
  result.place = {place, place + scaled(result.source.size(), sound.rate, rate)};
  result.gain = std::pow(10.0, clip.gain_db / 20.0);
  result.fade_in = std::min(result.place.size(), to_frames({clip.fade_in}, rate));
  result.fade_out = std::min(result.place.size(), to_frames({clip.fade_out}, rate));
  result.fade_shape = clip.fade_shape;
  return result;
}

struct TrackPlayer {
  bool heard = true;
  std::vector<ClipPlayer> clips;
  std::vector<float> gains;  // one for each channel
  AudioBuffer block;

  void render(FrameRange range) {
    for (auto& clip : clips) clip.add_to(block, range);
    for (int c = 0; c < block.channels(); ++c)
      for (auto& sample : block.channel(c)) sample *= gains[static_cast<std::size_t>(c)];
  }
};

std::vector<float> track_gains(const Track& track, double master_db, int channels) {
  if (!(track.gain_db <= 200.0)) refuse(track, "a gain must be at most 200 dB");
  const auto pan = pan_gains(track.pan_law, track.pan);
  const double gain = std::pow(10.0, (track.gain_db + master_db) / 20.0);
  std::vector<float> gains(static_cast<std::size_t>(channels), static_cast<float>(gain));
  gains[0] = static_cast<float>(gain * pan.left);
  gains[1] = static_cast<float>(gain * pan.right);
  return gains;
}

}  // namespace

struct Mixdown::State {
  SampleRate rate{};
  int channels = 2;
  Frames frames = 0, position = 0;
  std::vector<TrackPlayer> tracks;
  AudioBuffer mix;

  void plan_clips(const Session& session, Sounds& sounds) {
    if (session.sample_rate != 0) rate = SampleRate{session.sample_rate};
    bool rate_known = session.sample_rate != 0;
    for (const auto& track : session.tracks) {
      auto& player = tracks.emplace_back();
      player.heard = is_heard(session, track);
      for (const auto& clip : track.clips) {
        check(track, clip);
        const auto sound = sounds.shape(clip.path);
        if (!rate_known) rate = sound.rate;
        rate_known = true;
        channels = std::max(channels, sound.channels);
        const auto planned = plan(track, clip, sound, rate);
        frames = std::max(frames, planned.place.end);
        player.clips.emplace_back(planned, rate, sounds);
      }
    }
    if (!rate_known) throw Error(Error::Kind::invalid_data, "the session has no clip to mix");
  }
};

Mixdown::Mixdown(const Session& session, Sounds& sounds, double gain_db) : state_(std::make_unique<State>()) {
  if (session.sample_rate < 0 || !is_length(session.duration))
    throw Error(Error::Kind::invalid_data, "a session's sample rate and duration must not be negative");
  const double master_db = session.master.gain_db + gain_db;
  if (!(master_db <= 400.0)) throw Error(Error::Kind::invalid_data, "the master's gain is too high");
  state_->plan_clips(session, sounds);
  if (session.duration > 0.0) state_->frames = to_frames({session.duration}, state_->rate);
  if (state_->frames == 0) throw Error(Error::Kind::invalid_data, "there is no sound to mix in " + paths(session));
  for (std::size_t i = 0; i < session.tracks.size(); ++i)
    state_->tracks[i].gains = track_gains(session.tracks[i], master_db, state_->channels);
}

Mixdown::~Mixdown() = default;
Mixdown::Mixdown(Mixdown&&) noexcept = default;
Mixdown& Mixdown::operator=(Mixdown&&) noexcept = default;

SampleRate Mixdown::rate() const { return state_->rate; }
int Mixdown::channels() const { return state_->channels; }
Frames Mixdown::frames() const { return state_->frames; }
Frames Mixdown::position() const { return state_->position; }
AudioView Mixdown::mix() const { return state_->mix; }
AudioView Mixdown::track(std::size_t index) const { return state_->tracks.at(index).block; }

bool Mixdown::render(Frames frames) {
  auto& state = *state_;
  const FrameRange range{state.position, std::min(state.frames, state.position + frames)};
  if (range.empty()) return false;
  state.mix = AudioBuffer(state.channels, range.size(), state.rate);
  for (auto& track : state.tracks) {
    track.block = AudioBuffer(state.channels, range.size(), state.rate);
    if (!track.heard) continue;
    track.render(range);
    for (int c = 0; c < state.channels; ++c) {
      const auto sum = state.mix.channel(c), part = track.block.channel(c);
      std::ranges::transform(sum, part, sum.begin(), std::plus{});
    }
  }
  state.position = range.end;
  return true;
}

}  // namespace sfa::mix
