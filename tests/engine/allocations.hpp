// Counts what the calling thread takes from the heap: this program's operator new is replaced.
#pragma once
#include <cstddef>

/// Calls of operator new in this thread so far.
std::size_t allocations();
