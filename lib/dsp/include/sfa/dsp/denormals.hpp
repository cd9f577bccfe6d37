// Numbers too small for a normal float cost a hundred times as much to add and multiply, and the tails of filters
// are full of them. While one of these lives, the calling thread takes them for zero and makes none (FTZ and DAZ of
// the Intel 64 manual, volume 1, 10.2.3; FZ of Arm's FPCR).
#pragma once
#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace sfa::dsp {

class FlushDenormals {
 public:
  FlushDenormals() noexcept : before_(read()) { write(before_ | flush); }
  ~FlushDenormals() { write(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  using Register = std::uint32_t;
  static constexpr Register flush = 0x8040;  // FTZ, bit 15, and DAZ, bit 6
  static Register read() noexcept { return _mm_getcsr(); }
  static void write(Register value) noexcept { _mm_setcsr(value); }
#elif defined(__aarch64__)
  using Register = std::uint64_t;
  static constexpr Register flush = Register{1} << 24;
  static Register read() noexcept {
    Register value;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void write(Register value) noexcept { asm volatile("msr fpcr, %0" ::"r"(value)); }
#else
  using Register = int;
  static constexpr Register flush = 0;
  static Register read() noexcept { return 0; }
  static void write(Register) noexcept {}
#endif
  Register before_;
};

}  // namespace sfa::dsp
