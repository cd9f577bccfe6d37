#include "ruled.hpp"

#include <set>

#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"

namespace sfa::play {
namespace {

/// However the bank is called.
std::string key_of(const std::string& bank) { return io::is_stream(bank) ? "" : io::path_for("", bank); }

}  // namespace

Ruled::Ruled(seq::Options options, std::uint64_t seed, int bars)
    : options_(std::move(options)), source_(seq::read_rules(options_, true)), banks_(options_, source_.set), bars_(bars) {
  settings_.seed = seed;
  settings_.bpm = source_.set.bpm ? *source_.set.bpm : banks_.tempo(120.0);
  settings_.fill_bars = options_.fill_bars;
  settings_.end_beat = bars * rules::bar_beats(source_.set.meter.value_or(settings_.meter));
}

Ruled::Ruled(seq::Options options, seq::RuleSource source, seq::Banks banks, const rules::Settings& settings, int bars)
    : options_(std::move(options)), source_(std::move(source)), banks_(std::move(banks)), settings_(settings), bars_(bars) {}

/// What the library refuses of rules is told with their file's name.
template <typename Work>
auto Ruled::named(Work work) const {
  return io::about(name(), work);
}

rules::Sequencer Ruled::sequencer() const {
  return named([&] { return rules::Sequencer(source_.set, banks_.slices(), settings_); });
}

io::EventsDocument Ruled::head() const {
  io::EventsDocument document;
  document.events = rules::describe(sequencer(), settings_.seed);
  banks_.enclose("", document);
  return document;
}

io::EventsDocument Ruled::pattern() const {
  io::EventsDocument document;
  document.events = named([&] { return rules::generate(source_.set, banks_.slices(), settings_, bars_); });
  banks_.enclose("", document);
  return document;
}

Ruled Ruled::reread(const std::string& rules_file) const {
  auto options = options_;
  options.rules_file = rules_file;
  auto source = seq::read_rules(options, true);
  if (source.set.meter.value_or(settings_.meter) != source_.set.meter.value_or(settings_.meter))
    throw Error(Error::Kind::unsupported, rules_file + ": another meter; while it plays that stays what it is");
  auto banks = banks_.with(source.set, rules_file);
  std::set<std::string> known;
  for (const auto& [path, text] : banks_.texts()) known.insert(key_of(path));
  for (const auto& path : banks.paths())
    if (!known.contains(key_of(path)))
      throw Error(Error::Kind::unsupported, rules_file + ": plays a bank that was not there at the start: " + path);
  return {std::move(options), std::move(source), std::move(banks), settings_, bars_};
}

std::vector<std::string> Ruled::bank_keys() const {
  std::vector<std::string> keys;
  for (const auto& path : banks_.paths()) keys.push_back(key_of(path));
  return keys;
}

std::vector<std::string> Ruled::files() const {
  std::vector<std::string> files;
  if (!options_.rules_file.empty()) files.push_back(options_.rules_file);
  for (const auto& [path, text] : banks_.texts()) files.push_back(path);
  return files;
}

}  // namespace sfa::play
