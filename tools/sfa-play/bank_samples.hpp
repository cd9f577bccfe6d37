// The slices of a bank as the engine's samples: each read from the bank's sound when it is wanted, with what is
// around it, and brought to the output's rate.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sfa/engine/sample.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::play {

/// In frames of the bank's sound.
struct BankSlice {
  FrameRange range;
  int fade_in_frames = 0;
  int fade_out_frames = 0;
  double gain_db = 0.0;
};

class BankSamples : public engine::SampleMaker {
 public:
  BankSamples(std::string path, std::vector<BankSlice> slices, SampleRate rate);

  /// How long each slice is at the output's rate.
  [[nodiscard]] std::vector<Frames> slice_frames() const;
  /// Throws what io::SoundReader throws.
  [[nodiscard]] std::unique_ptr<const engine::Sample> make(const engine::SampleSpec& spec) override;

 private:
  [[nodiscard]] Frames converted(Frames frames) const;
  [[nodiscard]] FrameRange converted(FrameRange range) const { return {converted(range.begin), converted(range.end)}; }
  [[nodiscard]] AudioBuffer read(FrameRange range);

  std::string path_;
  std::vector<BankSlice> slices_;
  SampleRate rate_;
  io::SoundReader reader_;
  std::optional<AudioBuffer> whole_;   // of a sound that cannot be read from any frame on
};

}  // namespace sfa::play
