#include "kit.hpp"

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/sound_file.hpp"

namespace sfa::play {
namespace {

/// The banks' makers one after another.
class KitSamples : public engine::SampleMaker {
 public:
  void add(std::unique_ptr<BankSamples> bank, int first) { banks_.emplace(first, std::move(bank)); }
  [[nodiscard]] std::unique_ptr<const engine::Sample> make(const engine::SampleSpec& spec) override {
    const auto bank = std::prev(banks_.upper_bound(spec.slice));
    return bank->second->make({.slice = spec.slice - bank->first, .stretch = spec.stretch});
  }

 private:
  std::map<int, std::unique_ptr<BankSamples>> banks_;  // by their first slice's number
};

}  // namespace

void Kit::add(const std::string& voice, const slicing::Bank& bank, const std::string& path) {
  auto& known = banks_[path];
  if (known == nullptr) {
    if (bank.source.path.empty()) throw Error(Error::Kind::invalid_data, "source.path: names no sound");
    const auto sound = io::path_from(path, bank.source.path);
    const auto info = io::SoundReader(sound).info();
    if (info.rate != bank.source.sample_rate || info.frames.value_or(bank.source.frames) != bank.source.frames)
      throw Error(Error::Kind::invalid_data, sound + ": is not the sound that the bank was made of");
    auto numbers = std::make_shared<Numbers>();
    auto& slices = slices_.emplace_back();
    for (const auto& slice : bank.slices) {
      numbers->emplace(slice.id, count_++);
      slices.push_back({slice.range, slice.fade_in_frames, slice.fade_out_frames, slice.gain_db});
    }
    sounds_.push_back({sound, info.rate, info.channels});
    known = std::move(numbers);
  }
  voices_[voice] = known;
}

int Kit::number(const rules::Event& event) const {
  auto voice = voices_.find(event.voice);
  if (voice == voices_.end()) voice = voices_.find("");
  if (voice == voices_.end()) throw Error(Error::Kind::invalid_data, "voice: none is called " + event.voice);
  const auto found = voice->second->find(event.slice);
  if (found == voice->second->end())
    throw Error(Error::Kind::invalid_data, "slice: the bank has no slice " + std::to_string(event.slice));
  return found->second;
}

std::unique_ptr<engine::SampleMaker> Kit::maker(SampleRate rate, std::vector<Frames>& slice_frames) const {
  auto made = std::make_unique<KitSamples>();
  slice_frames.clear();
  for (std::size_t i = 0; i < sounds_.size(); ++i) {
    auto bank = std::make_unique<BankSamples>(sounds_[i].path, slices_[i], rate);
    const auto lengths = bank->slice_frames();
    const int first = static_cast<int>(slice_frames.size());
    slice_frames.insert(slice_frames.end(), lengths.begin(), lengths.end());
    if (!lengths.empty()) made->add(std::move(bank), first);
  }
  return made;
}

}  // namespace sfa::play
