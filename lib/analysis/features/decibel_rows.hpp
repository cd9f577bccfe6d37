// Levels that count from the loudest of the whole: what lies more than 80 dB below it is raised to there, as
// librosa's power_to_db does. The loudest is known at the end only, so rows wait for it: a number of them, then
// they go by what was loudest until then.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace sfa::analysis {

/// 10 log10, and -100 at least.
[[nodiscard]] inline float to_level(float power) { return 10.0F * std::log10(std::max(1e-10F, power)); }

class DecibelRows {
 public:
  /// Rows of `parts` parts of `width` values each; every part has a loudest of its own. `held_rows` wait.
  DecibelRows(std::size_t width, std::size_t parts, std::size_t held_rows)
      : width_(width), most_(held_rows), loudest_(parts, -std::numeric_limits<float>::infinity()) {}

  template <typename Sink>
  void add(std::span<const float> row, Sink&& sink) {
    for (std::size_t part = 0; part < loudest_.size(); ++part)
      loudest_[part] = std::max(loudest_[part], std::ranges::max(row.subspan(part * width_, width_)));
    held_.insert(held_.end(), row.begin(), row.end());
    if (held_.size() >= most_ * row.size() || most_ == 0) finish(sink);
  }

  /// The rows that wait.
  template <typename Sink>
  void finish(Sink&& sink) {
    const auto size = width_ * loudest_.size();
    for (std::size_t at = 0; at < held_.size(); at += size) {
      const auto row = std::span(held_).subspan(at, size);
      for (std::size_t i = 0; i < size; ++i) row[i] = std::max(row[i], loudest_[i / width_] - range_db);
      sink(std::span<const float>(row));
    }
    if (!held_.empty()) most_ = 0;
    held_.clear();
  }

 private:
  static constexpr float range_db = 80.0F;
  std::size_t width_, most_;
  std::vector<float> loudest_, held_;
};

}  // namespace sfa::analysis
