#include "sfa/dsp/median.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "sfa/audio/error.hpp"
#include "signals.hpp"

using sfa::dsp::running_median;

namespace {

std::vector<float> by_sorting(const std::vector<float>& in, int size) {
  std::vector<float> out;
  for (int i = 0; i < static_cast<int>(in.size()); ++i) {
    std::vector<float> near(in.begin() + std::max(0, i - size / 2),
                            in.begin() + std::min(static_cast<int>(in.size()), i + size / 2 + 1));
    std::sort(near.begin(), near.end());
    const auto n = near.size();
    out.push_back(n % 2 == 1 ? near[n / 2] : 0.5F * (near[n / 2 - 1] + near[n / 2]));
  }
  return out;
}

}  // namespace

TEST_CASE("the running median is what sorting each neighbourhood gives") {
  for (const std::size_t length : {0U, 1U, 2U, 5U, 30U, 200U}) {
    for (const int size : {1, 3, 17, 31, 501}) {
      auto in = test::noise(length);
      for (std::size_t i = 0; i + 1 < in.size(); i += 3) in[i + 1] = in[i];  // equal values too
      std::vector<float> out(length);
      running_median(in, size, out);
      CHECK(out == by_sorting(in, size));
    }
  }
}

TEST_CASE("a spike vanishes and a step stays") {
  const std::vector<float> in{0, 0, 9, 0, 0, 5, 5, 5, 5};
  std::vector<float> out(in.size());
  running_median(in, 3, out);
  CHECK(out == std::vector<float>{0, 0, 0, 0, 0, 5, 5, 5, 5});
}

TEST_CASE("even sizes and results of another length are refused") {
  const std::vector<float> in(4);
  std::vector<float> out(4), shorter(3);
  CHECK_THROWS_AS(running_median(in, 2, out), sfa::Error);
  CHECK_THROWS_AS(running_median(in, 0, out), sfa::Error);
  CHECK_THROWS_AS(running_median(in, 3, shorter), sfa::Error);
}
