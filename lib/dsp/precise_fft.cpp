#include "sfa/dsp/precise_fft.hpp"

#include <fftw3.h>

#include <map>
#include <mutex>
#include <string>

#include "sfa/audio/error.hpp"

namespace sfa::dsp {
namespace {

struct FreeFftw {
  void operator()(void* memory) const { fftw_free(memory); }
};
using Samples = std::unique_ptr<double[], FreeFftw>;
using Bins = std::unique_ptr<fftw_complex[], FreeFftw>;

// As in fft.cpp: planning is not safe from several threads, and plans live as long as the process.
fftw_plan plan_for(int size, double* time, fftw_complex* spectrum) {
  static std::mutex mutex;
  static auto& cache = *new std::map<int, fftw_plan>;
  const std::lock_guard lock(mutex);
  auto& plan = cache[size];
  if (plan == nullptr) plan = fftw_plan_dft_r2c_1d(size, time, spectrum, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  return plan;
}

}  // namespace

struct PreciseFft::State {
  explicit State(int size_)
      : size(size_), time(fftw_alloc_real(static_cast<std::size_t>(size))),
        spectrum(fftw_alloc_complex(static_cast<std::size_t>(size / 2 + 1))),
        plan(plan_for(size, time.get(), spectrum.get())) {}

  int size;
  Samples time;
  Bins spectrum;
  fftw_plan plan;
};

PreciseFft::PreciseFft(int size) {
  if (size < 2 || size % 2 != 0)
    throw Error(Error::Kind::invalid_argument, "transform size " + std::to_string(size) + " is not an even number >= 2");
  state_ = std::make_unique<State>(size);
}

PreciseFft::~PreciseFft() = default;
PreciseFft::PreciseFft(PreciseFft&&) noexcept = default;
PreciseFft& PreciseFft::operator=(PreciseFft&&) noexcept = default;

int PreciseFft::size() const { return state_->size; }

std::span<double> PreciseFft::time() { return {state_->time.get(), static_cast<std::size_t>(state_->size)}; }

std::span<const std::complex<double>> PreciseFft::transform() {
  fftw_execute_dft_r2c(state_->plan, state_->time.get(), state_->spectrum.get());
  // An array of std::complex<double> is laid out as C's, [complex.numbers.general]/4.
  return {reinterpret_cast<const std::complex<double>*>(state_->spectrum.get()), static_cast<std::size_t>(bins())};
}

}  // namespace sfa::dsp
