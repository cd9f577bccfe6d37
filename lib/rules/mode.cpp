#include "sfa/rules/mode.hpp"

#include <charconv>
#include <optional>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::rules {
namespace {

[[noreturn]] void fail(std::string_view mode, const std::string& problem) {
  throw Error(Error::Kind::invalid_argument, "mode \"" + std::string(mode) + "\": " + problem);
}

template <typename Number>
std::optional<Number> parsed(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Euclid parse_euclid(std::string_view mode, std::string_view text) {
  std::vector<int> numbers;
  for (bool more = true; more;) {
    const auto slash = text.find('/');
    const auto number = parsed<int>(text.substr(0, slash));
    if (!number) fail(mode, "expected euclid:PULSES/STEPS or euclid:PULSES/STEPS/ROTATION in whole numbers");
    numbers.push_back(*number);
    more = slash != std::string_view::npos;
    if (more) text.remove_prefix(slash + 1);
  }
  if (numbers.size() < 2 || numbers.size() > 3) {
    fail(mode, "expected euclid:PULSES/STEPS or euclid:PULSES/STEPS/ROTATION");
  }
  const Euclid rhythm{numbers[0], numbers[1], numbers.size() == 3 ? numbers[2] : 0};
  try {
    (void)euclid(rhythm);
  } catch (const Error& error) {
    fail(mode, error.what());
  }
  return rhythm;
}

double parse_probability(std::string_view mode, std::string_view text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  const auto number = parsed<double>(text);
  const double probability = number.value_or(-1.0) / (percent ? 100.0 : 1.0);
  if (!(probability >= 0.0 && probability <= 1.0))
    fail(mode, "expected prob: and a number from 0 to 1, or a percentage");
  return probability;
}

}  // namespace

Choice parse_choice(std::string_view text) {
  if (text == "order") return Choice::in_order;
  if (text == "random") return Choice::random;
  if (text == "no-repeat") return Choice::no_repeat;
  throw Error(Error::Kind::invalid_argument,
              "choice \"" + std::string(text) + "\": expected order, random or no-repeat");
}

Mode parse_mode(std::string_view text) {
  constexpr std::string_view euclidean = "euclid:", probable = "prob:";
  Mode mode;
  mode.text = text;
  if (text == "random") {
    mode.choice = Choice::random;
  } else if (text == "random:no-repeat") {
    mode.choice = Choice::no_repeat;
  } else if (text.starts_with(euclidean)) {
    mode.rhythm = parse_euclid(text, text.substr(euclidean.size()));
  } else if (text.starts_with(probable)) {
    mode.probability = parse_probability(text, text.substr(probable.size()));
  } else if (text != "seq") {
    fail(text, "expected seq, euclid:K/N, euclid:K/N/R, random, random:no-repeat or prob:P");
  }
  return mode;
}

}  // namespace sfa::rules
