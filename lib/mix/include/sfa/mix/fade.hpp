// Fades as gains.
#pragma once
#include "sfa/mix/session.hpp"

namespace sfa::mix {

/// The gain of a fade-in that is `progress` through, 0 to 1 (held beyond): progress itself, or
/// sin(progress pi / 2). A fade-out is the same backwards.
[[nodiscard]] double fade_gain(FadeShape shape, double progress);

}  // namespace sfa::mix
