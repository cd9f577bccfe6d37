#include "run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/mapped_file.hpp"
#include "sfa/io/model_files.hpp"
#include "sfa/tool/folder.hpp"
#include "sfa/training/prefetch.hpp"
#include "sfa/training/training_log.hpp"
#include "sfa/training/validation.hpp"
#include "songs.hpp"

namespace sfa::tool {
namespace {

namespace fs = std::filesystem;
using training::Trainer;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

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

/// The file that --from means.
std::string checkpoint_of(const std::string& model) {
  const auto files = io::find_model(model, io::model_folders());
  if (files.checkpoints.size() != 1) throw Error(Error::Kind::unsupported, model + ": several networks cannot be trained at once");
  return files.checkpoints.front();
}

Trainer make_trainer(Command& command, const Options& options) {
  if (!options.from.empty()) {
    const auto file = checkpoint_of(options.from);
    const auto network = read_checkpoint(file);
    command.reads(file);
    return io::about(file, [&] { return Trainer(network, options.trainer); });
  }
  try {
    return Trainer(options.network(), options.trainer);
  } catch (const Error& error) {
    if (error.kind == Error::Kind::invalid_data) throw UsageError(error.what());  // the flags are the network's arguments
    throw;
  }
}

/// What the steps since the last report came to.
struct Tally {
  Clock::time_point begin = Clock::now();
  double waited_before = 0.0, loss = 0.0;
  std::int64_t steps = 0;
};

class Run {
 public:
  Run(Command& command, const Options& options);
  void go();

 private:
  [[nodiscard]] std::string in_folder(const std::string& name) const { return (fs::path(command_.output_folder()) / name).string(); }
  void take_up();
  void resume(const std::string& path);
  void require_own_files() const;
  void log(const std::string& line);
  void report(const Tally& tally, const Trainer::Report& last, double waited);
  void validate();
  void save();

