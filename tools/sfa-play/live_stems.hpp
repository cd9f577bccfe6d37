// The stems of a sound, separated while they are played: by sfa-separate as a child process, so that nothing here
// needs what networks run on. Going elsewhere begins a new one there, and what its network heard is forgotten.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <string>

#include "child.hpp"
#include "sound.hpp"

namespace sfa::play {

class LiveStems : public Sound {
 public:
  /// The tracks, each of as many channels as the sound has.
  static constexpr std::array<const char*, 4> names{"drums", "bass", "other", "vocals"};

  /// `model` and `model_dir` as sfa-separate has them; empty: its own. Throws what io::SoundReader throws of `path`,
  /// Error::not_found where there is no sfa-separate, and Error::invalid_data with what that says.
  LiveStems(std::string path, std::string model, std::string model_dir);

  /// All stems side by side.
  [[nodiscard]] const io::SoundInfo& info() const override { return info_; }
  AudioBuffer read(Frames frames) override;
  void go_to(Frames frame) override;
  [[nodiscard]] Frames position() const override { return position_; }

 private:
  void start();
  bool start_within();
  void stop();
  template <typename Read>
  auto told(const Read& read);
  [[noreturn]] void throw_last_words();

  std::string path_, model_, model_dir_, program_;
  bool is_stream_;
  io::SoundInfo info_;
  std::unique_ptr<Child> child_;
  std::optional<io::SoundReader> reader_;  // of what the child writes
  Frames position_ = 0;
  bool ended_ = false, has_given_ = false;
};

}  // namespace sfa::play
