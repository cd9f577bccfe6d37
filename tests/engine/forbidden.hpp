// Counts what an audio callback must not do: this program's malloc, pthread_mutex_lock and the like are replaced.
#pragma once
#include <cstddef>

struct Forbidden {
  std::size_t allocations = 0;   // and what gives memory back
  std::size_t locks = 0;         // mutexes and condition variables
  std::size_t system_calls = 0;  // reading, writing, opening, sleeping
};

/// What the calling thread has done so far. Under a sanitizer, which replaces these functions itself, operator new
/// alone.
Forbidden forbidden();
