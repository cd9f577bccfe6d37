// Discrete Fourier transform of real signals, over FFTW's single precision.
#pragma once
#include <complex>
#include <memory>
#include <span>

namespace sfa::dsp {

/// A transform of one size. Plans are made once for each size and shared; making and using
/// transforms is safe from any thread, each object from one thread at a time. Plans are FFTW
/// estimates, never timed measurements, so that the same input gives the same bits.
class Fft {
 public:
  /// `size` >= 2 and even. Throws Error::invalid_argument.
  explicit Fft(int size);
  ~Fft();
  Fft(Fft&&) noexcept;
  Fft& operator=(Fft&&) noexcept;

  [[nodiscard]] int size() const;
  [[nodiscard]] int bins() const { return size() / 2 + 1; }

  /// X[k] = sum x[n] exp(-2 pi i k n / size), k = 0 .. size/2. `time` holds size() samples,
  /// `spectrum` bins().
  void forward(std::span<const float> time, std::span<std::complex<float>> spectrum);

  /// The exact inverse of forward (scaled by 1 / size).
  void inverse(std::span<const std::complex<float>> spectrum, std::span<float> time);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sfa::dsp
