#include "../notation/mode_reader.hpp"
#include "players.hpp"
#include "sfa/audio/error.hpp"
#include "sfa/rules/euclid.hpp"

namespace sfa::rules {
namespace {

struct Check {
  void operator()(const Euclidean& mode) const { (void)euclid({mode.pulses, mode.steps, mode.rotation}); }
  void operator()(const StepPattern& mode) const { (void)parse_steps(mode.steps); }
  void operator()(const Polyrhythm& mode) const {
    if (mode.pulses.empty()) throw Error(Error::Kind::invalid_argument, "a polyrhythm has at least one layer");
    if (mode.beats > 0.0 && mode.beats < 1.0)
      throw Error(Error::Kind::invalid_argument, "a polyrhythm spans a beat at least");
    (void)common_steps(mode);
  }
  template <typename Kind>
  void operator()(const Kind&) const {}
};

}  // namespace

void check_mode(const Mode& mode) { std::visit(Check{}, mode); }

}  // namespace sfa::rules
