// sfa-seq: a bank and rules in, a pattern of its slices out.
#include <fstream>
#include <iterator>
#include <limits>

#include "banks.hpp"
#include "options.hpp"
#include "rule_source.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_rules.hpp"
#include "sfa/rules/sequencer.hpp"

namespace {
using namespace sfa;

/// What the library refuses of rules and options in themselves.
template <typename Work>
auto as_usage(const seq::Options& options, Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (!options.rules_file.empty())
      throw Error(error.kind, io::input_name(options.rules_file) + ": " + error.what());
    throw tool::UsageError(error.what());
  }
}

void read_by(tool::Command& command, const seq::Options& options) {
  for (const auto& path : {options.bank, options.rules_file, options.analysis})
    if (!path.empty()) command.reads(path);
  for (const char* option : {"--rules", "--analysis"}) command.leave_out_of_recipe(option);  // their text is in it
  seq::check_inputs(options);
}

/// The rules in the other notation, or in the same.
void convert(tool::Command& command, const seq::Options& options) {
  const auto source = seq::read_rules(options, false);
  const std::string recipe = command.recipe().option("rules", source.text).text();
  const bool json = options.rules_format == "json";
  const std::string text =
      json ? io::to_json(source.set, command.to_stdout() ? "" : recipe) : rules::to_text(source.set);
  if (!json && !command.to_stdout()) {
    std::ifstream there(command.output());  // lines have no place for a recipe
    if (std::string(std::istreambuf_iterator<char>(there), {}) == text) return;
  }
  if (command.needs_making(command.output(), recipe)) command.write(text);
}

rules::Settings settings_of(const seq::Options& options, const rules::RuleSet& set, const seq::Banks& banks,
                            std::uint64_t seed) {
  return {.seed = seed,
          .bpm = set.bpm ? *set.bpm : banks.tempo(120.0),
          .meter = {},
          .fill_bars = options.fill_bars,
          .end_beat = options.endless()
                          ? 0.0
                          : std::stod(options.bars) * rules::bar_beats(set.meter.value_or(rules::Meter{})),
          .explain = options.explain};
}

/// Bar after bar, without an end until whoever reads has enough.
void stream(const rules::RuleSet& set, const seq::Banks& banks, const rules::Settings& settings,
            const seq::Options& options) {
  auto sequencer = as_usage(options, [&] { return rules::Sequencer(set, banks.slices(), settings); });
  io::EventsDocument head;
  head.events = rules::describe(sequencer, settings.seed);
  banks.enclose("-", head);
  tool::write_stdout(io::stream_head(head));
  const double last = options.endless() ? std::numeric_limits<double>::infinity() : std::stod(options.bars);
  std::vector<rules::Event> events;
  for (double bar = 1.0; bar <= last; ++bar) {
    events.clear();
    sequencer.advance(bar * sequencer.bar_beats(), events);
    std::string lines;
    for (const auto& event : events) lines += io::stream_line(event);
    tool::write_stdout(lines);
  }
}

/// All bars in one document.
void write_document(tool::Command& command, const seq::RuleSource& source, const seq::Banks& banks,
                    const rules::Settings& settings, const seq::Options& options) {
  io::EventsDocument document;
  document.events = as_usage(
      options, [&] { return rules::generate(source.set, banks.slices(), settings, std::stoi(options.bars)); });
  banks.enclose(command.output(), document);
  auto recipe = command.recipe().option("rules", source.text).option("path", document.events.bank);
  for (const auto& [path, text] : banks.texts()) recipe.option("bank", text);
  if (!command.needs_making(command.output(), recipe.text())) return;
  const std::string text = io::to_json(document, recipe.text());
  if (text.size() > io::longest_document_bytes)
    throw Error(Error::Kind::unsupported,
                "the pattern is too long for a document: over 128 MiB; --stream writes lines");
  command.write(text);
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-seq", argc, argv, "Make a pattern of a bank's slices", [](tool::Command& command) {
    seq::Options options;
    describe(command, options);
    command.parse();
    read_by(command, options);
    if (!options.rules_format.empty()) return convert(command, options);
    const bool lines = options.stream || options.endless();
    if (lines && !command.to_stdout())
      throw tool::UsageError("--stream and --bars inf: lines go to standard output alone");

    const auto source = seq::read_rules(options, true);
    const seq::Banks banks(options, source.set);
    const auto settings = settings_of(options, source.set, banks, command.seed());
    lines ? stream(source.set, banks, settings, options) : write_document(command, source, banks, settings, options);
  });
}
