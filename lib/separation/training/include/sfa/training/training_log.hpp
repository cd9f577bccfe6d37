// What a training run tells of itself, as JSON Lines: an object a report, told apart by its members, each with the
// "step" after which it was written.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sfa::training {

/// Written when a run begins and when it goes on.
struct Begun {
  std::int64_t step = 0;
  std::size_t songs = 0;        // to learn from
  std::int64_t parameters = 0;  // of the network
  std::int64_t steps = 0;       // that are to be made in all
  std::uint64_t seed = 0;
};

/// Over the steps since the report before.
struct Learnt {
  std::int64_t step = 0;
  double loss_db = 0.0;                 // the mean
  double gradient_norm = 0.0;           // the last, before it was clipped
  double learning_rate = 0.0;           // the last
  double seconds_heard_a_second = 0.0;  // how much sound was learnt from in a second
  double share_waited = 0.0;            // of that time, for batches
};

/// How well the validation songs are separated.
struct Judged {
  std::int64_t step = 0;
  std::vector<std::pair<std::string, double>> nsdr_db;  // of each stem, and of their "mean"
};

/// Without the line's end.
[[nodiscard]] std::string to_line(const Begun& begun);
[[nodiscard]] std::string to_line(const Learnt& learnt);
[[nodiscard]] std::string to_line(const Judged& judged);

struct TrainingLog {
  std::vector<Learnt> learnt;
  std::vector<Judged> judged;
};

/// Reads a log, passing over reports that it does not know. Throws Error::invalid_data that names the line for what is
/// no JSON object with a step; a last line without an end is passed over, as a run that is killed may leave it.
[[nodiscard]] TrainingLog parse_log(std::string_view text);

/// The reports of a log up to a step, byte for byte. Throws as parse_log().
[[nodiscard]] std::string log_until(std::string_view text, std::int64_t step);

}  // namespace sfa::training
