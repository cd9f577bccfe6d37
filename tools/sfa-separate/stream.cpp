#include "stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/separation/live_separator.hpp"
#include "sfa/separation/torch_runtime.hpp"
#include "song.hpp"

namespace sfa::tool {
namespace {

/// One of the things side by side: some stems together.
struct Part {
  std::string name;
  std::vector<std::size_t> stems;
};

/// Each stem, and all else than it as no_STEM.
std::vector<Part> all_parts(const std::vector<std::string>& stems) {
  std::vector<Part> parts;
  for (std::size_t s = 0; s < stems.size(); ++s) parts.push_back({stems[s], {s}});
  for (std::size_t s = 0; s < stems.size(); ++s) {
    parts.push_back({"no_" + stems[s], {}});
    for (std::size_t other = 0; other < stems.size(); ++other)
      if (other != s) parts.back().stems.push_back(other);
  }
  return parts;
}

/// In the order in which they were asked for.
std::vector<Part> parts_for(const Options& options, const std::vector<std::string>& stems) {
  const auto all = all_parts(stems);
  const auto called = [&](const std::string& name, const char* option) {
    const auto found = std::ranges::find(all, name, &Part::name);
    if (found == all.end())
      throw UsageError(fmt::format("{}: {} is none of {}", option, name, fmt::join(stems, ", ")));
    return *found;
  };
  std::vector<Part> parts;
  for (const auto& name : options.stems) parts.push_back(called(name, "--stem"));
  if (options.two_stems.empty())
    return parts.empty() ? std::vector<Part>(all.begin(), all.begin() + std::ssize(stems)) : parts;
  const std::vector<Part> two{called(options.two_stems, "--two-stems"), called("no_" + options.two_stems, "--two-stems")};
  for (const auto& part : parts)
    if (part.name != two[0].name && part.name != two[1].name)
      throw UsageError(fmt::format("--stem: {} is none of {}, {}", part.name, two[0].name, two[1].name));
  return parts.empty() ? two : parts;
}

void add(const AudioBuffer& stem, AudioBuffer& out, int first) {
  for (int c = 0; c < stem.channels(); ++c) {
    const auto to = out.channel(first + c);
    std::ranges::transform(to, stem.channel(c), to.begin(), std::plus());
  }
}

AudioBuffer side_by_side(const std::vector<Part>& parts, const std::vector<AudioBuffer>& stems, ClipMode clip_mode) {
  const auto& shape = stems.front();
  AudioBuffer out(static_cast<int>(parts.size()) * shape.channels(), shape.frames(), shape.rate());
  int first = 0;
  for (const auto& part : parts) {
    for (const auto stem : part.stems) add(stems[stem], out, first);
    first += shape.channels();
  }
  if (clip_mode == ClipMode::clamp)
    for (int c = 0; c < out.channels(); ++c)
      for (float& x : out.channel(c)) x = std::clamp(x, -1.0F, 1.0F);
  return out;
}

/// The one file of a model.
const std::string& only_member(const Model& model) {
  if (model.members.size() > 1)
    throw Error(Error::Kind::unsupported, model.name + ": a bag of several networks cannot separate a stream");
  const auto& member = model.members.front();
  if (member.path.empty()) throw Error(Error::Kind::not_found, member.problem);
  return member.path;
}

}  // namespace

void check_stream(const Command& command, Options& options, const std::function<bool(const std::string&)>& is_given) {
  for (const auto* option :
       {"--benchmark", "--list-engines", "--fetch-model", "--convert", "--engine", "--overlap", "--segment", "--shifts", "--seed",
        "--threads", "--residual", "--preview", "--name"})
    if (is_given(option)) throw UsageError(fmt::format("--stream goes without {}", option));
  if (command.inputs().size() > 1) throw UsageError("--stream takes one FILE");
  if (!command.output_folder().empty() && command.output_folder() != "-")
    throw UsageError("--stream writes to standard output only");
  if (options.format != "wav") throw UsageError("--stream writes no format but wav");
  if (options.clip_mode == ClipMode::rescale) throw UsageError("--clip-mode rescale needs the whole sound: it goes without --stream");
  if (options.network.device == separation::Device::cuda) throw UsageError("--stream runs on the cpu");
  if (!is_given("--bit-depth")) options.bit_depth = "float";
  if (options.model.empty()) options.model = default_live_model;
}

void stream(Command& command, const Options& options) {
  command.check_sound_output("-");
  // All that takes its time comes before the sound, which may not wait.
  if (const auto& torch = separation::torch_runtime(); !torch.problem.empty())
    throw Error(Error::Kind::unsupported, "--stream needs libtorch: " + torch.problem);
  const auto model = find_model(options.model, options.model_dir);
  const auto& path = only_member(model);
  const auto checkpoint = read_model_file(path);
  const auto parts = parts_for(options, model.facts.sources);

  const auto& input = command.input();
  Song song(input, false);
  const auto& sound = song.info();
  if (sound.frames) command.check_start(input, *sound.frames, sound.rate);
  if (const auto range = command.range(sound.rate)) song.take(*range);
  const auto separator = io::about(path, [&] {
    return separation::make_live_separator(checkpoint, {sound.rate, sound.channels, options.network.precision});
  });
  const auto format = io::format_for("stems.wav", bit_depth_for(options, sound.encoding));
  io::SoundWriter writer("-", sound.rate, static_cast<int>(parts.size()) * sound.channels, format);
  const auto write = [&](const std::vector<AudioBuffer>& stems) {
    if (stems.front().frames() > 0) writer.write(side_by_side(parts, stems, options.clip_mode));
  };
  // What a hop needs is read, and no more: a pipe gives the rest when it has it.
  const auto source = song.open();
  const Frames hop = separator->info().hop_frames;
  for (auto block = source(hop); block.frames() > 0; block = source(hop)) write(separator->push(block));
  if (song.frames() == 0) command.check_start(input, song.end(), sound.rate);  // the length of a stream
  write(separator->finish());
  writer.commit();
}

}  // namespace sfa::tool
