#include "outputs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sfa::tool {
namespace {

std::size_t place_of(const std::string& name, const std::vector<std::string>& names, const char* option) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw UsageError(fmt::format("{}: {} is none of {}", option, name, fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

/// All that could be written, before --stem chooses.
std::vector<Output> all_outputs(const Options& options, const std::vector<std::string>& stems) {
  std::vector<Output> all;
  if (!options.two_stems.empty()) {
    const auto stem = place_of(options.two_stems, stems, "--two-stems");
    return {{stems[stem], false, {stem}}, {"no_" + stems[stem], true, {stem}}};
  }
  for (std::size_t i = 0; i < stems.size(); ++i) all.push_back({stems[i], false, {i}});
  return all;
}

void subtract(const AudioBuffer& stem, AudioBuffer& rest) {
  for (int c = 0; c < rest.channels(); ++c) {
    const auto from = stem.channel(c);
    const auto to = rest.channel(c);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] -= from[i];
  }
}

void scale(AudioBuffer& audio, float gain) {
  for (int c = 0; c < audio.channels(); ++c)
    for (float& x : audio.channel(c)) x *= gain;
}

void clamp(AudioBuffer& audio) {
  for (int c = 0; c < audio.channels(); ++c)
    for (float& x : audio.channel(c)) x = std::clamp(x, -1.0F, 1.0F);
}

/// As many frames of the song as a block of its stems has.
AudioBuffer read_exactly(const separation::BlockSource& song, const AudioBuffer& like) {
  AudioBuffer all(like.channels(), like.frames(), like.rate());
  for (Frames done = 0; done < like.frames();) {
    const auto block = song(like.frames() - done);
    if (block.frames() == 0) break;
    for (int c = 0; c < all.channels(); ++c) std::ranges::copy(block.channel(c), all.channel(c).begin() + done);
    done += block.frames();
  }
  return all;
}

/// As they are, block by block.
void run(const Outputs& outputs, StemSource& source, Song& song, const OutputSink& sink, const Progress& progress) {
  separation::BlockSource mix;
  const auto assemble = [&](std::span<const AudioBuffer> stems) {
    if (stems.empty() || stems.front().frames() == 0) return;
    if (outputs.need_the_song() && !mix) mix = song.open();
    const auto whole = mix ? read_exactly(mix, stems.front()) : AudioBuffer();
    std::vector<AudioBuffer> blocks;
    for (const auto& output : outputs.list) {
      blocks.push_back(output.is_rest ? whole : stems[output.stems.front()]);
      if (output.is_rest)
        for (const auto stem : output.stems) subtract(stems[stem], blocks.back());
    }
    sink(blocks);
  };
  source.produce(assemble, progress);
}

}  // namespace

bool Outputs::need_the_song() const { return std::ranges::any_of(list, &Output::is_rest); }

std::vector<std::string> Outputs::names() const {
  std::vector<std::string> names;
  for (const auto& output : list) names.push_back(output.name);
  return names;
}

Outputs plan_outputs(const Options& options, const std::vector<std::string>& stems) {
  const auto all = all_outputs(options, stems);
  std::vector<std::string> names;
  for (const auto& output : all) names.push_back(output.name);
  std::vector<bool> chosen(all.size(), options.stems.empty());
  for (const auto& stem : options.stems) chosen[place_of(stem, names, "--stem")] = true;
  Outputs outputs;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (chosen[i]) outputs.list.push_back(all[i]);
  if (options.residual) {
    Output residual{"residual", true, {}};
    for (const auto& output : outputs.list) residual.stems.push_back(output.stems.front());
    outputs.list.push_back(std::move(residual));
  }
  // From places among the separator's stems to places among those that are made.
  for (const auto& output : outputs.list) outputs.made.insert(outputs.made.end(), output.stems.begin(), output.stems.end());
  std::ranges::sort(outputs.made);
  outputs.made.erase(std::ranges::unique(outputs.made).begin(), outputs.made.end());
  for (auto& output : outputs.list)
    for (auto& stem : output.stems)
      stem = static_cast<std::size_t>(std::ranges::lower_bound(outputs.made, stem) - outputs.made.begin());
  return outputs;
}

float make_outputs(const Outputs& outputs, ClipMode clip_mode, StemSource& source, Song& song, const OutputSink& sink,
                   const Progress& progress) {
  if (clip_mode != ClipMode::rescale) {
    const auto clipped = [&](std::span<const AudioBuffer> blocks) {
      std::vector<AudioBuffer> changed(blocks.begin(), blocks.end());
      for (auto& block : changed) clamp(block);
      sink(changed);
    };
    run(outputs, source, song, clip_mode == ClipMode::clamp ? OutputSink(clipped) : sink, progress);
    return 1.0F;
  }
  float highest = 0.0F;
  const auto measure = [&](std::span<const AudioBuffer> blocks) {
    for (const auto& block : blocks) highest = std::max(highest, peak(block));
  };
  run(outputs, source, song, measure, progress);
  const float gain = highest > 1.0F ? 1.0F / highest : 1.0F;
  const auto scaled = [&](std::span<const AudioBuffer> blocks) {
    std::vector<AudioBuffer> changed(blocks.begin(), blocks.end());
    for (auto& block : changed) scale(block, gain);
    sink(changed);
  };
  run(outputs, source, song, scaled, {});
  return gain;
}

}  // namespace sfa::tool
