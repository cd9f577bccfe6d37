// The voices' banks on their way into a pattern: what the rules are told of them, and how they go along.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "options.hpp"
#include "sfa/analysis/analysis.hpp"
#include "sfa/io/json_events.hpp"
#include "sfa/rules/rule_set.hpp"
#include "sfa/rules/slice_facts.hpp"

namespace sfa::seq {

class Banks {
 public:
  /// Reads what the voices play from. Throws tool::UsageError for a voice without a bank.
  Banks(const Options& options, const rules::RuleSet& set);

  /// The same for other rules, from `rules_file`, which may name other banks; what was read is not read again.
  [[nodiscard]] Banks with(const rules::RuleSet& set, const std::string& rules_file) const;

  /// What each voice can play: all but silence, or its classes alone. Error with the bank's name for none.
  [[nodiscard]] const std::vector<std::vector<rules::SliceFacts>>& slices() const { return slices_; }

  /// The first bank's tempo, or `otherwise` if it has none. Error::invalid_data if no pattern is made at it.
  [[nodiscard]] double tempo(double otherwise) const;

  /// The banks go along by their paths from `output`, or whole where one came down a stream.
  void enclose(const std::string& output, io::EventsDocument& document) const;

  /// The path of each voice's.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

  /// All that was read.
  [[nodiscard]] const std::map<std::string, std::string>& texts() const { return texts_; }

 private:
  void take(const rules::RuleSet& set);
  [[nodiscard]] const slicing::Bank& bank(const std::string& path);

  std::string given_, rules_file_;  // FILE and --rules
  std::vector<analysis::Section> sections_;
  std::vector<std::string> paths_;  // of each voice's
  std::string main_;                // of the voices that name none; empty if all do
  std::map<std::string, std::string> texts_;
  std::map<std::string, slicing::Bank> banks_;
  std::vector<std::vector<rules::SliceFacts>> slices_;
};

}  // namespace sfa::seq
