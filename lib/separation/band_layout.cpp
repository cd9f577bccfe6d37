#include "sfa/separation/band_layout.hpp"

#include <cmath>

#include "sfa/audio/error.hpp"

namespace sfa::separation {
namespace {

double edge(double k0, double k) { return k <= k0 ? k : k0 * std::pow(1.0 + 1.0 / k0, k - k0); }

}  // namespace

BandLayout band_layout(int bins, int bands) {
  if (bands < 2 || bands > bins) throw Error(Error::Kind::invalid_argument, "there must be 2 bands or more, and no more than bins");
  double low = 0.5, high = bands;  // the last edge falls as k0 rises
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (edge(middle, bands) > bins ? low : high) = middle;
  }
  BandLayout layout;
  for (int k = 0; k < bands; ++k) layout.edges.push_back(static_cast<int>(std::lround(edge(high, k))));
  layout.edges.push_back(bins);
  return layout;
}

}  // namespace sfa::separation