  Command& command_;
  const Options& options_;
  Trainer trainer_;
  std::vector<training::Multitrack> songs_, validation_;
  training::ExampleOptions examples_;
  double best_ = -1e9;  // mean nSDR of the network that is kept
};

Run::Run(Command& command, const Options& options)
    : command_(command), options_(options), trainer_(make_trainer(command, options)), examples_(options.examples) {
  const auto songs = [&](const std::string& folder) { return songs_in(folder, trainer_.sources(), trainer_.rate()); };
  for (const auto& folder : command.inputs()) std::ranges::move(songs(folder), std::back_inserter(songs_));
  if (!options.validation.empty()) validation_ = songs(options.validation);
  examples_.transform = trainer_.transform();
  examples_.rate = trainer_.rate();
  examples_.stems = static_cast<int>(trainer_.sources().size());
  take_up();
}

/// Goes on with what is in the folder, or makes place for a new run.
void Run::take_up() {
  make_folder(command_.output_folder());
  command_.check_not_read(in_folder(network_name));
  const auto state = in_folder(state_name), log = in_folder(log_name);
  if (!command_.force() && fs::exists(state)) return resume(state);
  if (!command_.force()) require_own_files();
  // A run that was ended before its first state begins anew.
  for (const auto& path : {state, log, in_folder(network_name)}) {
    std::error_code error;
    fs::remove(path, error);
    if (error) throw Error(Error::Kind::io, path + ": " + error.message());
  }
}

void Run::resume(const std::string& path) {
  const auto state = read_checkpoint(path);
  (void)io::about(path, [&] { return trainer_.resume(state), 0; });
  if (const auto best = state.arguments.find("best"); best != state.arguments.end())
    if (const auto* value = std::get_if<double>(&best->second.data)) best_ = *value;
  // What was reported after the state was saved comes again.
  const auto log = in_folder(log_name);
  if (!fs::exists(log)) return;
  const auto text = io::read_document(log);
  const auto kept = io::parse_document(log, text, [&](std::string_view all) { return training::log_until(all, trainer_.step()); });
  if (kept != text) io::write_file(log, kept);
}

/// A network or log without a state beside it is that of a run that was just begun, or somebody else's.
void Run::require_own_files() const {
  const auto log = in_folder(log_name);
  const auto foreign = [](const std::string& path) {
    return Error(Error::Kind::exists, path + ": exists and is no training run's (-f overwrites it)");
  };
  if (!fs::exists(log)) {
    if (fs::exists(in_folder(network_name))) throw foreign(in_folder(network_name));
    return;
  }
  try {
    (void)training::parse_log(io::read_document(log));
  } catch (const Error&) {
    throw foreign(log);
  }
}

void Run::log(const std::string& line) {
  const auto path = in_folder(log_name);
  errno = 0;
  std::ofstream file(path, std::ios::app);
  file << line << '\n' << std::flush;
  if (!file) throw Error(Error::Kind::io, fmt::format("{}: {}", path, errno != 0 ? std::strerror(errno) : "cannot be written"));
}

void Run::report(const Tally& tally, const Trainer::Report& last, double waited) {
  const auto steps = static_cast<double>(tally.steps);
  const double seconds = seconds_since(tally.begin);
  const double heard = steps * options_.accumulate * 2.0 * examples_.songs * examples_.frames * examples_.transform.hop_frames /
                       examples_.rate.hz;
  const training::Learnt learnt{trainer_.step(), tally.loss / steps, last.gradient_norm, last.learning_rate,
                                heard / seconds, waited / seconds};
  log(to_line(learnt));
  command_.note(fmt::format("step {}: loss {:.3f} dB, {:.0f} s of sound a second", learnt.step, learnt.loss_db,
                            learnt.seconds_heard_a_second));
}

void Run::validate() {
  if (validation_.empty()) return write_checkpoint(in_folder(network_name), trainer_.network());
  const training::ExampleMaker maker(validation_, examples_);
  const auto judgement = training::judge(trainer_, maker, validation_, command_.progress("validation"));
  training::Judged judged{trainer_.step(), {}};
  for (std::size_t s = 0; s < judgement.stems.size(); ++s)
    judged.nsdr_db.emplace_back(trainer_.sources()[s], judgement.stems[s]);
  judged.nsdr_db.emplace_back("mean", judgement.mean);
  log(to_line(judged));
  std::string scores;
  for (const auto& [name, score] : judged.nsdr_db) scores += fmt::format(" {} {:.2f}", name, score);
  command_.note(fmt::format("step {}: nSDR in dB:{}", judged.step, scores));
  if (judgement.mean <= best_) return;
  best_ = judgement.mean;
  write_checkpoint(in_folder(network_name), trainer_.network());
}

void Run::save() {
  auto state = trainer_.state();
  state.arguments["best"] = {best_};
  write_checkpoint(in_folder(state_name), state);
}

void Run::go() {
  const auto first = trainer_.step(), steps = options_.trainer.steps;
  if (first >= steps) return command_.note(fmt::format("{} steps have been made already", first));
  if (first > 0) command_.note(fmt::format("going on after step {}", first));
  log(to_line(training::Begun{first, songs_.size(), trainer_.parameters(), steps, command_.seed()}));
  const training::ExampleMaker maker(songs_, examples_);
  const auto batches_a_step = static_cast<std::size_t>(options_.accumulate);
  training::Prefetch prefetch(maker, static_cast<std::uint64_t>(first) * batches_a_step, options_.workers);
  const auto progress = command_.progress("training");
  auto saved = Clock::now();
  Tally tally;
  while (trainer_.step() < steps) {
    std::vector<training::Batch> batches;
    while (batches.size() < batches_a_step) batches.push_back(prefetch.next());
    const auto made = trainer_.learn(batches);
    tally.loss += made.loss;
    ++tally.steps;
    const auto step = trainer_.step();
    const bool last = step == steps;
    if (step % options_.report_every == 0 || last) {
      report(tally, made, prefetch.waited_seconds() - tally.waited_before);
      tally = {Clock::now(), prefetch.waited_seconds()};
    }
    if (step % options_.validate_every == 0 || last) validate();
    if (seconds_since(saved) > 60.0 * options_.checkpoint_minutes || last) {
      save();
      saved = Clock::now();
    }
    if (tally.steps == 0) tally.begin = Clock::now();  // validation is not learning
    sfa::report(progress, static_cast<double>(step - first) / static_cast<double>(steps - first));
  }
}

}  // namespace

void train(Command& command, const Options& options) { Run(command, options).go(); }

}  // namespace sfa::tool
