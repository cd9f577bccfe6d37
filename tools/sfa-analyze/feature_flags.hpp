// The part of the command line that speaks of features, and the file that takes them frame by frame.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "sfa/analysis/features.hpp"
#include "sfa/io/npz.hpp"
#include "sfa/tool/command.hpp"

namespace sfa::tool {

struct FeatureFlags {
  std::string names, out, mel_scale = "slaney";
  int mfcc = 13, hop_frames = 512;
  std::optional<double> tuning_cents;
};

/// The name of the file that frames go to is no part of a recipe; whether there is one changes the document.
void describe(Command& command, FeatureFlags& flags);

/// As the library takes them; no names where no features were asked for. Values are kept, if they are to be, where
/// they do not go to a file of their own. Throws UsageError.
[[nodiscard]] analysis::FeatureOptions feature_options(const FeatureFlags& flags, bool keep_values);

/// An .npz that the rows of features go to as they are found.
class FeatureArrays {
 public:
  /// `start` is the time of the first frame in the input.
  FeatureArrays(const std::string& path, const std::string& recipe, SampleRate rate,
                const analysis::FeatureOptions& options, Seconds start);

  /// For as long as this lives.
  [[nodiscard]] analysis::FeatureAnalyzer::Sink sink();
  void commit() { file_->commit(); }

 private:
  std::unique_ptr<io::NpzWriter> file_;
  std::vector<int> arrays_;  // of each feature
};

}  // namespace sfa::tool
