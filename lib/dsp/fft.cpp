#include "sfa/dsp/fft.hpp"

#include <fftw3.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

struct FreeFftw {
  void operator()(void* memory) const { fftwf_free(memory); }
};
using Samples = std::unique_ptr<float[], FreeFftw>;
using Bins = std::unique_ptr<fftwf_complex[], FreeFftw>;

Samples make_samples(int size) { return Samples(fftwf_alloc_real(static_cast<std::size_t>(size))); }
Bins make_bins(int size) { return Bins(fftwf_alloc_complex(static_cast<std::size_t>(size / 2 + 1))); }

struct Plans {
  fftwf_plan forward = nullptr;
  fftwf_plan inverse = nullptr;
};

// FFTW's planner is not safe from several threads, executing a plan is. Plans live as long as the process:
// the cache is never destroyed, so that threads that outlive main and leak checkers still find them.
Plans plans_for(int size) {
  static std::mutex mutex;
  static auto& cache = *new std::map<int, Plans>;
  const std::lock_guard lock(mutex);
  auto& plans = cache[size];
  if (plans.forward == nullptr) {
    const auto time = make_samples(size);
    const auto spectrum = make_bins(size);
    plans.forward = fftwf_plan_dft_r2c_1d(size, time.get(), spectrum.get(), FFTW_ESTIMATE);
    plans.inverse = fftwf_plan_dft_c2r_1d(size, spectrum.get(), time.get(), FFTW_ESTIMATE);
  }
  return plans;
}

void check_sizes(std::size_t time, std::size_t spectrum, int size) {
  if (time != static_cast<std::size_t>(size) || spectrum != static_cast<std::size_t>(size / 2 + 1)) {
    throw Error(Error::Kind::invalid_argument, "a transform of " + std::to_string(size) + " samples was given " +
                                                   std::to_string(time) + " samples and " + std::to_string(spectrum) +
                                                   " bins");
  }
}

}  // namespace

struct Fft::State {
  int size;
  Plans plans;
  Samples time;
  Bins spectrum;
};

Fft::Fft(int size) {
  if (size < 2 || size % 2 != 0) {
    throw Error(Error::Kind::invalid_argument, "transform size " + std::to_string(size) + " is not an even number >= 2");
  }
  state_ = std::make_unique<State>(State{size, plans_for(size), make_samples(size), make_bins(size)});
}

Fft::~Fft() = default;
Fft::Fft(Fft&&) noexcept = default;
Fft& Fft::operator=(Fft&&) noexcept = default;

int Fft::size() const { return state_->size; }

void Fft::forward(std::span<const float> time, std::span<std::complex<float>> spectrum) {
  check_sizes(time.size(), spectrum.size(), state_->size);
  std::copy(time.begin(), time.end(), state_->time.get());
  fftwf_execute_dft_r2c(state_->plans.forward, state_->time.get(), state_->spectrum.get());
  const fftwf_complex* bin = state_->spectrum.get();
  for (auto& value : spectrum) {
    value = {(*bin)[0], (*bin)[1]};
    ++bin;
  }
}

void Fft::inverse(std::span<const std::complex<float>> spectrum, std::span<float> time) {
  check_sizes(time.size(), spectrum.size(), state_->size);
  fftwf_complex* bin = state_->spectrum.get();
  for (const auto& value : spectrum) {
    (*bin)[0] = value.real();
    (*bin)[1] = value.imag();
    ++bin;
  }
  fftwf_execute_dft_c2r(state_->plans.inverse, state_->spectrum.get(), state_->time.get());
  const float scale = 1.0F / static_cast<float>(state_->size);
  std::transform(state_->time.get(), state_->time.get() + state_->size, time.begin(),
                 [scale](float sample) { return sample * scale; });
}

}  // namespace sfa::dsp
