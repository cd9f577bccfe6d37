#include "song_input.hpp"

#include <algorithm>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_stems.hpp"

namespace sfa::tool {
namespace {

void add_to(AudioBuffer& sum, const AudioBuffer& part) {
  if (sum.empty()) {
    sum = part;
    return;
  }
  for (int channel = 0; channel < sum.channels(); ++channel)
    std::ranges::transform(sum.channel(channel), part.channel(channel), sum.channel(channel).begin(), std::plus<>());
}

}  // namespace

SongInput::SongInput(const std::string& path) {
  if (!io::begins_a_document(path)) {
    readers_.emplace_back(path);
    info_ = readers_.front().info();
    return;
  }
  const auto document = io::parse_document(path, io::read_document(path), io::stems_from_json);
  if (document.stems.empty()) throw Error(Error::Kind::invalid_data, io::input_name(path) + ": has no stems");
  source_ = document.source;
  if (!source_.path.empty()) source_.path = io::path_from(path, source_.path);
  for (const auto& stem : document.stems) {
    names_.push_back(stem.name);
    paths_.push_back(io::path_from(path, stem.path));
    readers_.emplace_back(paths_.back());
    const auto& info = readers_.back().info();
    if (readers_.size() == 1) info_ = info;
    if (info.rate != info_.rate || info.channels != info_.channels || info.frames != info_.frames)
      throw Error(Error::Kind::invalid_data, paths_.back() + ": has another rate, length or number of channels than " +
                                                 paths_.front());
  }
}

void SongInput::advance_to(Frames frame) {
  for (auto& reader : readers_) reader.advance_to(frame);
}

SongInput::Block SongInput::read(Frames frames) {
  Block block;
  if (!has_stems()) {
    block.mix = readers_.front().read(frames);
    return block;
  }
  for (auto& reader : readers_) block.stems.push_back(reader.read(frames));
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const auto& stem = block.stems[i];
    if (stem.frames() != block.stems.front().frames())
      throw Error(Error::Kind::invalid_data, paths_[i] + ": has another length than " + paths_.front());
    add_to(block.mix, stem);
  }
  return block;
}

}  // namespace sfa::tool
