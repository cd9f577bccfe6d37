// What every tool shares: its command line, its way of failing, its output. A tool's main is
//
//   int main(int argc, char** argv) {
//     return sfa::tool::run("sfa-slice", argc, argv, "Cut a sound into slices", [](Command& command) {
//       Options options;
//       describe(command, options);   // flags and positionals, nothing else
//       command.parse();
//       ...                           // call the library, write
//     });
//   }
//
// Exit codes: 0 done, 1 failed, 2 usage, 3 some of several inputs failed, 128 + N ended by signal N.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/audio/error.hpp"
#include "sfa/audio/frame_range.hpp"
#include "sfa/audio/progress.hpp"
#include "sfa/io/content_cache.hpp"
#include "sfa/io/recipe.hpp"

namespace CLI {
class App;  // its header takes seconds to read: only who adds options includes it
}

namespace sfa::tool {

/// A mistake on the command line: exit 2, and a line that points at --help.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A failure with an exit code of its own.
struct CodedError : Error {
  CodedError(int code, const Error& error) : Error(error), exit_code(code) {}
  int exit_code;
};

/// All of `text`, where standard output stands. Throws Error::io.
void write_stdout(std::string_view text);

/// What every tool says of a --start that leaves nothing of `input`.
[[nodiscard]] Error past_end(const std::string& input, Seconds start, Seconds length);

class Command {
 public:
  Command(std::string name, const std::string& summary, int argc, char** argv);
  ~Command();

  /// For the tool's own flags.
  CLI::App& app() { return *app_; }
  [[nodiscard]] static std::string version();  // of the toolkit: "0.1.0"

  // Shared options, spelt and meant alike in every tool. Each adds what it names.
  void takes_input(const std::string& what);    // one FILE, "-" for standard input
  void takes_inputs(const std::string& what);   // FILE...
  void takes_output(const std::string& what);   // -o, --output; -f, --force
  void takes_output_folder(const std::string& what);  // -o, --output for files that are made beside
                                                // what goes to standard output; -f, --force
  void takes_jobs();                            // -j, --jobs
  void takes_seed();                            // --seed
  void takes_range();                           // --start, --duration, seconds
  void takes_sample_rate();                     // --sample-rate
  void takes_cache();                           // --cache-dir, --cache-limit
  // -q, --quiet, --progress, -h, --help and --version are always there.

  /// Reads the command line. --help and --version end the process's work here.
  void parse();

  // What was said (after parse).
  [[nodiscard]] const std::string& input() const { return inputs_.front(); }
  [[nodiscard]] const std::vector<std::string>& inputs() const { return inputs_; }
  [[nodiscard]] const std::string& output() const { return output_; }       // empty: not given
  [[nodiscard]] const std::string& output_folder() const { return output_folder_; }  // empty: not given
  [[nodiscard]] bool to_stdout() const { return output_.empty() || output_ == "-"; }
  [[nodiscard]] bool force() const { return force_; }
  [[nodiscard]] bool quiet() const { return quiet_; }
  [[nodiscard]] int jobs() const;
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  [[nodiscard]] int sample_rate() const { return sample_rate_; }            // 0: not given
  /// The frames that --start and --duration name at `rate`; nothing if neither was given.
  [[nodiscard]] std::optional<FrameRange> range(SampleRate rate) const;
  /// Throws past_end() where --start does not lie before the end of `input`.
  void check_start(const std::string& input, Frames length, SampleRate rate) const;
  [[nodiscard]] io::ContentCache cache() const;

  /// `option`, say "--buffer", cannot change the output.
  void leave_out_of_recipe(const std::string& option) { outside_recipe_.push_back(option); }

  /// A recipe of this tool and its version with every option that was given on the command line
  /// except those left out of it (of the shared ones -o, -f, -q, -j, --progress, --cache-*).
  /// The caller adds the input files.
  [[nodiscard]] io::Recipe recipe() const;

  /// A file that the outputs are made of, besides inputs().
  void reads(const std::string& path) { also_read_.push_back(path); }

  /// Throws Error::exists if `path` is a file that the outputs are made of, by whatever name.
  void check_not_read(const std::string& path) const;

  /// Whether `path` is to be written: false if it is there already, made by `recipe`. Throws
  /// Error::exists if it is somebody else's file. Always true with -f, and for "-". An input is not
  /// overwritten even with -f: Error::exists.
  [[nodiscard]] bool needs_making(const std::string& path, const std::string& recipe);

  /// Text to -o's file (whole or not at all) or to standard output.
  void write(std::string_view text);

  /// Throws UsageError if sound would go to a terminal.
  void check_sound_output(const std::string& path) const;

  /// Calls `work` for each input in turn. With several, a failed one is reported and the rest goes
  /// on; run() then returns 3 (1 if none succeeded).
  void for_each_input(const std::function<void(const std::string& input)>& work);
  /// The same for what an input stands for, say the songs in a folder.
  void for_each(const std::vector<std::string>& inputs, const std::function<void(const std::string& input)>& work);

  /// The same on jobs() threads; what `work` returns goes to the output in the inputs' order.
  void map_inputs(const std::function<std::string(const std::string& input)>& work);

  /// A line on standard error, "sfa-slice: " before it. note() is silenced by -q, warn() is not.
  void warn(const std::string& line);
  void note(const std::string& line);

  /// Draws a bar on standard error if it is a terminal, or JSON Lines with --progress json.
  /// `stage` is named in it.
  [[nodiscard]] Progress progress(const std::string& stage);

  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  struct Finished {};  // --help and --version
  friend int run(const std::string&, int, char**, const std::string&, const std::function<void(Command&)>&);
  void run_inputs(const std::vector<std::string>& inputs, const std::function<std::string(const std::string&)>& work,
                  std::size_t thread_count);
  void report_failure(const std::string& input, const std::string& what);
  void erase_bar();  // for words that are to stand where it was drawn

  std::string name_;
  int argc_;
  char** argv_;
  std::unique_ptr<CLI::App> app_;
  std::vector<std::string> inputs_, also_read_, outside_recipe_;
  std::string output_, output_folder_, cache_dir_, progress_mode_ = "auto", completion_;
  bool force_ = false, quiet_ = false;
  int jobs_ = 0, sample_rate_ = 0;
  std::uint64_t seed_ = 0, cache_limit_mb_ = 8192;
  std::optional<double> start_, duration_;
  int exit_code_ = 0;
  std::atomic<bool> bar_is_drawn_{false};
};

/// SIGINT, SIGTERM and SIGHUP remove this process's temporaries and end it. run() calls this.
void handle_signals();

/// Runs `body`, maps what it throws to a message and an exit code, and sees to it that SIGINT and
/// SIGTERM remove temporaries and that a failed standard output is an error.
int run(const std::string& name, int argc, char** argv, const std::string& summary,
        const std::function<void(Command&)>& body);

}  // namespace sfa::tool
