#include "writer.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>

#include "sfa/audio/random.hpp"
#include "sfa/dsp/loudness.hpp"
#include "sfa/mix/dither.hpp"
#include "sfa/mix/mixdown.hpp"
#include "sfa/tool/folder.hpp"

namespace sfa::tool {
namespace {

constexpr Frames block = 1 << 14;

bool is_integer(io::Encoding encoding) {
  return encoding == io::Encoding::pcm16 || encoding == io::Encoding::pcm24 || encoding == io::Encoding::pcm32;
}

/// One file of the delivery.
class Output {
 public:
  /// `number` tells outputs apart: each has dither of its own.
  Output(const std::string& path, const mix::Mixdown& mixdown, const Delivery& delivery, std::uint64_t number)
      : writer_(path, mixdown.rate(), mixdown.channels(), delivery.format, delivery.recipe),
        integers_(is_integer(delivery.format.encoding)) {
    const int bits = delivery.format.encoding == io::Encoding::pcm16   ? 16
                     : delivery.format.encoding == io::Encoding::pcm24 ? 24
                                                                       : 0;
    if (delivery.dither && bits > 0)
      dither_.emplace(bits, mixdown.channels(), Random(delivery.seed, number).bits());
  }

  void write(const AudioView& audio) {
    if (integers_) count_clipped(audio);
    if (!dither_) {
      writer_.write(audio);
      return;
    }
    AudioBuffer rounded(audio);
    dither_->apply(rounded);
    writer_.write(rounded);
  }
  void commit() { writer_.commit(); }
  [[nodiscard]] Frames clipped() const { return clipped_; }

 private:
  void count_clipped(const AudioView& audio) {
    for (int c = 0; c < audio.channels(); ++c)
      clipped_ += std::ranges::count_if(audio.channel(c), [](float sample) { return std::abs(sample) > 1.0F; });
  }

  io::SoundWriter writer_;
  bool integers_;
  std::optional<mix::Dither> dither_;
  Frames clipped_ = 0;
};

/// Renders the mix and calls `each` with the frames of every block that belong to the range.
void play(mix::Mixdown& mixdown, const std::optional<FrameRange>& range, const Progress& progress,
          const std::function<void(FrameRange part)>& each) {
  const FrameRange wanted = intersect(range.value_or(FrameRange{0, mixdown.frames()}), {0, mixdown.frames()});
  if (wanted.empty()) throw Error(Error::Kind::invalid_argument, "nothing of the mix lies in that range");
  while (mixdown.position() < wanted.end) {
    const Frames begin = mixdown.position();
    mixdown.render(std::min(block, wanted.end - begin));
    const auto part = intersect({begin, mixdown.position()}, wanted);
    if (!part.empty()) each({part.begin - begin, part.end - begin});
    report(progress, static_cast<double>(mixdown.position()) / static_cast<double>(wanted.end));
  }
}

}  // namespace

std::vector<std::string> stem_paths(const mix::Session& session, const std::string& folder,
                                    const std::string& ending) {
  std::vector<std::string> paths;
  std::set<std::string> taken;
  for (const auto& track : session.tracks) {
    std::string name = track.name.empty() ? "track" : track.name;
    for (auto& c : name)
      if (c == '/' || static_cast<unsigned char>(c) < 0x20) c = '_';
    if (name.front() == '.') name.front() = '_';
    const auto base = name;
    for (int number = 2; !taken.insert(name).second; ++number) name = base + "-" + std::to_string(number);
    paths.push_back(is_heard(session, track) ? (std::filesystem::path(folder) / (name + ending)).string() : "");
  }
  return paths;
}

Outcome deliver(const mix::Session& session, mix::Sounds& sounds, const Delivery& delivery, const Progress& measuring,
                const Progress& mixing) {
  Outcome outcome;
  if (const auto& goal = session.master.goal; goal.target_lufs || goal.ceiling_db) {
    mix::Mixdown mixdown(session, sounds);
    dsp::LoudnessMeter meter(mixdown.rate(), mixdown.channels(), {.true_peak = true});
    play(mixdown, delivery.range, measuring, [&](FrameRange part) { meter.add(mixdown.mix().slice(part)); });
    outcome.before = {meter.integrated_lufs(), meter.true_peak_db()};
    outcome.correction = mix::correction(outcome.before, goal);
  }

  mix::Mixdown mixdown(session, sounds, outcome.correction.gain_db);
  std::vector<std::optional<Output>> stems(session.tracks.size());
  for (std::size_t i = 0; i < delivery.stems.size(); ++i)
    if (!delivery.stems[i].empty()) {
      make_folder_of(delivery.stems[i]);
      stems[i].emplace(delivery.stems[i], mixdown, delivery, i + 1);
    }
  Output mix(delivery.mix, mixdown, delivery, 0);
  play(mixdown, delivery.range, mixing, [&](FrameRange part) {
    mix.write(mixdown.mix().slice(part));
    for (std::size_t i = 0; i < stems.size(); ++i)
      if (stems[i]) stems[i]->write(mixdown.track(i).slice(part));
  });
  for (auto& stem : stems)
    if (stem) stem->commit();
  mix.commit();
  outcome.clipped = mix.clipped();
  return outcome;
}

}  // namespace sfa::tool
