#include "options.hpp"

#include <map>

#include "sfa/tool/between.hpp"

namespace sfa::tool {
namespace {

using separation::Device;
using separation::Precision;

const std::map<std::string, Device> devices{{"auto", Device::automatic}, {"cpu", Device::cpu}, {"cuda", Device::cuda}};
const std::map<std::string, Precision> precisions{
    {"auto", Precision::automatic}, {"float32", Precision::float32}, {"bfloat16", Precision::bfloat16}};
constexpr double most_steps = 0x1p40, most_threads = 1024;

/// A number from `low` to `high`, with its default in --help.
template <typename Number>
CLI::Option* add_number(CLI::App& app, const std::string& name, Number& value, double low, double high,
                        const std::string& type, const std::string& text) {
  return app.add_option(name, value, text)->type_name(type)->check(between(low, high))->capture_default_str();
}

/// One of the words of `choices`, told with the value that it stands for.
template <typename Value>
void add_choice(CLI::App& app, const std::string& name, Value& value, const std::map<std::string, Value>& choices,
                const std::string& type, const std::string& text) {
  std::vector<std::string> words;
  for (const auto& choice : choices) words.push_back(choice.first);
  app.add_option_function<std::string>(name, [&value, choices](const std::string& word) { value = choices.at(word); }, text)
      ->type_name(type)
      ->check(CLI::IsMember(words));
}

void describe_learning(CLI::App& app, Options& options) {
  auto& trainer = options.trainer;
  add_number(app, "--steps", trainer.steps, 1, most_steps, "N", "Steps in all; the learning rate falls towards the last");
  add_number(app, "--accumulate", options.accumulate, 1, 1024, "N", "Batches to a step");
  add_number(app, "--learning-rate", trainer.learning_rate, 1e-9, 1.0, "RATE", "At its highest");
  add_number(app, "--warmup", trainer.warmup_steps, 0, most_steps, "N", "Steps in which it rises");
  add_number(app, "--weight-decay", trainer.weight_decay, 0.0, 1.0, "SHARE", "Of convolutions");
  add_number(app, "--average", trainer.average, 0.0, 0.999999, "SHARE",
             "How much of the running mean of the weights stays at each step");
  add_number(app, "--whitened", trainer.whitened, 0.0, 1.0, "SHARE", "Of the loss that does not favour loud bands");
  add_number(app, "--floor", trainer.floor_db, -100.0, 0.0, "DB", "Errors so far below the mix are good enough");
}

void describe_examples(CLI::App& app, Options& options) {
  auto& examples = options.examples;
  auto& change = examples.augmentation;
  add_number(app, "--songs", examples.songs, 1, training::most_songs, "N",
             "Songs in a batch, each taken as it is and with its stems dealt anew");
  add_number(app, "--frames", examples.frames, 8, 65536, "N", "Spectra in each item of a batch");
  add_number(app, "--speed", change.speed, 0.0, 0.9, "SHARE", "Play stretches up to so much faster or slower");
  add_number(app, "--remix-gain", change.remix_gain_db, 0.0, 60.0, "DB", "Change of level of stems that are dealt anew");
}

void describe_network(CLI::App& app, Options& options) {
  app.add_option("--from", options.from, "Tune this network further: a name or a file, as sfa-separate takes them")
      ->type_name("MODEL");
  app.add_option("--channels", options.channels, "The network's channels at each level")
      ->type_name("N,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(between(1, 1024))
      ->capture_default_str();
  add_number(app, "--blocks", options.blocks, 0, 64, "N", "Dilated blocks at its deepest level");
  add_number(app, "--mixes", options.mixes, 0, 16, "N", "Stages that mix all bands");
  add_number(app, "--mix", options.mix, 1, 4096, "N", "Channels that they gather all bands in");
  add_number(app, "--mix-depth", options.mix_depth, 0, 64, "N", "Convolutions over time in each");
  add_number(app, "--bands", options.bands, 2, 2048, "N", "Bands that it sees and masks");
  app.add_flag("--causal", options.causal, "Let no frame see a later one: for live use");
  app.add_flag("--complex-masks", options.complex_masks, "Let masks turn phases, too");
}

void describe_machine(CLI::App& app, Options& options) {
  auto& trainer = options.trainer;
  add_choice(app, "--device", trainer.device, devices, "DEVICE", "Where the network is trained: auto, cpu or cuda");
  add_choice(app, "--precision", trainer.precision, precisions, "TYPE", "Of convolutions: auto, float32 or bfloat16");
  app.add_option("--threads", trainer.threads, "Of the network (default: one for each core)")
      ->type_name("N")
      ->check(between(1, most_threads));
  add_number(app, "--workers", options.workers, 1, most_threads, "N", "Threads that make batches");
}

}  // namespace

separation::ValueMap Options::network() const {
  separation::ValueList levels;
  for (const auto count : channels) levels.push_back({count});
  return {{"channels", {levels}}, {"blocks", {blocks}},       {"mixes", {mixes}},   {"mix", {mix}},
          {"bands", {bands}},     {"mix_depth", {mix_depth}}, {"causal", {causal}}, {"complex_masks", {complex_masks}}};
}

void describe(Command& command, Options& options) {
  command.takes_inputs("Folders of songs, each a folder of stems: drums.wav, bass.flac, other.*, vocals.*");
  auto& app = command.app();
  app.get_option("FILE")->required(false);  // --plot goes without
  command.takes_output_folder("The run's folder, where a run that is there goes on; for --plot the picture's file");
  app.add_option("--validation", options.validation, "Folder of songs to judge by, never learnt from")->type_name("DIR");
  describe_learning(app, options);
  describe_examples(app, options);
  describe_network(app, options);
  describe_machine(app, options);
  command.takes_seed();
  add_number(app, "--report-every", options.report_every, 1, most_steps, "N", "Steps between reports of the loss");
  add_number(app, "--validate-every", options.validate_every, 1, most_steps, "N", "Steps between judgements");
  add_number(app, "--checkpoint-minutes", options.checkpoint_minutes, 0.0, 1e6, "MINUTES", "Time between saved states");
  app.add_option("--plot", options.plot, "Draw the curves of a run's folder or log as an SVG, and exit")->type_name("RUN");
}

void check(Command& command, Options& options) {
  if (!options.plot.empty()) {
    if (!command.inputs().empty()) throw UsageError("--plot takes no FILE");
    return;
  }
  if (command.inputs().empty()) throw UsageError("FILE is required");
  if (command.output_folder().empty() || command.output_folder() == "-") throw UsageError("-o names the run's folder");
  if (!options.from.empty())
    for (const auto* option : {"--channels", "--blocks", "--mixes", "--mix", "--mix-depth", "--bands", "--causal", "--complex-masks"})
      if (command.app().get_option(option)->count() > 0)
        throw UsageError(std::string(option) + " is for new networks: --from says what the network is");
  options.examples.seed = options.trainer.seed = command.seed();
}

}  // namespace sfa::tool
