#include "file_tracks.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/resample.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::play {
namespace {

constexpr Frames piece_frames = 8192;
// More than the reach of soxr's filters at very high quality, in frames of the lower rate.
constexpr Frames reach = 4096;

/// Frames on either side of a window: a whole number of output frames too.
Frames margin_for(SampleRate from, SampleRate to) {
  const Frames step = from.hz / std::gcd(from.hz, to.hz);
  const Frames wanted = reach * std::max(1, from.hz / to.hz);
  return (wanted + step - 1) / step * step;
}

}  // namespace

FileTrack::FileTrack(std::unique_ptr<Sound> sound, SampleRate rate)
    : rate_(rate), sound_(std::move(sound)), margin_(margin_for(sound_->info().rate, rate)) {
  window_.resize(static_cast<std::size_t>(channels()));
}

Frames FileTrack::read(const engine::Block& into) {
  Frames done = 0;
  while (done < into.frames) {
    if (used_ >= piece_.frames()) {
      used_ -= piece_.frames();  // a seek may have asked for more than a last, short piece has
      piece_ = next_piece();
      if (piece_.frames() == 0) break;
      continue;
    }
    const auto part = piece_.view().slice({used_, used_ + into.frames - done});
    for (int c = 0; c < part.channels(); ++c)
      std::ranges::copy(part.channel(c), into.channel(c).begin() + done);
    done += part.frames();
    used_ += part.frames();
  }
  return done;
}

void FileTrack::seek(Frames frame) {
  piece_ = {};
  used_ = 0;
  const auto own = sound_->info().rate;
  if (own == rate_) {
    sound_->go_to(frame);
    return;
  }
  second_ = frame / rate_.hz;
  used_ = frame % rate_.hz;
  window_begin_ = std::max<Frames>(0, second_ * own.hz - margin_);
  for (auto& channel : window_) channel.clear();
  sound_->go_to(window_begin_);
}

AudioBuffer FileTrack::next_piece() {
  return sound_->info().rate == rate_ ? sound_->read(piece_frames) : next_second();
}

AudioBuffer FileTrack::next_second() {
  const auto own = sound_->info().rate;
  const FrameRange wanted{std::max<Frames>(0, second_ * own.hz - margin_), (second_ + 1) * own.hz + margin_};
  // What is kept from the last second and what is new.
  for (auto& channel : window_)
    channel.erase(channel.begin(), channel.begin() + std::min<Frames>(wanted.begin - window_begin_, std::ssize(channel)));
  window_begin_ = wanted.begin;
  while (sound_->position() < wanted.end) {
    const auto more = sound_->read(std::min(piece_frames, wanted.end - sound_->position()));
    if (more.frames() == 0) break;
    for (int c = 0; c < channels(); ++c) {
      const auto samples = more.channel(c);
      window_[static_cast<std::size_t>(c)].insert(window_[static_cast<std::size_t>(c)].end(), samples.begin(), samples.end());
    }
  }
  if (window_.front().empty()) return {};
  AudioBuffer window(channels(), std::ssize(window_.front()), own);
  for (int c = 0; c < channels(); ++c) std::ranges::copy(window_[static_cast<std::size_t>(c)], window.channel(c).begin());
  const auto converted = dsp::resample(window, rate_);
  const Frames before = (second_ * own.hz - window_begin_) / own.hz * rate_.hz +
                        (second_ * own.hz - window_begin_) % own.hz * rate_.hz / own.hz;
  ++second_;
  return AudioBuffer(converted.view().slice({before, before + rate_.hz}));
}

FileTracks::FileTracks(std::string name, std::vector<std::unique_ptr<Sound>> sounds, SampleRate rate)
    : name_(std::move(name)), rate_(rate) {
  for (auto& sound : sounds) {
    tracks_.emplace_back(std::move(sound), rate);
    channels_ += tracks_.back().channels();
  }
}

Frames FileTracks::read(const engine::Block& into) {
  Frames longest = 0;
  int first = 0;
  into.clear();
  for (auto& track : tracks_) {
    const engine::Block own{into.data + first * into.stride, track.channels(), into.frames, into.stride};
    longest = std::max(longest, track.read(own));
    first += track.channels();
  }
  if (longest == 0 && begin_ > 0 && !has_read_) {
    Seconds length;
    for (const auto& track : tracks_) length = std::max(length, track.reached());
    throw tool::past_end(name_, to_seconds(begin_, rate_), length);
  }
  has_read_ = true;
  return longest;
}

void FileTracks::seek(Frames frame) {
  begin_ = frame;
  for (auto& track : tracks_) track.seek(frame);
}

Repeated::Repeated(std::unique_ptr<engine::TrackReader> once, Frames length, int passes)
    : once_(std::move(once)), length_(length), total_(length * passes) {}

Frames Repeated::read(const engine::Block& into) {
  Frames done = 0;
  while (done < into.frames && at_ < total_) {
    const Frames left = length_ - at_ % length_;  // of this pass
    const auto part = into.part({done, std::min(into.frames, done + left)});
    const Frames got = once_->read(part);
    part.part({got, part.frames}).clear();  // conversion may leave a pass one frame short
    done += part.frames;
    at_ += part.frames;
    if (at_ % length_ == 0 && at_ < total_) once_->seek(0);
  }
  return done;
}

void Repeated::seek(Frames frame) {
  at_ = std::min(frame, total_);
  once_->seek(at_ < total_ ? at_ % length_ : length_);
}

}  // namespace sfa::play
