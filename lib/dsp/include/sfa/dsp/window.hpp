// Window functions, periodic (for spectra that overlap), after Harris, "On the use of windows
// for harmonic analysis with the discrete Fourier transform", Proc. IEEE 66(1), 1978.
#pragma once
#include <vector>

namespace sfa::dsp {

enum class Window { rectangular, hann, hamming, blackman };

/// `size` >= 1 values w[n] = sum a_k cos(2 pi k n / size). Throws Error::invalid_argument.
[[nodiscard]] std::vector<float> make_window(Window kind, int size);

}  // namespace sfa::dsp
