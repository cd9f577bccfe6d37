#include "sfa/training/training_log.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "sfa/audio/error.hpp"

namespace sfa::training {
namespace {

using json = nlohmann::ordered_json;  // stems stay in their order

/// To so many decimals: more would tell nothing.
double rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

/// To so many digits.
double in_digits(double value, int digits) {
  if (value == 0.0 || !std::isfinite(value)) return value;
  const double scale = std::pow(10.0, digits - 1 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

std::string written(const json& line) {
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

double number(const json& line, const char* name) {
  const auto found = line.find(name);
  return found != line.end() && found->is_number() ? found->get<double>() : 0.0;
}

/// Calls `take` with each whole line and what it holds.
template <typename Take>
void for_each_line(std::string_view text, Take take) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return;
    const auto line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    const auto value = json::parse(line, nullptr, false);
    const bool is_report = value.is_object() && value.contains("step") && value["step"].is_number_integer() &&
                           value["step"].get<std::int64_t>() >= 0;
    if (!is_report)
      throw Error(Error::Kind::invalid_data, "line " + std::to_string(number) + ": is no report of a training run");
    take(line, value);
  }
}

}  // namespace

std::string to_line(const Begun& begun) {
  return written({{"step", begun.step}, {"songs", begun.songs}, {"parameters", begun.parameters},
                  {"steps", begun.steps}, {"seed", begun.seed}});
}

std::string to_line(const Learnt& learnt) {
  return written({{"step", learnt.step},
                  {"loss_db", rounded(learnt.loss_db, 4)},
                  {"gradient_norm", rounded(learnt.gradient_norm, 3)},
                  {"learning_rate", in_digits(learnt.learning_rate, 3)},
                  {"seconds_heard_a_second", rounded(learnt.seconds_heard_a_second, 1)},
                  {"share_waited", rounded(learnt.share_waited, 3)}});
}

std::string to_line(const Judged& judged) {
  json scores;
  for (const auto& [name, score] : judged.nsdr_db) scores[name] = rounded(score, 3);
  return written({{"step", judged.step}, {"nsdr_db", scores}});
}

TrainingLog parse_log(std::string_view text) {
  TrainingLog log;
  for_each_line(text, [&](std::string_view, const json& line) {
    const auto step = line["step"].get<std::int64_t>();
    if (line.contains("loss_db"))
      log.learnt.push_back({step, number(line, "loss_db"), number(line, "gradient_norm"), number(line, "learning_rate"),
                            number(line, "seconds_heard_a_second"), number(line, "share_waited")});
    if (const auto scores = line.find("nsdr_db"); scores != line.end() && scores->is_object()) {
      Judged judged{step, {}};
      for (const auto& [name, score] : scores->items())
        if (score.is_number()) judged.nsdr_db.emplace_back(name, score.get<double>());
      log.judged.push_back(std::move(judged));
    }
  });
  return log;
}

std::string log_until(std::string_view text, std::int64_t step) {
  std::string kept;
  for_each_line(text, [&](std::string_view line, const json& value) {
    if (value["step"].get<std::int64_t>() <= step) kept += line;
  });
  return kept;
}

}  // namespace sfa::training
