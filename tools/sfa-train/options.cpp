#include "options.hpp"

#include <map>

namespace sfa::tool {

separation::ValueMap Options::network() const {
  separation::ValueList levels;
  for (const auto count : channels) levels.push_back({count});
  return {{"channels", {levels}}, {"blocks", {blocks}}, {"mixes", {mixes}}, {"mix", {mix}}, {"mix_depth", {mix_depth}}, {"bands", {bands}},
          {"causal", {causal}},   {"complex_masks", {complex_masks}}};
}

void describe(Command& command, Options& options) {
  using separation::Device;
  using separation::Precision;
  command.takes_inputs("Folders of songs, each a folder of stems: drums.wav, bass.flac, other.*, vocals.*");
  command.takes_output_folder("The run's folder: network, state and log; a run that is there goes on");
  command.takes_seed();
  auto& app = command.app();
  auto& trainer = options.trainer;
  auto& examples = options.examples;
  auto& change = examples.augmentation;
  app.add_option("--validation", options.validation, "Folder of songs to judge by, never learnt from")->type_name("FOLDER");
  app.add_option("--from", options.from, "Network to tune further")->type_name("FILE");
  app.add_option("--steps", trainer.steps, "Steps in all; the learning rate falls towards the last")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))->capture_default_str();
  app.add_option("--songs", examples.songs, "Songs in a batch, each taken as it is and with its stems dealt anew")
      ->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--frames", examples.frames, "Spectra in each item of a batch")->check(CLI::Range(8, 65536))->capture_default_str();
  app.add_option("--accumulate", options.accumulate, "Batches to a step")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--learning-rate", trainer.learning_rate, "At its highest")->check(CLI::Range(1e-9, 1.0))->capture_default_str();
  app.add_option("--warmup", trainer.warmup_steps, "Steps in which it rises")->check(CLI::Range(0, 1 << 20))->capture_default_str();
  app.add_option("--weight-decay", trainer.weight_decay, "Of convolutions")->check(CLI::Range(0.0, 1.0))->capture_default_str();
  app.add_option("--average", trainer.average, "Of the running mean of the weights: how much stays at each step")
      ->check(CLI::Range(0.0, 0.999999))->capture_default_str();
  app.add_option("--whitened", trainer.whitened, "Share of the loss that does not favour loud bands")
      ->check(CLI::Range(0.0, 1.0))->capture_default_str();
  app.add_option("--floor", trainer.floor_db, "Errors below so many decibels of the mix are good enough")
      ->check(CLI::Range(-100.0, 0.0))->capture_default_str();
  app.add_option("--speed", change.speed, "Play stretches up to such a share faster or slower")
      ->check(CLI::Range(0.0, 0.9))->capture_default_str();
  app.add_option("--remix-gain", change.remix_gain_db, "Change of level of stems that are dealt anew, in dB")
      ->check(CLI::Range(0.0, 60.0))->capture_default_str();
  app.add_option("--channels", options.channels, "The network's channels at each level")->delimiter(',')->capture_default_str();
  app.add_option("--blocks", options.blocks, "Dilated blocks at its deepest level")->check(CLI::Range(0, 64))->capture_default_str();
  app.add_option("--mixes", options.mixes, "Stages that mix all bands")->check(CLI::Range(0, 16))->capture_default_str();
  app.add_option("--mix", options.mix, "Channels that they gather all bands in")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--mix-depth", options.mix_depth, "Convolutions over time in each")->check(CLI::Range(0, 64))->capture_default_str();
  app.add_option("--bands", options.bands, "Bands that it sees and masks")->check(CLI::Range(2, 2049))->capture_default_str();
  app.add_flag("--causal", options.causal, "Let no frame see a later one: for live use");
  app.add_flag("--complex-masks", options.complex_masks, "Let masks turn phases, too");
  app.add_option("--device", trainer.device, "auto, cpu or cuda")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Device>{
          {"auto", Device::automatic}, {"cpu", Device::cpu}, {"cuda", Device::cuda}}))->type_name("DEVICE");
  app.add_option("--precision", trainer.precision, "auto, float32 or bfloat16, of convolutions")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Precision>{
          {"auto", Precision::automatic}, {"float32", Precision::float32}, {"bfloat16", Precision::bfloat16}}))->type_name("PRECISION");
  app.add_option("--threads", trainer.threads, "Of the network; 0: as many as there are cores")->check(CLI::Range(0, 1024))->capture_default_str();
  app.add_option("--workers", options.workers, "Threads that make batches")->check(CLI::Range(1, 1024))->capture_default_str();
  app.add_option("--validate-every", options.validate_every, "Steps between judgements")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))->capture_default_str();
  app.add_option("--checkpoint-minutes", options.checkpoint_minutes, "Minutes between saved states")
      ->check(CLI::Range(0.0, 1e6))->capture_default_str();
}

}  // namespace sfa::tool
