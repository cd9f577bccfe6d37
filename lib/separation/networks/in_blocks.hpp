// Work on all cores with the same bits for any number of them. libtorch's own float32 products are
// shared out among the threads there are, and round as they are shared out; here the blocks are fixed,
// and each is one thread's.
#pragma once
#include <cstdint>
#include <functional>

namespace sfa::separation::networks {

/// Calls work(begin, size) for [0, count) in blocks of `block`, at once where there are threads. What
/// libtorch does within runs on one thread. On the CPU only.
void in_blocks(std::int64_t count, std::int64_t block, const std::function<void(std::int64_t begin, std::int64_t size)>& work);

}  // namespace sfa::separation::networks
