#include "sfa/dsp/median.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {

void running_median(std::span<const float> in, int size, std::span<float> out) {
  if (size < 1 || size % 2 == 0 || out.size() != in.size()) {
    throw Error(Error::Kind::invalid_argument, "a median of " + std::to_string(size) + " of " +
                                                   std::to_string(in.size()) + " values into " +
                                                   std::to_string(out.size()));
  }
  const auto reach = static_cast<std::size_t>(size / 2);
  std::vector<float> sorted(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(std::min(reach, in.size())));
  sorted.reserve(static_cast<std::size_t>(size) + 1);
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (i + reach < in.size()) {
      const float entering = in[i + reach];
      sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), entering), entering);
    }
    if (i > reach) sorted.erase(std::lower_bound(sorted.begin(), sorted.end(), in[i - reach - 1]));
    const std::size_t middle = sorted.size() / 2;
    out[i] = sorted.size() % 2 == 1 ? sorted[middle] : 0.5F * (sorted[middle - 1] + sorted[middle]);
  }
}

}  // namespace sfa::dsp
