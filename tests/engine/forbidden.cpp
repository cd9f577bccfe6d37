#include "forbidden.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <new>

namespace {
thread_local Forbidden done;
}  // namespace

Forbidden forbidden() { return done; }

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

namespace {
void* take(std::size_t bytes) {
  ++done.allocations;
  void* const memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
}  // namespace

void* operator new(std::size_t bytes) { return take(bytes); }
void* operator new[](std::size_t bytes) { return take(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  ++done.allocations;
  return std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

#else

extern "C" {

// glibc's own, under the names that stay when the usual ones are taken.
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* memory, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
void __libc_free(void* memory);

void* malloc(std::size_t bytes) noexcept {
  ++done.allocations;
  return __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  ++done.allocations;
  return __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) noexcept {
  ++done.allocations;
  return __libc_realloc(memory, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  ++done.allocations;
  return __libc_memalign(alignment, bytes);
}
void free(void* memory) noexcept {
  if (memory != nullptr) ++done.allocations;
  __libc_free(memory);
}
}

namespace {

/// The function of that name behind ours.
template <typename Function>
Function* next(Function*, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

#define COUNTED(counter, result, name, parameters, arguments)   \
  extern "C" result name parameters {                           \
    static auto* const behind = next(&name, #name);             \
    ++done.counter;                                             \
    return behind arguments;                                    \
  }

COUNTED(locks, int, pthread_mutex_lock, (pthread_mutex_t* mutex) noexcept, (mutex))
COUNTED(locks, int, pthread_mutex_trylock, (pthread_mutex_t* mutex) noexcept, (mutex))
COUNTED(locks, int, pthread_rwlock_rdlock, (pthread_rwlock_t* lock) noexcept, (lock))
COUNTED(locks, int, pthread_rwlock_wrlock, (pthread_rwlock_t* lock) noexcept, (lock))
COUNTED(locks, int, pthread_cond_signal, (pthread_cond_t* condition) noexcept, (condition))
COUNTED(locks, int, pthread_cond_broadcast, (pthread_cond_t* condition) noexcept, (condition))
COUNTED(system_calls, ssize_t, read, (int file, void* bytes, std::size_t count), (file, bytes, count))
COUNTED(system_calls, ssize_t, write, (int file, const void* bytes, std::size_t count), (file, bytes, count))
COUNTED(system_calls, int, nanosleep, (const timespec* time, timespec* left), (time, left))
COUNTED(system_calls, int, sched_yield, () noexcept, ())

#endif
