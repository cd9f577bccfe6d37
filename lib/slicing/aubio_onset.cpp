#include "sfa/slicing/aubio_onset.hpp"

#include <aubio/aubio.h>
#include <dlfcn.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::slicing {
namespace {

// aubio's own defaults for its method "hfc" (src/onset/onset.c), for 44.1 kHz.
constexpr const char* method = "hfc";
constexpr double default_threshold = 0.058;
constexpr double default_hop_frames = 256.0, default_rate_hz = 44100.0;

/// What is used of libaubio.
struct Aubio {
  decltype(&new_aubio_onset) new_onset = nullptr;
  decltype(&del_aubio_onset) delete_onset = nullptr;
  decltype(&aubio_onset_do) process = nullptr;
  decltype(&aubio_onset_get_last) last = nullptr;
  decltype(&aubio_onset_get_descriptor) descriptor = nullptr;
  decltype(&aubio_onset_set_threshold) set_threshold = nullptr;
  decltype(&aubio_onset_set_minioi_s) set_distance = nullptr;
  decltype(&new_fvec) new_vector = nullptr;
  decltype(&del_fvec) delete_vector = nullptr;

  Aubio() {
    void* library = dlopen("libaubio.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
      throw Error(Error::Kind::unsupported, "the method aubio needs libaubio.so.5, which is not installed");
    const auto find = [library]<typename Function>(Function& function, const char* symbol) {
      function = reinterpret_cast<Function>(dlsym(library, symbol));
      if (function == nullptr)
        throw Error(Error::Kind::unsupported, std::string("libaubio.so.5 has no function ") + symbol);
    };
    find(new_onset, "new_aubio_onset");
    find(delete_onset, "del_aubio_onset");
    find(process, "aubio_onset_do");
    find(last, "aubio_onset_get_last");
    find(descriptor, "aubio_onset_get_descriptor");
    find(set_threshold, "aubio_onset_set_threshold");
    find(set_distance, "aubio_onset_set_minioi_s");
    find(new_vector, "new_fvec");
    find(delete_vector, "del_fvec");
  }
};

const Aubio& aubio() {
  static const Aubio library;
  return library;
}

/// The power of two whose duration is nearest to that of aubio's default hop.
Frames hop_at(SampleRate rate) {
  const double exact = default_hop_frames * rate.hz / default_rate_hz;
  return Frames{1} << std::max(4, static_cast<int>(std::lround(std::log2(exact))));
}

}  // namespace

struct AubioOnsets::State {
  State(SampleRate rate_, Frames hop_, const Aubio& lib_)
      : rate(rate_), hop(hop_), lib(lib_), onset(lib.new_onset(method, 2 * size(), size(), static_cast<uint_t>(rate.hz)), lib.delete_onset),
        block(lib.new_vector(size()), lib.delete_vector), found(lib.new_vector(1), lib.delete_vector) {}

  [[nodiscard]] uint_t size() const { return static_cast<uint_t>(hop); }

  /// Takes what the block holds; the rest of it is silence.
  void process() {
    std::fill(block->data + filled, block->data + hop, 0.0F);
    lib.process(onset.get(), block.get(), found.get());
    if (found->data[0] != 0.0F) {
      // aubio counts frames in 32 bits; the distance from here survives that.
      const auto back = static_cast<std::int32_t>(static_cast<std::uint32_t>(begin) - lib.last(onset.get()));
      const double time = to_seconds(std::clamp<Frames>(begin - back, 0, begin + filled - 1), rate).value;
      onsets.push_back({time, std::max(lib.descriptor(onset.get()), 1e-6F)});
    }
    begin += filled;
    filled = 0;
  }

  SampleRate rate;
  Frames hop, begin = 0, filled = 0;
  const Aubio& lib;
  std::unique_ptr<aubio_onset_t, decltype(Aubio::delete_onset)> onset;
  std::unique_ptr<fvec_t, decltype(Aubio::delete_vector)> block, found;
  std::vector<analysis::Onset> onsets;
};

AubioOnsets::AubioOnsets(SampleRate rate, const analysis::OnsetOptions& options) {
  if (!(options.sensitivity >= 0.0 && options.sensitivity <= 1.0 && options.minimum_distance >= 0.0))
    throw Error(Error::Kind::invalid_argument, "onset sensitivity must be 0 to 1 and the distance >= 0");
  state_ = std::make_unique<State>(rate, hop_at(rate), aubio());
  State& state = *state_;
  if (!state.onset || !state.block || !state.found)
    throw Error(Error::Kind::unsupported, "aubio cannot work at this sample rate");
  // A decade to either side of aubio's own threshold, as with SuperFlux.
  state.lib.set_threshold(state.onset.get(),
                          static_cast<smpl_t>(default_threshold * std::pow(10.0, 1.0 - 2.0 * options.sensitivity)));
  state.lib.set_distance(state.onset.get(), static_cast<smpl_t>(options.minimum_distance));
}

AubioOnsets::~AubioOnsets() = default;
AubioOnsets::AubioOnsets(AubioOnsets&&) noexcept = default;
AubioOnsets& AubioOnsets::operator=(AubioOnsets&&) noexcept = default;

void AubioOnsets::add(std::span<const float> mono) {
  State& state = *state_;
  while (!mono.empty()) {
    const auto part = mono.first(std::min(mono.size(), static_cast<std::size_t>(state.hop - state.filled)));
    std::ranges::copy(part, state.block->data + state.filled);
    state.filled += static_cast<Frames>(part.size());
    mono = mono.subspan(part.size());
    if (state.filled == state.hop) state.process();
  }
}

std::vector<analysis::Onset> AubioOnsets::finish() {
  if (state_->filled > 0) state_->process();
  std::ranges::stable_sort(state_->onsets, {}, &analysis::Onset::time);
  return std::move(state_->onsets);
}

}  // namespace sfa::slicing
