#include "benchmark.hpp"
#include "convert.hpp"
#include "engine_list.hpp"
#include "fetch_model.hpp"
#include "options.hpp"
#include "outputs.hpp"
#include "separator.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_stems.hpp"
#include "stem_files.hpp"
#include "stem_names.hpp"
#include "stream.hpp"

namespace {

using sfa::tool::Command;
using sfa::tool::Options;
using sfa::tool::UsageError;

/// The manifest `path` as it goes down a pipe, where no folder is known that its paths are relative to.
std::string manifest_for_pipe(const std::string& path, bool compact) {
  const auto moved = [&](const std::string& file) { return sfa::io::path_for("-", sfa::io::path_from(path, file)); };
  auto stems = sfa::io::parse_document(path, sfa::io::read_file(path), sfa::io::stems_from_json);
  stems.source.path = moved(stems.source.path);
  for (auto& stem : stems.stems) stem.path = moved(stem.path);
  return sfa::io::to_json(stems, sfa::io::recipe_of(path).value_or(""), compact);
}

std::unique_ptr<sfa::tool::Separator> make_separator(Command& command, const Options& options) {
  return options.model.empty() ? sfa::tool::make_engine_separator(options.engine)
                               : sfa::tool::make_network_separator(command, options);
}

void separate(Command& command, const Options& options) {
  const auto separator = make_separator(command, options);
  const auto outputs = sfa::tool::plan_outputs(options, separator->stems());
  if (command.output_folder() == "-" &&
      (command.inputs().size() > 1 || outputs.list.size() > 1 || options.format != "wav"))
    throw UsageError("-o - takes one input, one --stem and no --format but wav");
  separator->want(outputs.made);
  if (command.output_folder() == "-")
    return separate_into_stream(command, options, outputs, *separator, command.input());
  sfa::tool::check_apart(command.inputs(), command.output_folder(), options.name);
  command.for_each_input([&](const std::string& input) {
    const auto manifest = separate_into_files(command, options, outputs, *separator, input);
    command.write(manifest_for_pipe(manifest, command.inputs().size() > 1));
  });
}

}  // namespace

int main(int argc, char** argv) {
  return sfa::tool::run("sfa-separate", argc, argv, "Separate sounds into stems", [](Command& command) {
    Options options;
    describe(command, options);
    command.parse();
    check(command, options);
    if (options.list_engines) return command.write(sfa::tool::engine_list(options.model_dir));
    if (!options.fetch_model.empty()) return sfa::tool::fetch_model(command, options.fetch_model, options.model_dir);
    if (!options.convert.empty()) return sfa::tool::convert(command, options.convert[0], options.convert[1]);
    if (!options.benchmark.empty()) return benchmark(command, options, *make_separator(command, options));
    if (options.stream) return sfa::tool::stream(command, options);
    separate(command, options);
  });
}
