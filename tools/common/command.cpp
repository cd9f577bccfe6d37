#include "sfa/tool/command.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "completion.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/input.hpp"
#include "sfa/tool/between.hpp"
#include "sfa/tool/version.hpp"

namespace sfa::tool {
namespace {

std::string describe_failure(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ? "out of memory" : error.what();
}

}  // namespace

void write_stdout(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error(Error::Kind::io, fmt::format("standard output: {}", std::strerror(errno)));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Command::Command(std::string name, const std::string& summary, int argc, char** argv)
    : name_(std::move(name)),
      argc_(argc),
      argv_(argv),
      app_(std::make_unique<CLI::App>(summary, name_)),
      outside_recipe_{"--output",   "--force",     "--quiet",       "--jobs",
                      "--progress", "--cache-dir", "--cache-limit", "FILE"} {
  app_->set_version_flag("--version", name_ + " " + SFA_VERSION);
  app_->add_flag("-q,--quiet", quiet_, "No progress and no remarks");
  app_->add_option("--progress", progress_mode_, "How to tell progress on standard error")
      ->check(CLI::IsMember(std::vector<std::string>{"auto", "none", "bar", "json"}));
  app_->add_option("--completion", completion_, "Print a completion script")
      ->check(CLI::IsMember(std::vector<std::string>{"bash", "zsh", "fish"}))
      ->group("");  // for the build, not for people
}

Command::~Command() = default;

std::string Command::version() { return SFA_VERSION; }

Error past_end(const std::string& input, Seconds start, Seconds length) {
  return {Error::Kind::invalid_argument, fmt::format("{}: --start {:.3f} is not before its end at {:.3f} s",
                                                     io::input_name(input), start.value, length.value)};
}

void Command::takes_input(const std::string& what) {
  app_->add_option("FILE", inputs_, what)->type_name("")->expected(1)->required();
}

void Command::takes_inputs(const std::string& what) {
  app_->add_option("FILE", inputs_, what)->type_name("...")->required();
}

void Command::takes_output(const std::string& what) {
  app_->add_option("-o,--output", output_, what)->type_name("FILE");
  app_->add_flag("-f,--force", force_, "Make the output anew in any case, even over another program's file");
}

void Command::takes_output_folder(const std::string& what) {
  app_->add_option("-o,--output", output_folder_, what)->type_name("DIR");
  app_->add_flag("-f,--force", force_, "Make the output anew in any case, even over another program's file");
}

void Command::takes_jobs() {
  app_->add_option("-j,--jobs", jobs_, "Work on this many inputs at once")->type_name("N")->check(between(1, 1024));
}

void Command::takes_seed() {
  // The conversion would wrap negative numbers around and cut large ones.
  const auto in_range = [](const std::string& value) {
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seed);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    return whole ? "" : "must be a whole number from 0 to 18446744073709551615";
  };
  app_->add_option("--seed", seed_, "Seed of all random choices")->type_name("N")->check(in_range);
}

void Command::takes_range() {
  const auto not_negative = between(0.0, 1e9);
  app_->add_option("--start", start_, "Begin at this time of the input")->type_name("SECONDS")->check(not_negative);
  app_->add_option("--duration", duration_, "Take no more than this")->type_name("SECONDS")->check(not_negative);
}

void Command::takes_sample_rate() {
  app_->add_option("--sample-rate", sample_rate_, "Sample rate of the output")
      ->type_name("HZ")
      ->check(between(1000, 768000));
}

void Command::takes_cache() {
  app_->add_option("--cache-dir", cache_dir_, "Folder of the content cache")->type_name("DIR");
  app_->add_option("--cache-limit", cache_limit_mb_, "Size that the cache may reach")
      ->type_name("MIB")
      ->check(between(1, 0x1p40));
}

void Command::parse() {
  // A completion is asked for without the arguments that the tool otherwise requires.
  if (argc_ == 3 && std::string_view(argv_[1]) == "--completion") {
    write_stdout(completion_script(*app_, argv_[2]));
    throw Finished{};
  }
  try {
    app_->parse(argc_, argv_);
  } catch (const CLI::CallForHelp&) {
    write_stdout(app_->help());
    throw Finished{};
  } catch (const CLI::CallForVersion& version) {
    write_stdout(std::string(version.what()) + "\n");
    throw Finished{};
  } catch (const CLI::RequiredError& error) {
    // A mistyped flag is what is wrong, even where something else is missing, too.
    throw UsageError(app_->remaining_size() > 0 ? CLI::ExtrasError(app_->remaining()).what() : error.what());
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
}

int Command::jobs() const {
  return jobs_ > 0 ? jobs_ : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::optional<FrameRange> Command::range(SampleRate rate) const {
  if (!start_ && !duration_) return std::nullopt;
  const Frames begin = to_frames({start_.value_or(0.0)}, rate);
  const Frames end = duration_ ? begin + to_frames({*duration_}, rate) : std::numeric_limits<Frames>::max();
  return FrameRange{begin, end};
}

void Command::check_start(const std::string& input, Frames length, SampleRate rate) const {
  const auto wanted = range(rate);
  if (wanted && wanted->begin > 0 && wanted->begin >= length)
    throw past_end(input, {*start_}, to_seconds(length, rate));
}

io::ContentCache Command::cache() const { return io::ContentCache(cache_dir_, cache_limit_mb_ << 20); }

io::Recipe Command::recipe() const {
  io::Recipe recipe(name_, SFA_VERSION);
  for (const auto* option : app_->get_options()) {
    const auto name = option->get_name();
    if (option->count() == 0 || std::ranges::find(outside_recipe_, name) != outside_recipe_.end()) continue;
    for (const auto& value : option->results()) recipe.option(name, value);
  }
  return recipe;
}

void Command::check_not_read(const std::string& path) const {
  const auto is_it = [&](const std::string& input) {
    std::error_code none;
    return std::filesystem::equivalent(input == "-" ? "/dev/stdin" : input, path, none);
  };
  std::error_code none;
  if (std::filesystem::is_regular_file(path, none) &&
      (std::ranges::any_of(inputs_, is_it) || std::ranges::any_of(also_read_, is_it)))
    throw Error(Error::Kind::exists, path + ": is the input itself");
}

bool Command::needs_making(const std::string& path, const std::string& recipe) {
  if (path.empty() || path == "-") return true;
  check_not_read(path);
  if (force_) return true;
  switch (io::standing(path, recipe)) {
    case io::Standing::current:
      note(path + " is up to date");
      return false;
    case io::Standing::foreign:
      throw Error(Error::Kind::exists, path + ": exists and was made or changed by something else (-f overwrites it)");
    case io::Standing::absent:
    case io::Standing::outdated:
      return true;
  }
  return true;
}

void Command::write(std::string_view text) {
  erase_bar();
  if (to_stdout())
    write_stdout(text);
  else
    io::write_file(output_, text);
}

void Command::check_sound_output(const std::string& path) const {
  if (path == "-" && ::isatty(STDOUT_FILENO) == 1)
    throw UsageError("will not write sound to a terminal: give -o FILE or a pipe");
}

void Command::report_failure(const std::string& input, const std::string& what) {
  // Messages about a file begin with its name already; others are told whose they are.
  warn(what.starts_with(input) || input == "-" ? what : input + ": " + what);
}

void Command::for_each_input(const std::function<void(const std::string&)>& work) { for_each(inputs_, work); }

void Command::for_each(const std::vector<std::string>& inputs, const std::function<void(const std::string&)>& work) {
  const auto silent = [&](const std::string& input) {
    work(input);
    return std::string();
  };
  if (inputs.size() == 1)
    work(inputs.front());  // its failure is the run's
  else
    run_inputs(inputs, silent, 1);
}

void Command::map_inputs(const std::function<std::string(const std::string&)>& work) {
  if (inputs_.size() == 1)
    write(work(inputs_.front()));
  else
    run_inputs(inputs_, work, static_cast<std::size_t>(jobs()));
}

namespace {

/// Runs `work` on `count` indices with several threads; results are taken in order.
class OrderedWork {
 public:
  struct Result {
    bool done = false;
    std::string text;
    std::optional<std::string> failure;
  };

  OrderedWork(std::size_t count, std::size_t thread_count, std::function<std::string(std::size_t)> work)
      : work_(std::move(work)), results_(count) {
    for (std::size_t i = 0; i < std::min(thread_count, count); ++i) threads_.emplace_back([this] { loop(); });
  }
  ~OrderedWork() { next_ = results_.size(); }

  Result take(std::size_t index) {
    std::unique_lock lock(mutex_);
    finished_.wait(lock, [&] { return results_[index].done; });
    return std::exchange(results_[index], {});
  }

 private:
  void loop() {
    for (std::size_t i = next_++; i < results_.size(); i = next_++) {
      Result result;
      try {
        result.text = work_(i);
      } catch (const std::exception& error) {
        result.failure = describe_failure(error);
      }
      result.done = true;
      const std::lock_guard lock(mutex_);
      results_[i] = std::move(result);
      finished_.notify_one();
    }
  }

  std::function<std::string(std::size_t)> work_;
  std::vector<Result> results_;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> threads_;  // last, so that they end before what they use
};

}  // namespace

void Command::run_inputs(const std::vector<std::string>& inputs,
                         const std::function<std::string(const std::string&)>& work, std::size_t thread_count) {
  OrderedWork ordered(inputs.size(), thread_count, [&](std::size_t i) { return work(inputs[i]); });
  std::string collected;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto result = ordered.take(i);
    if (result.failure) {
      ++failed;
      report_failure(inputs[i], *result.failure);
    } else if (to_stdout()) {
      write(result.text);
    } else {
      collected += result.text;
    }
  }
  if (!collected.empty()) write(collected);
  if (failed > 0) exit_code_ = failed == inputs.size() ? 1 : 3;
}

void Command::warn(const std::string& line) {
  const Error printable(Error::Kind::io, line);  // one line, whatever a file name holds
  erase_bar();
  fmt::print(stderr, "{}: {}\n", name_, printable.what());
}

void Command::note(const std::string& line) {
  if (!quiet_ && ::isatty(STDERR_FILENO) == 1) warn(line);
}

int run(const std::string& name, int argc, char** argv, const std::string& summary,
        const std::function<void(Command&)>& body) {
  handle_signals();
  Command command(name, summary, argc, argv);
  try {
    body(command);
    command.erase_bar();  // of work whose length was not known
    return command.exit_code();
  } catch (const Command::Finished&) {
    return 0;
  } catch (const UsageError& error) {
    command.warn(fmt::format("{} (see {} --help)", error.what(), name));
    return 2;
  } catch (const CodedError& error) {
    command.warn(error.what());
    return error.exit_code;
  } catch (const std::exception& error) {
    command.warn(describe_failure(error));
    return 1;
  }
}

}  // namespace sfa::tool
