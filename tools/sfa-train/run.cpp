#include "run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/mapped_file.hpp"
#include "sfa/training/prefetch.hpp"
#include "songs.hpp"

namespace sfa::tool {
namespace {

namespace fs = std::filesystem;
using training::Multitrack;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

separation::Checkpoint read_checkpoint(const std::string& path) {
  const auto file = io::map_file(path);
  return io::about(path, [&] { return separation::read_checkpoint(file.bytes, file.owner); });
}

void write_checkpoint(const std::string& path, const separation::Checkpoint& checkpoint) {
  io::AtomicFile file(path);
  separation::write_safetensors(checkpoint, [&](std::span<const std::byte> bytes) {
    file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  });
  file.commit();
}

/// nSDR of each stem in dB, the mean over songs that have it.
struct Judgement {
  std::vector<double> stems;
  double mean = 0.0;
};

class Run {
 public:
  Run(Command& command, const Options& options)
      : command_(command), options_(options), trainer_(options.network(), options.trainer) {
    if (!options.from.empty()) trainer_.start_from(read_checkpoint(options.from));
    for (const auto& folder : command.inputs())
      for (auto& song : songs_in(folder, trainer_.sources())) songs_.push_back(std::move(song));
    if (!options.validation.empty()) validation_ = songs_in(options.validation, trainer_.sources());
    examples_ = options.examples;
    examples_.transform = trainer_.transform();
    examples_.stems = static_cast<int>(trainer_.sources().size());
    examples_.seed = command.seed();
    fs::create_directories(command.output_folder());
    if (const auto state = in_folder("state.safetensors"); fs::exists(state)) resume(state);
  }

  void go();

 private:
  [[nodiscard]] std::string in_folder(const std::string& name) const { return (fs::path(command_.output_folder()) / name).string(); }
  void resume(const std::string& state);
  [[nodiscard]] Judgement judge(const training::ExampleMaker& maker) const;
  void log(const std::string& line);
  void validate(const training::ExampleMaker& maker);
  void save() { write_checkpoint(in_folder("state.safetensors"), with_best(trainer_.state())); }
  [[nodiscard]] separation::Checkpoint with_best(separation::Checkpoint state) const;

  Command& command_;
  const Options& options_;
  training::Trainer trainer_;
  std::vector<Multitrack> songs_, validation_;
  training::ExampleOptions examples_;
  double best_ = -1e9;
};

separation::Checkpoint Run::with_best(separation::Checkpoint state) const {
  state.arguments["best"] = {best_};
  return state;
}

void Run::resume(const std::string& path) {
  const auto state = read_checkpoint(path);
  (void)io::about(path, [&] {
    trainer_.resume(state);
    return 0;
  });
  if (const auto best = state.arguments.find("best"); best != state.arguments.end())
    if (const auto* value = std::get_if<double>(&best->second.data)) best_ = *value;
  command_.note(fmt::format("going on from step {}", trainer_.step()));
}

void Run::log(const std::string& line) {
  std::ofstream file(in_folder("log.jsonl"), std::ios::app);
  file << line << '\n' << std::flush;
  if (!file) throw Error(Error::Kind::io, in_folder("log.jsonl") + ": cannot be written");
  command_.note(line);
}

Judgement Run::judge(const training::ExampleMaker& maker) const {
  constexpr int stretch = 512;
  const auto stems = trainer_.sources().size();
  std::vector<double> sums(stems);
  std::vector<int> counts(stems);
  for (const auto& song : validation_) {
    std::vector<double> error(stems), power(stems);
    const auto spectra = maker.spectra(song);
    for (Frames first = 0; first < spectra; first += stretch) {
      const auto part = trainer_.judge(maker.plain(song, first, static_cast<int>(std::min<Frames>(stretch, spectra - first))));
      for (std::size_t s = 0; s < stems; ++s) {
        error[s] += part.error[s];
        power[s] += part.power[s];
      }
    }
    for (std::size_t s = 0; s < stems; ++s) {
      if (power[s] <= 0.0) continue;
      sums[s] += 10.0 * std::log10(power[s] / std::max(error[s], 1e-12 * power[s]));
      ++counts[s];
    }
  }
  Judgement judgement;
  int heard = 0;
  for (std::size_t s = 0; s < stems; ++s) {
    judgement.stems.push_back(counts[s] > 0 ? sums[s] / counts[s] : 0.0);
    if (counts[s] == 0) continue;
    judgement.mean += judgement.stems.back();
    ++heard;
  }
  judgement.mean /= std::max(heard, 1);
  return judgement;
}

void Run::validate(const training::ExampleMaker& maker) {
  if (validation_.empty()) return write_checkpoint(in_folder("network.safetensors"), trainer_.network());
  const auto judgement = judge(maker);
  std::string stems;
  for (std::size_t s = 0; s < judgement.stems.size(); ++s)
    stems += fmt::format("\"{}\":{:.3f},", trainer_.sources()[s], judgement.stems[s]);
  log(fmt::format("{{\"step\":{},\"nsdr_db\":{{{}\"mean\":{:.3f}}}}}", trainer_.step(), stems, judgement.mean));
  if (judgement.mean <= best_) return;
  best_ = judgement.mean;
  write_checkpoint(in_folder("network.safetensors"), trainer_.network());
}

void Run::go() {
  const training::ExampleMaker maker(songs_, examples_);
  const auto batches_a_step = static_cast<std::uint64_t>(options_.accumulate);
  training::Prefetch prefetch(maker, static_cast<std::uint64_t>(trainer_.step()) * batches_a_step, options_.workers);
  log(fmt::format("{{\"step\":{},\"songs\":{},\"parameters\":{},\"steps\":{},\"seed\":{}}}", trainer_.step(), songs_.size(),
                  trainer_.parameters(), options_.trainer.steps, command_.seed()));
  auto saved = Clock::now(), reported = saved;
  double loss = 0.0, waited = 0.0;
  std::int64_t summed = 0;
  while (trainer_.step() < options_.trainer.steps) {
    std::vector<training::Batch> batches;
    for (std::uint64_t i = 0; i < batches_a_step; ++i) batches.push_back(prefetch.next());
    const auto report = trainer_.learn(batches);
    loss += report.loss;
    ++summed;
    const bool last = trainer_.step() == options_.trainer.steps;
    if (trainer_.step() % 50 == 0 || last) {
      const double seconds = since(reported);
      const double heard = static_cast<double>(summed) * static_cast<double>(batches_a_step) * 2.0 * examples_.songs *
                           examples_.frames * examples_.transform.hop_frames / 44100.0;
      log(fmt::format("{{\"step\":{},\"loss_db\":{:.4f},\"gradient_norm\":{:.3f},\"learning_rate\":{:.3g},"
                      "\"seconds_heard_a_second\":{:.1f},\"share_waited\":{:.3f}}}",
                      trainer_.step(), loss / static_cast<double>(summed), report.gradient_norm, report.learning_rate,
                      heard / seconds, (prefetch.waited_seconds() - waited) / seconds));
      reported = Clock::now();
      waited = prefetch.waited_seconds();
      loss = 0.0;
      summed = 0;
    }
    if (trainer_.step() % options_.validate_every == 0 || last) validate(maker);
    if (since(saved) > 60.0 * options_.checkpoint_minutes || last) {
      save();
      saved = Clock::now();
    }
  }
}

}  // namespace

void train(Command& command, const Options& options) {
  if (command.output_folder().empty()) throw UsageError("-o names the run's folder");
  Run(command, options).go();
}

}  // namespace sfa::tool
