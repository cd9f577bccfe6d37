#include "plot.hpp"

#include <filesystem>

#include "run.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/document.hpp"
#include "sfa/tool/folder.hpp"
#include "sfa/training/curves.hpp"

namespace sfa::tool {

void plot(Command& command, const std::string& run) {
  std::error_code none;
  const bool is_folder = std::filesystem::is_directory(run, none);
  const auto log = is_folder ? (std::filesystem::path(run) / log_name).string() : run;
  const auto& output = command.output_folder();
  const auto recipe = command.recipe().file(log).text();
  command.reads(log);
  if (!command.needs_making(output, recipe)) return;
  const auto picture = io::parse_document(log, io::read_document(log), [&](std::string_view text) {
    return training::curves_svg(training::parse_log(text), run, recipe);
  });
  if (output.empty() || output == "-") return write_stdout(picture);
  make_folder_of(output);
  io::write_file(output, picture);
}

}  // namespace sfa::tool
