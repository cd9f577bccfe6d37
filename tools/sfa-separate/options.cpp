#include "options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sfa/separation/engine.hpp"
#include "sfa/separation/torch_runtime.hpp"
#include "sfa/tool/between.hpp"
#include "stream.hpp"

namespace sfa::tool {
namespace {

using separation::Device;
using separation::Precision;
using Words = std::vector<std::string>;

const Words formats{"wav", "flac", "aiff", "caf", "w64", "rf64", "au", "ogg", "opus", "mp3"};
const Words depths{"kept", "16", "24", "32", "float"};
const std::map<std::string, ClipMode> clip_modes{{"none", ClipMode::none}, {"clamp", ClipMode::clamp}, {"rescale", ClipMode::rescale}};
const std::map<std::string, Device> devices{{"auto", Device::automatic}, {"cpu", Device::cpu}, {"cuda", Device::cuda}};
const std::map<std::string, Precision> precisions{
    {"auto", Precision::automatic}, {"float32", Precision::float32}, {"bfloat16", Precision::bfloat16}};

/// One of the words of `choices`, told with the value that it stands for.
template <typename Value>
void add_choice(CLI::App& app, const std::string& name, Value& value, const std::map<std::string, Value>& choices,
                const std::string& type, const std::string& text) {
  Words words;
  for (const auto& choice : choices) words.push_back(choice.first);
  app.add_option_function<std::string>(name, [&value, choices](const std::string& word) { value = choices.at(word); }, text)
      ->type_name(type)
      ->check(CLI::IsMember(words));
}

void describe_model(CLI::App& app, Options& options) {
  app.add_option("--engine", options.engine, "What separates in place of a network: spectral")->type_name("NAME");
  app.add_option("--model", options.model, fmt::format("A trained network: a name, a checkpoint, or a bag's YAML (default: {})", default_model))->type_name("MODEL");
  app.add_option("--model-dir", options.model_dir, "Folder of models, looked through before the usual ones")
      ->type_name("DIR");
  app.add_option("--overlap", options.segments.overlap, "How much of a segment the next one overlaps (default: 0.25)")
      ->type_name("PART")
      ->check(between(0.0, 0.95));
  app.add_option("--segment", options.segments.segment_seconds, "Length of a segment (default: what the network was trained on)")
      ->type_name("SECONDS")
      ->check(between(0.001, 120.0));
  app.add_option("--shifts", options.segments.shifts, "Average so many passes, each shifted by up to half a second")
      ->type_name("N")
      ->check(between(0, 64));
  add_choice(app, "--device", options.network.device, devices, "DEVICE", "Where the network runs: auto, cpu or cuda");
  add_choice(app, "--precision", options.network.precision, precisions, "TYPE", "Of the network: auto, float32 or bfloat16");
  app.add_option("--threads", options.network.threads, "Of the network (default: one for each core)")
      ->type_name("N")
      ->check(between(1, 1024));
  app.add_flag("--no-cache", options.no_cache, "Keep nothing of what a network makes but the stems");
}

void describe_output(CLI::App& app, Options& options) {
  app.add_option("--name", options.name, "Where each stem goes (default: {track}/{stem}.{ext})")->type_name("TEMPLATE");
  app.add_option("--stem", options.stems, "Write only these stems, with commas between them")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--two-stems", options.two_stems, "Write this stem, and all else as no_STEM")->type_name("STEM");
  app.add_flag("--stream", options.stream, "Write the stems to standard output, side by side, while the sound still comes in");
  app.add_flag("--residual", options.residual, "Write also what is left of the sound without the stems");
  app.add_option("--preview", options.preview_seconds, "Separate only the stretch of this length with the most energy")
      ->type_name("SECONDS")
      ->check(between(0.1, 1e9));
  add_choice(app, "--clip-mode", options.clip_mode, clip_modes, "MODE", "Beyond full scale: none, clamp or rescale (default: none)");
  app.add_option("--format", options.format, fmt::format("Sound format: {} (default: wav)", fmt::join(formats, ", ")))
      ->type_name("FORMAT")
      ->check(CLI::IsMember(formats));
  app.add_option("--bit-depth", options.bit_depth, "16, 24, 32, float, or kept, that of the FILE (default: kept)")
      ->type_name("BITS")
      ->check(CLI::IsMember(depths));
}

/// The network that comes with sfa, where there is something to run it.
void choose_default(Options& options) {
  if (separation::built_with_torch())
    options.model = default_model;
  else
    options.engine = separation::engines().front().name;
}

bool is_given(const CLI::App& app, const std::string& option) { return app.get_option(option)->count() > 0; }

/// No stems are written then, nor kept: those that were kept would say nothing of the speed.
void check_benchmark(const CLI::App& app, Options& options) {
  if (options.benchmark.empty()) throw UsageError("--benchmark needs a folder");
  for (const auto* option : {"--name", "--two-stems", "--residual", "--clip-mode", "--format", "--bit-depth",
                             "--cache-dir", "--cache-limit"})
    if (is_given(app, option)) throw UsageError(fmt::format("--benchmark writes no stems: it goes without {}", option));
  options.no_cache = true;
}

}  // namespace

void describe(Command& command, Options& options) {
  command.takes_inputs("Sound files, or - for a sound on standard input");
  auto& app = command.app();
  app.get_option("FILE")->required(false);  // some things are done without
  command.takes_output_folder("Folder that --name begins in (default: .), or - for one stem as WAV on standard output; "
                              "for --benchmark the file of its scores");
  describe_output(app, options);
  command.takes_range();
  describe_model(app, options);
  command.takes_seed();
  command.takes_cache();
  app.add_option("--benchmark", options.benchmark, "Score how well the songs in this folder are separated, whose stems lie there")
      ->type_name("DIR");
  app.add_flag("--list-engines", options.list_engines, "Tell the engines, the models and what they run on, and exit");
  app.add_option("--fetch-model", options.fetch_model, "Download a released model, if it is not there, and exit")
      ->type_name("NAME");
  app.add_option("--convert", options.convert, "Write a checkpoint as .safetensors, and exit")
      ->type_name("FROM TO")
      ->expected(2);
  app.footer("spectral: " + separation::engines().front().note);
  for (const auto* option : {"--threads", "--model-dir", "--no-cache", "--benchmark"}) command.leave_out_of_recipe(option);
}

void check(Command& command, Options& options) {
  auto& app = command.app();
  options.segments.seed = command.seed();
  const bool instead =
      is_given(app, "--benchmark") || options.list_engines || !options.fetch_model.empty() || !options.convert.empty();
  if (instead && !command.inputs().empty())
    throw UsageError("--benchmark, --list-engines, --fetch-model and --convert take no FILE");
  if (!instead && command.inputs().empty()) throw UsageError("FILE is required");
  if (!options.model.empty() && is_given(app, "--engine")) throw UsageError("--engine and --model are one or the other");
  if (options.stream) check_stream(command, options, [&](const std::string& option) { return is_given(app, option); });
  if (options.model.empty() && options.engine.empty()) choose_default(options);
  if (options.model.empty())
    for (const auto* option : {"--overlap", "--segment", "--shifts", "--device", "--precision", "--threads"})
      if (is_given(app, option)) throw UsageError(std::string(option) + " is for networks: it goes with --model");
  if (is_given(app, "--benchmark")) check_benchmark(app, options);
  if (options.residual && !options.two_stems.empty()) throw UsageError("--two-stems leaves no residual");
  if (options.preview_seconds && command.range({1000}))
    throw UsageError("--preview chooses the stretch: it goes without --start and --duration");
}

int bit_depth_for(const Options& options, const std::string& encoding) {
  if (options.format == "ogg" || options.format == "opus" || options.format == "mp3") {
    return options.bit_depth == "kept" || options.bit_depth == "float" ? 0 : std::stoi(options.bit_depth);
  }
  if (options.bit_depth == "float") return 0;
  if (options.bit_depth != "kept") return std::stoi(options.bit_depth);
  if (encoding == "8-bit PCM" || encoding == "16-bit PCM") return 16;
  if (encoding == "24-bit PCM" || (encoding == "32-bit PCM" && options.format == "flac")) return 24;
  return encoding == "32-bit PCM" ? 32 : 0;
}

}  // namespace sfa::tool
