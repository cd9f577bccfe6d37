// Rules that are played: read as sfa-seq reads them, evaluated into a file as a whole, or live bar by bar.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "../sfa-seq/banks.hpp"
#include "../sfa-seq/rule_source.hpp"
#include "sfa/rules/sequencer.hpp"

namespace sfa::play {

class Ruled {
 public:
  /// Throws what seq::read_rules() and seq::Banks throw. `bars` 0: without an end.
  Ruled(seq::Options options, std::uint64_t seed, int bars);

  /// From the beginning. Throws Error, with the name of the file, for rules that do not fit their slices.
  [[nodiscard]] rules::Sequencer sequencer() const;
  /// What all events share; its banks' paths are as the working folder calls them.
  [[nodiscard]] io::EventsDocument head() const;
  /// All bars.
  [[nodiscard]] io::EventsDocument pattern() const;

  /// The rules' file as it is now, with the banks that are there already. Throws what the constructor throws, and
  /// Error::unsupported for a bank that is not, and for another meter. Other members stay what they are.
  [[nodiscard]] Ruled reread(const std::string& rules_file) const;

  [[nodiscard]] const rules::RuleSet& set() const { return source_.set; }
  [[nodiscard]] const std::string& rules_file() const { return options_.rules_file; }
  [[nodiscard]] const std::vector<std::vector<rules::SliceFacts>>& slices() const { return banks_.slices(); }
  /// What a kit made of head() calls the bank of each voice.
  [[nodiscard]] std::vector<std::string> bank_keys() const;
  [[nodiscard]] int bars() const { return bars_; }
  /// Every file that was read but the sounds.
  [[nodiscard]] std::vector<std::string> files() const;
  /// The name of the whole: of the rules' file, else the bank's.
  [[nodiscard]] const std::string& name() const { return options_.rules_file.empty() ? options_.bank : options_.rules_file; }

 private:
  Ruled(seq::Options options, seq::RuleSource source, seq::Banks banks, const rules::Settings& settings, int bars);
  template <typename Work>
  auto named(Work work) const;

  seq::Options options_;
  seq::RuleSource source_;
  seq::Banks banks_;
  rules::Settings settings_;
  int bars_;
};

}  // namespace sfa::play
