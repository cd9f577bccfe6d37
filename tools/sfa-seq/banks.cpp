#include "banks.hpp"

#include "sfa/analysis/analysis.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/io/document.hpp"
#include "sfa/io/json_analysis.hpp"
#include "sfa/io/json_bank.hpp"
#include "sfa/io/slice_facts.hpp"

namespace sfa::seq {

Banks::Banks(const Options& options, const rules::RuleSet& set)
    : given_(options.bank), rules_file_(options.rules_file) {
  if (!options.analysis.empty()) {
    texts_[options.analysis] = io::read_document(options.analysis);
    sections_ = io::parse_document(options.analysis, texts_[options.analysis], io::analysis_from_json).sections;
  }
  take(set);
}

Banks Banks::with(const rules::RuleSet& set, const std::string& rules_file) const {
  auto others = *this;
  others.rules_file_ = rules_file;
  others.take(set);
  return others;
}

void Banks::take(const rules::RuleSet& set) {
  main_.clear();
  paths_.clear();
  slices_.clear();
  for (const auto& voice : set.voices) {
    if (voice.bank.empty()) main_ = given_;
    if (voice.bank.empty() && given_.empty())
      throw tool::UsageError(rules_file_.empty() ? "FILE is required: a bank of slices"
                                                 : "FILE is required: voice " + voice.name.text + " names no bank");
    const auto& path = paths_.emplace_back(voice.bank.empty() ? given_ : io::path_from(rules_file_, voice.bank));
    const auto& read = bank(path);
    slices_.push_back(io::about(path, [&] { return io::slice_facts(read, voice.only, sections_); }));
  }
}

const slicing::Bank& Banks::bank(const std::string& path) {
  if (const auto found = banks_.find(path); found != banks_.end()) return found->second;
  texts_[path] = io::read_document(path);
  return banks_[path] = io::parse_document(path, texts_[path], io::bank_from_json);
}

double Banks::tempo(double otherwise) const {
  const auto& path = paths_.front();
  const double bpm = banks_.at(path).grid.bpm;
  if (bpm <= 0.0) return otherwise;
  if (bpm < 10.0 || bpm > 1000.0)
    throw Error(Error::Kind::invalid_data,
                io::input_name(path) + ": grid.bpm: no pattern is made below 10 or above 1000; --tempo sets another");
  return bpm;
}

void Banks::enclose(const std::string& output, io::EventsDocument& document) const {
  for (std::size_t v = 0; v < document.events.voices.size(); ++v) {
    auto& bank = document.events.voices[v].bank;
    if (!bank.empty()) bank = io::path_for(output, paths_[v]);
  }
  // One voice alone needs no list of them.
  if (document.events.voices.size() == 1) {
    document.events.mode = document.events.voices.front().mode;
    document.events.voices.clear();
  }
  const auto& main = document.events.voices.empty() ? paths_.front() : main_;
  if (main.empty()) return;
  if (!io::is_stream(main)) {
    document.events.bank = io::path_for(output, main);
    return;
  }
  auto whole = banks_.at(main);
  whole.source.path = io::path_for(output, whole.source.path);
  for (auto& slice : whole.slices) slice.path = io::path_for(output, slice.path);
  document.bank = std::move(whole);
}

}  // namespace sfa::seq
