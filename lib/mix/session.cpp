#include "sfa/mix/session.hpp"

#include <algorithm>
#include <array>

namespace sfa::mix {
namespace {

constexpr std::array fade_names{"linear", "equal-power"};
constexpr std::array pan_names{"linear", "equal-power", "compromise", "balance"};

template <typename Kind, std::size_t Count>
std::optional<Kind> named(const std::array<const char*, Count>& names, std::string_view wanted) {
  const auto found = std::ranges::find(names, wanted);
  if (found == names.end()) return {};
  return static_cast<Kind>(found - names.begin());
}

}  // namespace

const char* name(FadeShape shape) { return fade_names[static_cast<std::size_t>(shape)]; }
const char* name(PanLaw law) { return pan_names[static_cast<std::size_t>(law)]; }
std::optional<FadeShape> fade_shape(std::string_view name) { return named<FadeShape>(fade_names, name); }
std::optional<PanLaw> pan_law(std::string_view name) { return named<PanLaw>(pan_names, name); }

bool is_heard(const Session& session, const Track& track) {
  return !track.mute && (track.solo || std::ranges::none_of(session.tracks, &Track::solo));
}

}  // namespace sfa::mix
