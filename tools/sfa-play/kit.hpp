// The slices that a pattern's voices play, of one bank or of several, numbered through: an event calls a slice by its
// id in the bank of its voice, the engine by its number here.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bank_samples.hpp"
#include "sfa/rules/event.hpp"
#include "sfa/slicing/bank.hpp"

namespace sfa::play {

class Kit {
 public:
  /// The sound of a bank whose document is at `path`, once opened and found to be what the bank was made of.
  struct Sound {
    std::string path;
    SampleRate rate{};
    int channels = 0;
  };

  /// Adds what `voice` plays; the same bank (by its path) is added once. The voice without a name plays what events do
  /// whose voice is not known. Throws Error::invalid_data for a bank without a sound, or with another sound than it
  /// was made of.
  void add(const std::string& voice, const slicing::Bank& bank, const std::string& path);
  /// From now on `voice` plays a bank that is there.
  void assign(const std::string& voice, const std::string& path) { voices_[voice] = banks_.at(path); }
  [[nodiscard]] bool has_bank(const std::string& path) const { return banks_.contains(path); }

  [[nodiscard]] bool empty() const { return sounds_.empty(); }
  [[nodiscard]] const std::vector<Sound>& sounds() const { return sounds_; }
  [[nodiscard]] int slices() const { return count_; }

  /// The number of an event's slice. Throws Error::invalid_data where its bank has none of that id.
  [[nodiscard]] int number(const rules::Event& event) const;

  /// Makes them all; `slice_frames` gets the lengths by number.
  [[nodiscard]] std::unique_ptr<engine::SampleMaker> maker(SampleRate rate, std::vector<Frames>& slice_frames) const;

 private:
  using Numbers = std::map<int, int>;  // of a bank, by id
  std::vector<Sound> sounds_;
  std::vector<std::vector<BankSlice>> slices_;  // of each sound
  std::map<std::string, std::shared_ptr<const Numbers>> banks_, voices_;
  int count_ = 0;
};

}  // namespace sfa::play
