// sfa-midi: a pattern or a song's beats in, a Standard MIDI File out.
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/json_events.hpp"
#include "sfa/midi/arrangement.hpp"
#include "sfa/midi/standard_midi_file.hpp"
#include "sfa/tool/between.hpp"
#include "sfa/tool/command.hpp"

namespace {
using namespace sfa;

struct Options {
  std::string map = "gm";
  int ticks_per_quarter = 480;

  [[nodiscard]] midi::NoteMap note_map() const {
    return map == "gm" ? midi::NoteMap::general_midi : midi::NoteMap::notes;
  }
};

void describe(tool::Command& command, Options& options) {
  command.takes_input("Events (from sfa-seq) or an analysis (from sfa-analyze); - is standard input");
  command.takes_output("MIDI file; standard output by default");
  auto& app = command.app();
  app.add_option("--map", options.map, "What notes slices become: gm (drums by class) or notes (ascending from 36)")
      ->type_name("MAP")
      ->check(CLI::IsMember(std::vector<std::string>{"gm", "notes"}));
  app.add_option("--ticks-per-quarter", options.ticks_per_quarter, "Ticks in a quarter note")
      ->type_name("N")
      ->check(tool::between(24, 32767));
}

/// The bank that a pattern names and does not hold becomes a part of it. Its text goes into the recipe.
void fetch_bank(tool::Command& command, io::EventsDocument& document, io::Recipe& recipe) {
  if (document.bank || document.events.bank.empty()) return;
  const std::string path = io::path_from(command.input(), document.events.bank);
  command.reads(path);
  const std::string text = io::read_document(path);
  document.bank = io::parse_document(path, text, io::bank_from_json);
  recipe.option("bank", text);
}

midi::Sequence arrange(const io::EventsDocument& document, const Options& options) {
  return midi::arrange(document.events, document.bank ? &*document.bank : nullptr, options.note_map(),
                       options.ticks_per_quarter);
}

midi::Sequence arrange(const analysis::Analysis& analysis, const Options& options) {
  std::vector<double> beats;
  for (const auto& beat : analysis.beats) beats.push_back(beat.time);
  return midi::arrange_beats(beats, options.ticks_per_quarter);
}

}  // namespace

int main(int argc, char** argv) {
  return tool::run("sfa-midi", argc, argv, "Make a MIDI file of a pattern or of a song's beats", [](tool::Command& command) {
    Options options;
    describe(command, options);
    command.parse();
    if (command.to_stdout()) command.check_sound_output("-");

    const std::string& input = command.input();
    const std::string text = io::read_document(input);
    auto recipe = command.recipe().option("input", text);
    midi::Sequence sequence = io::parse_document(input, text, [&](std::string_view) {
      const std::string format = io::document_format(text);
      if (format == "sfa.analysis") return arrange(io::analysis_from_json(text), options);
      if (!format.empty() && format != "sfa.events") {
        throw Error(Error::Kind::invalid_data, "is a " + format + " document, wanted sfa.events or sfa.analysis");
      }
      auto document = io::events_from_json(text);
      fetch_bank(command, document, recipe);
      return arrange(document, options);
    });

    if (!command.needs_making(command.output(), recipe.text())) return;
    sequence.texts.insert(sequence.texts.begin(), recipe.text());
    command.write(midi::standard_midi_file(sequence));
  });
}
