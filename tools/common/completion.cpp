#include "completion.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <vector>

#include "sfa/tool/command.hpp"

namespace sfa::tool {
namespace {

struct Flag {
  std::vector<std::string> names;    // with their dashes
  std::string summary;
  bool takes_value = false;
  bool takes_folder = false;
  std::vector<std::string> choices;  // empty: a file name
};

/// CLI11 shows a choice as "TEXT:{a,b,c}".
std::vector<std::string> choices_of(const std::string& type) {
  const auto open = type.find('{'), close = type.find('}');
  std::vector<std::string> choices;
  if (open == std::string::npos || close == std::string::npos) return choices;
  for (auto& choice : CLI::detail::split(type.substr(open + 1, close - open - 1), ',')) {
    const auto arrow = choice.find("->");
    choices.push_back(arrow == std::string::npos ? choice : choice.substr(0, arrow));
  }
  return choices;
}

std::vector<Flag> flags_of(const CLI::App& app) {
  std::vector<Flag> flags;
  for (const auto* option : app.get_options()) {
    if (option->get_positional() || option->get_group().empty()) continue;
    Flag flag;
    for (const auto& name : option->get_snames()) flag.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) flag.names.push_back("--" + name);
    flag.summary = option->get_description();
    flag.takes_value = option->get_expected_max() > 0 && option->get_type_size_max() > 0;
    flag.takes_folder = option->get_type_name() == "DIR";
    flag.choices = choices_of(option->get_type_name());
    flags.push_back(std::move(flag));
  }
  return flags;
}

std::string quoted(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "'" + safe + "'";
}

std::string bash(const std::string& tool, const std::vector<Flag>& flags) {
  std::string all, cases;
  for (const auto& flag : flags) {
    all += fmt::format("{} ", fmt::join(flag.names, " "));
    if (!flag.takes_value) continue;
    const auto what = !flag.choices.empty() ? fmt::format("-W \"{}\"", fmt::join(flag.choices, " "))
                      : flag.takes_folder   ? std::string("-d")
                                            : std::string("-f");
    cases += fmt::format("    {}) COMPREPLY=($(compgen {} -- \"$word\")); return ;;\n", fmt::join(flag.names, "|"), what);
  }
  const auto function = "_" + CLI::detail::find_and_replace(tool, "-", "_");
  return fmt::format(
      "{0}() {{\n  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  case $before in\n{1}  esac\n"
      "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"{2}\" -- \"$word\"))\n"
      "  else COMPREPLY=($(compgen -f -- \"$word\")); fi\n}}\ncomplete -o filenames -F {0} {3}\n",
      function, cases, all, tool);
}

std::string zsh(const std::string& tool, const std::vector<Flag>& flags) {
  std::string lines;
  for (const auto& flag : flags) {
    auto summary = CLI::detail::find_and_replace(flag.summary, "[", "(");
    summary = CLI::detail::find_and_replace(summary, "]", ")");
    summary = CLI::detail::find_and_replace(summary, ":", ";");
    std::string value;
    if (flag.takes_value)
      value = !flag.choices.empty() ? fmt::format(":value:({})", fmt::join(flag.choices, " "))
              : flag.takes_folder   ? std::string(":folder:_files -/")
                                    : std::string(":value:_files");
    for (const auto& name : flag.names) lines += "  " + quoted("*" + name + "[" + summary + "]" + value) + " \\\n";
  }
  return fmt::format("#compdef {}\n_arguments -S \\\n{}  '*:file:_files'\n", tool, lines);
}

std::string fish(const std::string& tool, const std::vector<Flag>& flags) {
  std::string lines;
  for (const auto& flag : flags) {
    lines += "complete -c " + tool;
    for (const auto& name : flag.names)
      lines += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (flag.takes_value) lines += flag.choices.empty() ? " -r" : fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
    lines += " -d " + quoted(CLI::detail::find_and_replace(flag.summary, "'", "")) + "\n";
  }
  return lines;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
  const auto flags = flags_of(app);
  if (shell == "bash") return bash(app.get_name(), flags);
  if (shell == "zsh") return zsh(app.get_name(), flags);
  if (shell == "fish") return fish(app.get_name(), flags);
  throw UsageError("--completion takes bash, zsh or fish");
}

}  // namespace sfa::tool
