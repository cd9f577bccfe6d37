#include <fmt/format.h>

#include <algorithm>

#include "sfa/io/document.hpp"
#include "sfa/io/json_stems.hpp"
#include "sfa/separation/torch_runtime.hpp"
#include "stem_files.hpp"
#include "stem_names.hpp"

namespace {

using sfa::tool::Command;
using sfa::tool::Separation;
using sfa::tool::UsageError;

const std::vector<std::string> formats{"wav", "flac", "aiff", "caf", "w64", "rf64", "au", "ogg", "opus", "mp3"};

void describe(Command& command, Separation& separation, bool& list_engines) {
  command.takes_inputs("Sound files, or - for a sound on standard input");
  command.app().get_option("FILE")->required(false);  // --list-engines needs none
  command.takes_output_folder("Folder that --name begins in (default: .), or - for one stem as WAV on standard output");
  auto& app = command.app();
  app.add_option("--name", separation.name, "Where each stem goes (default: {track}/{stem}.{ext})")->type_name("TEMPLATE");
  app.add_option("--stem", separation.stems, "Write only these stems, with commas between them")
      ->type_name("NAME,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--format", separation.format, fmt::format("Sound format: {} (default: wav)", fmt::join(formats, ", ")))
      ->type_name("FORMAT")
      ->check(CLI::IsMember(formats));
  app.add_option("--bit-depth", separation.bit_depth, "16, 24 or 32 bit integers (default: float, else 24)")
      ->type_name("BITS")
      ->check(CLI::IsMember(std::vector<int>{16, 24, 32}));
  app.add_option("--engine", separation.engine, "What separates (default: spectral)")->type_name("NAME");
  app.add_flag("--list-engines", list_engines, "Tell the engines and what they run on, and exit");
  app.footer("spectral: " + sfa::separation::engines().front().note);
}

std::string engine_list() {
  std::string text;
  for (const auto& engine : sfa::separation::engines()) {
    text += fmt::format("{}: {}; {}\n  {}\n", engine.name, fmt::join(engine.stems, ", "),
                        engine.rate ? fmt::format("{} Hz", engine.rate->hz) : "any sample rate", engine.note);
  }
  const auto& torch = sfa::separation::torch_runtime();
  if (!torch.problem.empty()) return text + fmt::format("libtorch: {}\n", torch.problem);
  text += fmt::format("libtorch: {}, threads: {}, matrix products by {}; no engine uses it yet\n", torch.version,
                      torch.threads, torch.blas.empty() ? "a library unknown" : torch.blas);
  if (torch.slow_blas) text += "  that is the slow reference BLAS: install libopenblas0-openmp\n";
  return text;
}

/// The wanted stems in the engine's order, all where none are named.
std::vector<std::string> chosen_stems(const Separation& separation) {
  const auto engine = sfa::separation::make_engine(separation.engine);
  const auto& all = engine->info().stems;
  for (const auto& stem : separation.stems)
    if (std::ranges::find(all, stem) == all.end())
      throw UsageError(fmt::format("--stem: {} is none of {}", stem, fmt::join(all, ", ")));
  std::vector<std::string> chosen;
  std::ranges::copy_if(all, std::back_inserter(chosen), [&](const auto& stem) {
    return separation.stems.empty() || std::ranges::find(separation.stems, stem) != separation.stems.end();
  });
  return chosen;
}

/// The manifest `path` as it goes down a pipe, where no folder is known that its paths are relative to.
std::string manifest_for_pipe(const std::string& path, bool compact) {
  const auto moved = [&](const std::string& file) { return sfa::io::path_for("-", sfa::io::path_from(path, file)); };
  auto stems = sfa::io::parse_document(path, sfa::io::read_document(path), sfa::io::stems_from_json);
  stems.source.path = moved(stems.source.path);
  for (auto& stem : stems.stems) stem.path = moved(stem.path);
  return sfa::io::to_json(stems, sfa::io::recipe_of(path).value_or(""), compact);
}

}  // namespace

int main(int argc, char** argv) {
  return sfa::tool::run("sfa-separate", argc, argv, "Separate sounds into stems", [](Command& command) {
    Separation separation;
    bool list_engines = false;
    describe(command, separation, list_engines);
    command.parse();
    if (list_engines) return command.write(engine_list());
    if (command.inputs().empty()) throw UsageError("FILE is required");
    separation.stems = chosen_stems(separation);
    if (command.output_folder() == "-") {
      if (command.inputs().size() > 1 || separation.stems.size() > 1 || separation.format != "wav")
        throw UsageError("-o - takes one input, one --stem and no --format but wav");
      return separate_into_stream(command, separation, command.input());
    }
    sfa::tool::check_apart(command.inputs(), command.output_folder(), separation.name);
    command.for_each_input([&](const std::string& input) {
      const auto manifest = separate_into_files(command, separation, input);
      command.write(manifest_for_pipe(manifest, command.inputs().size() > 1));
    });
  });
}
