#include "offline.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "deck.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::play {
namespace {

std::string recipe_for(tool::Command& command, const Material& material) {
  auto recipe = command.recipe();
  recipe.option("document", material.document);
  for (const auto& file : material.files) {
    recipe.file(file);
    command.reads(file);
  }
  return recipe.text();
}

/// Frames that will come, where that is known.
std::optional<Frames> expected(const std::optional<Frames>& length, FrameRange range) {
  if (!length) return std::nullopt;
  return intersect({0, *length}, range).size();
}

}  // namespace

void render_to_file(tool::Command& command, Material material, const Options& options) {
  const auto& path = command.output();
  if (const auto option = options.control.option(); !option.empty()) throw tool::UsageError(option + " is for playing live");
  command.check_sound_output(path);
  (void)first_actions(material, options);  // before anything is made: what is wrong with them
  (void)master_options(material, options);
  const auto format = io::format_for(path, options.bit_depth);
  const auto recipe = recipe_for(command, material);
  if (!command.needs_making(path, recipe)) return;

  const SampleRate rate = command.sample_rate() > 0 ? SampleRate{command.sample_rate()} : material.rate;
  Deck<engine::DirectFeed> deck(command, material, rate, material.channels, options);
  auto& engine = deck.engine;
  const auto& settings = deck.settings;

  std::optional<io::SoundWriter> writer;  // once there is something: a pipe keeps what it got before a failure
  const auto progress = command.progress("rendering");
  const auto length = expected(deck.ready.frames, settings.range);
  AudioBuffer block(settings.channels, options.buffer_frames, rate);
  float highest = 0.0F;
  for (Frames done = 0; !engine.finished();) {
    const auto frames = engine.render({block.channel(0).data(), settings.channels, block.frames(), block.frames()});
    deck.check_sounds();
    if (!writer) writer.emplace(path, rate, settings.channels, format, recipe);
    const auto made = block.view().slice({0, frames});
    highest = std::max(highest, peak(made));
    if (frames > 0) writer->write(made);
    done += frames;
    report(progress, length && *length > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(*length)) : 0.0);
  }
  writer->commit();
  if (highest > 1.0F && format.encoding != io::Encoding::float32)
    command.note(fmt::format("peaks {:.1f} dB above full scale were clipped; a lower --gain, or float WAV, keeps them",
                             to_decibels(static_cast<double>(highest)).value));
}

}  // namespace sfa::play
