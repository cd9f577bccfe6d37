// A training run's log as a picture: loss, nSDR of each stem, and learning rate over the steps.
#pragma once
#include <string>

#include "sfa/training/training_log.hpp"

namespace sfa::training {

/// An SVG document, with panels for what the log holds; `made_by` stands in its metadata. Throws Error::invalid_data for
/// a log without anything to draw.
[[nodiscard]] std::string curves_svg(const TrainingLog& log, const std::string& title, const std::string& made_by = {});

}  // namespace sfa::training
