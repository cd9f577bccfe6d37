// The modes at work: each says what a step of its voice plays. Values that can be copied, so that a sequencer's
// state can. Private to lib/rules.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "sfa/rules/dice.hpp"
#include "sfa/rules/meter.hpp"
#include "sfa/rules/rule_set.hpp"
#include "sfa/rules/slice_facts.hpp"

namespace sfa::rules {

/// What a voice can play; `weights` are its slices'.
struct Material {
  std::vector<SliceFacts> slices;
  std::vector<double> weights;
  double total_weight = 0.0;
};

/// Throws Error::invalid_argument where there is nothing to play.
[[nodiscard]] Material make_material(const Voice& voice, std::vector<SliceFacts> slices);

/// The draws that a step makes by itself.
enum ModeDraw : std::uint16_t {
  sounding_draw = 0,
  slice_draw = 1,
  shift_draw = 2,
  first_chaos_draw = 3,
  layer_draw = 16
};

/// Any slice, by weight.
[[nodiscard]] std::size_t weighted(const Material& material, double draw);

/// Chooses slices one after another.
class Chooser {
 public:
  explicit Chooser(Choice choice) : choice_(choice) {}
  [[nodiscard]] Choice choice() const { return choice_; }
  std::size_t next(const Material& material, const Dice& dice, std::uint16_t draw = slice_draw);
  std::size_t next_as(Choice choice, const Material& material, const Dice& dice, std::uint16_t draw = slice_draw);
  /// What comes next in order.
  void go_to(std::size_t next) { next_ = next; }

 private:
  Choice choice_;
  std::size_t next_ = 0;
  bool first_ = true;
};

struct Hit {
  std::size_t slice = 0;  // place among the voice's slices
  int hits = 1;
};

struct Step {
  const Material& material;
  Dice dice;
  std::int64_t position = 0;  // in the voice's pattern
  Chooser& chooser;
};

struct SequentialPlayer {
  void step(const Step& step, std::vector<Hit>& out);
};

struct EuclideanPlayer {
  std::shared_ptr<const std::vector<bool>> rhythm;
  void step(const Step& step, std::vector<Hit>& out);
};

struct ProbablePlayer {
  double probability = 1.0;
  bool by_weight = false;
  void step(const Step& step, std::vector<Hit>& out);
};

struct ChaosPlayer {
  Chaos map;
  double x = 0.5;
  void step(const Step& step, std::vector<Hit>& out);
};

struct RandomPlayer {
  Choice choice = Choice::random;
  void step(const Step& step, std::vector<Hit>& out);
};

/// What follows what in a song.
struct MarkovTable;
struct MarkovPlayer {
  std::shared_ptr<const MarkovTable> table;
  std::vector<int> past;  // the last states, the latest behind
  void step(const Step& step, std::vector<Hit>& out);
};

struct StepPatternPlayer {
  struct Entry {
    int hits = 0;
    std::ptrdiff_t slice = -1;
  };
  std::shared_ptr<const std::vector<Entry>> steps;
  void step(const Step& step, std::vector<Hit>& out);
};

struct PolyrhythmPlayer {
  std::vector<int> every;  // steps between the pulses of each layer
  void step(const Step& step, std::vector<Hit>& out);
};

struct FollowPlayer {
  Follow how;
  void step(const Step&, std::vector<Hit>&) {}  // it has no steps of its own
  [[nodiscard]] std::size_t slice_for(const SliceFacts& other, std::size_t place, const Step& step) const;
};

using Player = std::variant<SequentialPlayer, EuclideanPlayer, ProbablePlayer, ChaosPlayer, RandomPlayer,
                            MarkovPlayer, StepPatternPlayer, PolyrhythmPlayer, FollowPlayer>;

[[nodiscard]] SequentialPlayer make_player(const Sequential&, const Voice&, const Material&, const Stream&);
[[nodiscard]] EuclideanPlayer make_player(const Euclidean&, const Voice&, const Material&, const Stream&);
[[nodiscard]] ProbablePlayer make_player(const Probable&, const Voice&, const Material&, const Stream&);
[[nodiscard]] ChaosPlayer make_player(const Chaos&, const Voice&, const Material&, const Stream&);
[[nodiscard]] RandomPlayer make_player(const RandomMode&, const Voice&, const Material&, const Stream&);
[[nodiscard]] MarkovPlayer make_player(const Markov&, const Voice&, const Material&, const Stream&);
[[nodiscard]] StepPatternPlayer make_player(const StepPattern&, const Voice&, const Material&, const Stream&);
[[nodiscard]] PolyrhythmPlayer make_player(const Polyrhythm&, const Voice&, const Material&, const Stream&);
[[nodiscard]] FollowPlayer make_player(const Follow&, const Voice&, const Material&, const Stream&);

/// Steps between two begins of the least common pattern of the layers; Error::invalid_argument above 16384.
[[nodiscard]] int common_steps(const Polyrhythm& mode);

}  // namespace sfa::rules
