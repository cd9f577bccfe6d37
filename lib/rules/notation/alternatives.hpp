// All alternatives of a variant, one after another. Private to lib/rules.
#pragma once
#include <cstddef>
#include <utility>
#include <variant>

namespace sfa::rules {

/// Calls `work` with a new object of each alternative of `Variant`, from the `First`-th on.
template <typename Variant, std::size_t First = 0, typename Work>
void for_each_alternative(Work work) {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (work(std::variant_alternative_t<First + I, Variant>{}), ...); }
  (std::make_index_sequence<std::variant_size_v<Variant> - First>{});
}

}  // namespace sfa::rules
