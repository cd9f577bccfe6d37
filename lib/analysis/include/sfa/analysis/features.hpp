// Features frame by frame and summed up, each by a named definition, so that others' numbers can be compared:
// where librosa 0.11 has a feature of the name, its numbers for the same samples (mean of all channels, at their
// own rate) and default arguments are these within 1e-3. sfa-features(7) has the definitions.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sfa/analysis/analysis.hpp"
#include "sfa/analysis/mel.hpp"
#include "sfa/audio/units.hpp"

namespace sfa::analysis {

struct FeatureInfo {
  std::string_view name;
  std::string_view unit;     // "Hz"; empty for ratios and the like
  std::string_view meaning;  // one line
};

/// All features there are.
[[nodiscard]] std::span<const FeatureInfo> feature_table();

/// The names in a list such as "rms,mfcc", each once, or all of them for "all". An unknown name is
/// Error::invalid_argument, which lists those there are.
[[nodiscard]] std::vector<std::string> feature_names(std::string_view list);

struct FeatureOptions {
  std::vector<std::string> names{};          // of feature_table()
  int hop_frames = 512;                      // 1 to 2048; a multiple of 64 for chroma_cqt and tonnetz
  int mfcc = 13;                             // how many, 1 to 128
  MelScale mel_scale = MelScale::slaney;     // of mfcc, melspectrogram, onset_strength and tempogram
  std::optional<double> tuning_cents{};      // of A4 against 440 Hz, for chroma and tonnetz, -50 to 50; estimated from
                                             // the first minute if not given (by librosa: from the whole)
  bool keep_values = false;                  // Feature::values, which grow with the length
};

/// Of audio that is not in memory as a whole. Frame i is centred on sample i * hop and 2048 samples long at any
/// rate, and there are 1 + length / hop of them. Levels that count from the loudest of the whole (mfcc,
/// spectral_contrast, onset_strength, tempogram: nothing lies more than 80 dB below it) wait for it, up to 65536
/// frames (12 minutes at 44.1 kHz); what comes after them goes by the loudest until then. Apart from that, the first
/// minute, and the values if they are kept, memory does not grow with the length. The blocks' sizes do not change
/// the result.
class FeatureAnalyzer {
 public:
  /// The next frame of feature number `feature`, in order for each feature, not among them.
  using Sink = std::function<void(std::size_t feature, std::span<const float> row)>;

  /// Throws Error::invalid_argument for names that are not there and outside the ranges of `options`.
  FeatureAnalyzer(SampleRate rate, const FeatureOptions& options, Sink sink = {});
  ~FeatureAnalyzer();
  FeatureAnalyzer(FeatureAnalyzer&&) noexcept;
  FeatureAnalyzer& operator=(FeatureAnalyzer&&) noexcept;

  /// What comes out, in the order asked for: names, hops and rows, without values yet.
  [[nodiscard]] std::vector<Feature> features() const;

  /// The next samples, finite.
  void add(std::span<const float> mono);

  /// The same with statistics, and with values if they were to be kept. Nothing may be added after it.
  [[nodiscard]] std::vector<Feature> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::analysis
