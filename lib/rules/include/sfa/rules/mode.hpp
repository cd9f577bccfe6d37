// A mode makes the plain pattern that rules then work on: which steps of a voice sound, and which slice each
// of them plays. In one line it is a name and, behind a colon, its parameters, divided by slashes and in their
// order or by name: "euclid:5/16", "euclid:5/16/rotation=2", "follow:drums/delay=-0.5/choice=nearest".
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sfa/rules/fields.hpp"

namespace sfa::rules {

/// Which slice the next event plays, in modes that do not say so themselves.
enum class Choice {
  order,      // one after another, and from the first again
  random,     // any
  no_repeat,  // any but the one before
  weighted,   // any, by the voice's weights
};
constexpr std::array<std::string_view, 4> names(Choice) { return {"order", "random", "no-repeat", "weighted"}; }

/// Throws Error::invalid_argument for anything but these words.
[[nodiscard]] Choice parse_choice(std::string_view text);

/// Every step.
struct Sequential {
  static constexpr std::string_view name = "seq";
  friend bool operator==(Sequential, Sequential) = default;
  template <typename Field>
  static void fields(Field&) {}
};

/// The steps of a Euclidean rhythm, see euclid.hpp; inverted: its silent ones. It goes on over bar lines.
struct Euclidean {
  static constexpr std::string_view name = "euclid";
  int pulses = 4, steps = 16;
  int rotation = 0;
  bool inverted = false;
  friend bool operator==(const Euclidean&, const Euclidean&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("pulses", &Euclidean::pulses, Range{1, 1024});
    field.required("steps", &Euclidean::steps, Range{1, 1024});
    field.optional("rotation", &Euclidean::rotation, Range{0, 1023});
    field.optional("inverted", &Euclidean::inverted, Range{});
  }
};

/// Each step with a probability; by the voice's weights if it has any, else slices in order.
struct Probable {
  static constexpr std::string_view name = "prob";
  Probability probability;
  friend bool operator==(const Probable&, const Probable&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("probability", &Probable::probability, Range{0, 1});
  }
};

/// Every step. The slice lies amount * x slices (of all) beyond the next in order, where x goes through the
/// logistic map x' = r x (1 - x), from a beginning that the seed gives (May, "Simple mathematical models with very
/// complicated dynamics", Nature 261, 1976, eq. 3). Chaos begins at r = 3.57.
struct Chaos {
  static constexpr std::string_view name = "chaos";
  double r = 3.9;
  double amount = 1.0;
  friend bool operator==(const Chaos&, const Chaos&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.optional("r", &Chaos::r, Range{1, 4});
    field.optional("amount", &Chaos::amount, Range{0, 1});
  }
};

/// Each event of another voice, with probability, makes one here.
struct Follow {
  static constexpr std::string_view name = "follow";
  enum class Slice { same, random, sequential, nearest };
  Name voice;
  double delay = 0.0;  // quarter notes; negative: before the other. What were before the start is left out
  Probability probability;
  double velocity = 1.0;       // of the other's
  Slice choice = Slice::same;  // the same id, or place in the bank; any; in order; nearest in energy
  double pitch = 0.0;          // semitones above the other's
  friend bool operator==(const Follow&, const Follow&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("voice", &Follow::voice, Range{});
    field.optional("delay", &Follow::delay, Range{-16, 64});
    field.optional("probability", &Follow::probability, Range{0, 1});
    field.optional("velocity", &Follow::velocity, Range{0, 16});
    field.optional("choice", &Follow::choice, Range{});
    field.optional("pitch", &Follow::pitch, Range{-48, 48});
  }
};
constexpr std::array<std::string_view, 4> names(Follow::Slice) { return {"same", "random", "sequential", "nearest"}; }

/// Every step, any slice.
struct RandomMode {
  static constexpr std::string_view name = "random";
  enum class Repeats { repeat, no_repeat };
  Repeats repeats = Repeats::repeat;
  friend bool operator==(const RandomMode&, const RandomMode&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.unit("repeats", &RandomMode::repeats);
  }
};
constexpr std::array<std::string_view, 2> names(RandomMode::Repeats) { return {"repeat", "no-repeat"}; }

/// Every step. What follows what is learnt from the order of the slices in the song: a Markov chain whose states
/// are the class and, where there is one, the note, each seen behind the `order` states before it. The song is
/// taken as a circle, so that each has one. Of a state's slices any is played.
struct Markov {
  static constexpr std::string_view name = "markov";
  int order = 1;
  friend bool operator==(const Markov&, const Markov&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.optional("order", &Markov::order, Range{1, 8});
  }
};

/// A pattern of steps, over and over: x sounds, . and - do not, a number is the slice with that id, *N behind
/// either makes N hits of it. Blanks and | may stand between; numbers need them.
struct StepPattern {
  static constexpr std::string_view name = "pattern";
  std::string steps = "x";
  friend bool operator==(const StepPattern&, const StepPattern&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("steps", &StepPattern::steps, Range{});
  }
};

/// Layers of pulses, each spread evenly over the same span; the first layer plays the first slice, the second
/// the second and so on, unless the voice's choice is another than order. The steps are not the voice's: they are
/// as long as the layers together need, up to 16384 in the span.
struct Polyrhythm {
  static constexpr std::string_view name = "poly";
  std::vector<int> pulses{3, 4};  // 1 to 64 each, 1 to 8 of them
  double beats = 0.0;             // the span, in quarter notes, at least 1; 0: a bar
  friend bool operator==(const Polyrhythm&, const Polyrhythm&) = default;
  template <typename Field>
  static void fields(Field& field) {
    field.required("pulses", &Polyrhythm::pulses, Range{1, 64, 8});
    field.optional("beats", &Polyrhythm::beats, Range{0, 64});
  }
};

using Mode =
    std::variant<Sequential, Euclidean, Probable, Chaos, Follow, RandomMode, Markov, StepPattern, Polyrhythm>;

/// All words that a mode can begin with, in the order of this file.
[[nodiscard]] std::vector<std::string_view> mode_names();

/// Throws Error::invalid_argument with the column (from 1) and what was expected there.
[[nodiscard]] Mode parse_mode(std::string_view text);

[[nodiscard]] std::string to_text(const Mode& mode);

/// One step of a StepPattern.
struct PatternStep {
  int hits = 0;    // 0: silent
  int slice = -1;  // id; -1: the next
};

/// Throws Error::invalid_argument with the column (from 1) for anything but the notation above; 1 to 4096 steps.
[[nodiscard]] std::vector<PatternStep> parse_steps(std::string_view text);

}  // namespace sfa::rules
