// Discrete Fourier transform of real signals in double precision, over FFTW: for spectra whose faintest bins
// count. In single precision a loud tone's rounding stands 140 dB below it in every bin.
#pragma once
#include <complex>
#include <memory>
#include <span>

namespace sfa::dsp {

/// As Fft in all else.
class PreciseFft {
 public:
  /// `size` >= 2 and even. Throws Error::invalid_argument.
  explicit PreciseFft(int size);
  ~PreciseFft();
  PreciseFft(PreciseFft&&) noexcept;
  PreciseFft& operator=(PreciseFft&&) noexcept;

  [[nodiscard]] int size() const;
  [[nodiscard]] int bins() const { return size() / 2 + 1; }

  /// size() samples, to be filled before transform().
  [[nodiscard]] std::span<double> time();
  /// X[k] = sum x[n] exp(-2 pi i k n / size), k = 0 .. size/2, of time(). Valid until the next call.
  [[nodiscard]] std::span<const std::complex<double>> transform();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::dsp
