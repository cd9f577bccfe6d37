// Sounds as the engine's tracks: read block by block, at the output's rate, from any frame on.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "sfa/engine/track_feed.hpp"
#include "sound.hpp"

namespace sfa::play {

/// One sound. Where its rate is another than the output's it is converted in windows that begin at
/// whole seconds and overlap by more than the converter's reach, so that a frame is the same
/// whether it was read in passing or after a seek.
class FileTrack {
 public:
  /// `sound` stands at its beginning.
  FileTrack(std::unique_ptr<Sound> sound, SampleRate rate);
  [[nodiscard]] int channels() const { return sound_->info().channels; }
  Frames read(const engine::Block& into);
  void seek(Frames frame);
  /// How far it has been read or sought: at its end, its length.
  [[nodiscard]] Seconds reached() const { return to_seconds(sound_->position(), sound_->info().rate); }

 private:
  [[nodiscard]] AudioBuffer next_piece();
  [[nodiscard]] AudioBuffer next_second();

  SampleRate rate_;
  std::unique_ptr<Sound> sound_;
  AudioBuffer piece_;        // at the output's rate
  Frames used_ = 0;          // of piece_
  // For conversion only.
  Frames second_ = 0;        // the next to be made
  Frames margin_ = 0;
  Frames window_begin_ = 0;  // of what lies in window_, in the sound's own frames
  std::vector<std::vector<float>> window_;
};

/// All sounds side by side, as long as the longest; shorter ones end in silence. Throws tool::past_end() where
/// nothing comes after the seek with which reading began: a stream's length shows only then.
class FileTracks : public engine::TrackReader {
 public:
  /// `name` is what they are together, for messages.
  FileTracks(std::string name, std::vector<std::unique_ptr<Sound>> sounds, SampleRate rate);
  [[nodiscard]] int channels() const override { return channels_; }
  Frames read(const engine::Block& into) override;
  void seek(Frames frame) override;

 private:
  std::string name_;
  SampleRate rate_;
  std::vector<FileTrack> tracks_;
  int channels_ = 0;
  Frames begin_ = 0;         // that was sought last
  bool has_read_ = false;
};

/// The first `length` >= 1 frames of another reader, `passes` >= 1 times over.
class Repeated : public engine::TrackReader {
 public:
  Repeated(std::unique_ptr<engine::TrackReader> once, Frames length, int passes);
  [[nodiscard]] int channels() const override { return once_->channels(); }
  Frames read(const engine::Block& into) override;
  void seek(Frames frame) override;

 private:
  std::unique_ptr<engine::TrackReader> once_;
  Frames length_, total_, at_ = 0;
};

}  // namespace sfa::play
