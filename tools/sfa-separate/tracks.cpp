#include "tracks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "sfa/audio/error.hpp"

namespace sfa::tool {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what, const std::string& first,
                       const std::string& other) {
  throw Error(Error::Kind::invalid_data, fmt::format("{}: has {}, {} has {}", path, what, first, other));
}

std::string length(Frames frames) { return fmt::format("{} frames", frames); }
std::string width(int channels) { return fmt::format("{} {}", channels, channels == 1 ? "channel" : "channels"); }

void check_alike(const std::string& path, const io::SoundInfo& info, const std::string& first,
                 const io::SoundInfo& wanted) {
  if (info.rate != wanted.rate)
    fail(path, fmt::format("{} Hz", info.rate.hz), first, fmt::format("{} Hz", wanted.rate.hz));
  if (info.channels != wanted.channels) fail(path, width(info.channels), first, width(wanted.channels));
  if (info.frames && wanted.frames && *info.frames != *wanted.frames)
    fail(path, length(*info.frames), first, length(*wanted.frames));
}

class MixtureReader final : public SongReader {
 public:
  explicit MixtureReader(const std::vector<std::string>& paths) : tracks_(paths) {}

  [[nodiscard]] const io::SoundInfo& info() const override { return tracks_.info(); }
  [[nodiscard]] AudioBuffer read(Frames frames) override {
    auto blocks = tracks_.read(frames);
    for (std::size_t i = 1; i < blocks.size(); ++i)
      for (int c = 0; c < blocks.front().channels(); ++c) {
        const auto sum = blocks.front().channel(c);
        std::ranges::transform(sum, blocks[i].channel(c), sum.begin(), std::plus<>());
      }
    return std::move(blocks.front());
  }
  void advance_to(Frames frame) override { tracks_.advance_to(frame); }
  [[nodiscard]] Frames position() const override { return tracks_.position(); }

 private:
  Tracks tracks_;
};

}  // namespace

Tracks::Tracks(const std::vector<std::string>& paths) : paths_(paths) {
  for (const auto& path : paths) {
    readers_.emplace_back(path);
    check_alike(path, readers_.back().info(), paths.front(), info());
  }
}

std::vector<AudioBuffer> Tracks::read(Frames frames) {
  std::vector<AudioBuffer> blocks;
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    blocks.push_back(readers_[i].read(frames));
    if (blocks.back().frames() == blocks.front().frames()) continue;
    const bool is_shorter = blocks.back().frames() < blocks.front().frames();
    const auto end = length(readers_[is_shorter ? i : 0].position());
    fail(paths_[i], is_shorter ? end : "more than " + end, paths_.front(), is_shorter ? "more" : end);
  }
  return blocks;
}

void Tracks::advance_to(Frames frame) {
  for (auto& reader : readers_) reader.advance_to(frame);
}

Song::Opening mixture_of(const std::vector<std::string>& paths) {
  return [paths] { return std::make_shared<MixtureReader>(paths); };
}

}  // namespace sfa::tool
