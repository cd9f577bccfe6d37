#include "feature_flags.hpp"

#include <CLI/CLI.hpp>

#include <cmath>

namespace sfa::tool {

void describe(Command& command, FeatureFlags& flags) {
  command.leave_out_of_recipe("--features-out");
  auto& app = command.app();
  app.add_option("--features", flags.names, "Features by name, as rms,mfcc, or all: see sfa-features(7)")
      ->type_name("NAME,...");
  app.add_option("--features-out", flags.out, "Every frame of the features as NumPy arrays, in an .npz file")
      ->type_name("FILE");
  app.add_option("--mfcc", flags.mfcc, "How many MFCC, 1 to 128; by default 13")->type_name("N");
  app.add_option("--mel-scale", flags.mel_scale, "Mel scale: slaney (the default) or htk")->type_name("SCALE");
  app.add_option("--feature-hop", flags.hop_frames, "Samples from frame to frame of features; by default 512")
      ->type_name("FRAMES");
  app.add_option("--feature-tuning", flags.tuning_cents, "Tuning for chroma and tonnetz, -50 to 50; by default estimated")
      ->type_name("CENTS");
}

analysis::FeatureOptions feature_options(const FeatureFlags& flags, bool keep_values) {
  if (flags.mel_scale != "slaney" && flags.mel_scale != "htk")
    throw UsageError("--mel-scale: must be slaney or htk, not " + flags.mel_scale);
  if (!flags.out.empty() && flags.names.empty()) throw UsageError("--features-out needs --features");
  analysis::FeatureOptions options{
      .names = {},
      .hop_frames = flags.hop_frames,
      .mfcc = flags.mfcc,
      .mel_scale = flags.mel_scale == "htk" ? analysis::MelScale::htk : analysis::MelScale::slaney,
      .tuning_cents = flags.tuning_cents,
      .keep_values = keep_values && flags.out.empty()};
  try {
    if (!flags.names.empty()) options.names = analysis::feature_names(flags.names);
    (void)analysis::FeatureAnalyzer({}, options);  // wrong options are told before any work
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
  return options;
}

FeatureArrays::FeatureArrays(const std::string& path, const std::string& recipe, SampleRate rate,
                             const analysis::FeatureOptions& options, Seconds start)
    : file_(std::make_unique<io::NpzWriter>(path, recipe)) {
  file_->value("sample_rate", rate.hz);
  file_->value("hop", static_cast<double>(options.hop_frames) / rate.hz);
  file_->value("start", start.value);
  for (const auto& feature : analysis::FeatureAnalyzer(rate, options).features())
    arrays_.push_back(file_->array(feature.name, feature.rows));
}

analysis::FeatureAnalyzer::Sink FeatureArrays::sink() {
  return [this](std::size_t feature, std::span<const float> row) { file_->append(arrays_[feature], row); };
}

}  // namespace sfa::tool
