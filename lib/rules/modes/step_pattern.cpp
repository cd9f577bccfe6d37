#include <algorithm>
#include <charconv>
#include <string>

#include "players.hpp"
#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

constexpr std::size_t most_steps = 4096;
constexpr int most_hits = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class StepReader {
 public:
  explicit StepReader(std::string_view text) : text_(text) {}

  std::vector<PatternStep> all() {
    std::vector<PatternStep> steps;
    while (skip_blanks()) {
      if (steps.size() == most_steps) fail("no more than 4096 steps");
      steps.push_back(step());
    }
    if (steps.empty()) fail("x, ., or the number of a slice");
    return steps;
  }

 private:
  bool skip_blanks() {
    at_ = std::min(text_.find_first_not_of(" \t|", at_), text_.size());
    return at_ < text_.size();
  }

  PatternStep step() {
    const char c = text_[at_];
    if (c == '.' || c == '-') {
      ++at_;
      return {};
    }
    PatternStep step{.hits = 1, .slice = -1};
    if (is_digit(c))
      step.slice = whole(0, 1000000000, "the number of a slice");
    else if (c == 'x')
      ++at_;
    else
      fail("x, ., or the number of a slice");
    if (at_ < text_.size() && text_[at_] == '*') {
      ++at_;
      step.hits = whole(1, most_hits, "a number of hits from 1 to 32");
    }
    return step;
  }

  int whole(int min, int max, const char* expected) {
    int number = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
    if (error != std::errc() || number < min || number > max) fail(expected);
    at_ = static_cast<std::size_t>(end - text_.data());
    return number;
  }

  [[noreturn]] void fail(const std::string& expected) const {
    const std::string found = at_ < text_.size() ? "\"" + std::string(text_.substr(at_, 1)) + "\"" : "the end";
    throw Error(Error::Kind::invalid_argument, "steps \"" + std::string(text_) + "\", column " +
                                                   std::to_string(at_ + 1) + ": expected " + expected + ", found " +
                                                   found);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<PatternStep> parse_steps(std::string_view text) { return StepReader(text).all(); }

StepPatternPlayer make_player(const StepPattern& mode, const Voice& voice, const Material& material, const Stream&) {
  std::vector<StepPatternPlayer::Entry> entries;
  for (const PatternStep& step : parse_steps(mode.steps)) {
    auto& entry = entries.emplace_back(step.hits);
    if (step.slice < 0) continue;
    const auto found = std::ranges::find(material.slices, step.slice, &SliceFacts::id);
    if (found == material.slices.end())
      throw Error(Error::Kind::invalid_argument, "voice " + voice.name.text + ": there is no slice " +
                                                     std::to_string(step.slice) + " among those it plays");
    entry.slice = found - material.slices.begin();
  }
  return {std::make_shared<const std::vector<StepPatternPlayer::Entry>>(std::move(entries))};
}

void StepPatternPlayer::step(const Step& step, std::vector<Hit>& out) {
  const Entry& entry = (*steps)[static_cast<std::size_t>(step.position) % steps->size()];
  if (entry.hits == 0) return;
  out.push_back(
      {entry.slice >= 0 ? static_cast<std::size_t>(entry.slice) : step.chooser.next(step.material, step.dice),
       entry.hits});
}

}  // namespace sfa::rules
