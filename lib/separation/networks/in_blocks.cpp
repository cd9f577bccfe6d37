#include "in_blocks.hpp"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>

namespace sfa::separation::networks {

void in_blocks(std::int64_t count, std::int64_t block, const std::function<void(std::int64_t, std::int64_t)>& work) {
  const auto blocks = (count + block - 1) / block;
  // A single block would not be a parallel region, and libtorch would share it out: hence at least two.
  at::parallel_for(0, std::max<std::int64_t>(2, blocks), 1, [&](std::int64_t begin, std::int64_t end) {
    const c10::InferenceMode inference;
    for (auto i = begin; i < std::min(end, blocks); ++i) work(i * block, std::min(block, count - i * block));
  });
}

}  // namespace sfa::separation::networks
