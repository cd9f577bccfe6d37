#include "bank_samples.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sfa/audio/error.hpp"
#include "sfa/dsp/resample.hpp"
#include "sfa/dsp/sinc.hpp"

namespace sfa::play {
namespace {

// What is around a slice is heard through interpolation, as far as the longest kernel reaches.
constexpr Frames around = dsp::SincKernel::base_taps / 2 * static_cast<Frames>(dsp::SincKernel::fastest);
// More than the reach of soxr's filters at very high quality, in frames of the lower rate.
constexpr Frames reach = 4096;

}  // namespace

BankSamples::BankSamples(std::string path, std::vector<BankSlice> slices, SampleRate rate)
    : path_(std::move(path)), slices_(std::move(slices)), rate_(rate), reader_(path_) {}

Frames BankSamples::converted(Frames frames) const {
  return to_frames(to_seconds(frames, reader_.info().rate), rate_);
}

std::vector<Frames> BankSamples::slice_frames() const {
  std::vector<Frames> lengths;
  for (const auto& slice : slices_) lengths.push_back(converted(slice.range).size());
  return lengths;
}

/// The frames of `range` that exist.
AudioBuffer BankSamples::read(FrameRange range) {
  if (!whole_) {
    try {
      if (reader_.position() != range.begin) reader_.seek(range.begin);
      return reader_.read(range.size());
    } catch (const Error& error) {
      if (error.kind != Error::Kind::unsupported) throw;
    }
    whole_ = io::read_sound(path_);
  }
  return AudioBuffer(whole_->view().slice(range));
}

std::unique_ptr<const engine::Sample> BankSamples::make(const engine::SampleSpec& spec) {
  const auto& slice = slices_[static_cast<std::size_t>(spec.slice)];
  const auto own = reader_.info().rate;
  const bool converts = own != rate_;
  // A window that begins at a frame of either rate, and has more around the slice than a converter sees.
  const Frames divisor = std::gcd(own.hz, rate_.hz);
  const Frames step = own.hz / divisor, out_step = rate_.hz / divisor;
  const Frames margin = around * std::max<Frames>(1, (step + out_step - 1) / out_step) +
                        (converts ? reach * std::max(1, own.hz / rate_.hz) : 0);
  const Frames begin = std::max<Frames>(0, slice.range.begin - margin) / step * step;
  auto audio = read({begin, slice.range.end + margin});
  auto sample = std::make_unique<engine::Sample>();
  const auto range = converted(slice.range);
  const Frames out_begin = begin / step * out_step;
  sample->own = converts ? dsp::resample(audio, rate_) : std::move(audio);
  if (slice.gain_db != 0.0)
    for (int c = 0; c < sample->own.channels(); ++c)
      for (float& value : sample->own.channel(c)) value *= to_gain({slice.gain_db});
  sample->audio = sample->own.view();
  sample->range = {range.begin - out_begin, range.end - out_begin};
  sample->fade_in_frames = static_cast<int>(converted(slice.fade_in_frames));
  sample->fade_out_frames = static_cast<int>(converted(slice.fade_out_frames));
  if (spec.stretch != 1.0) *sample = engine::stretched(*sample, spec.stretch);
  return sample;
}

}  // namespace sfa::play
