// Damages checkpoints and bags at random and reads them: whatever happens must be an sfa::Error or a result that
// .safetensors can carry. Run it with the sanitizers.
//
//   checkpoint_fuzz [COUNT [FIRST]]   reads inputs FIRST to FIRST + COUNT - 1; each depends on its number alone,
//                                     so that a crash is found again by halving
//
// Under Clang's libFuzzer, compile this file and lib/separation/checkpoint/*.cpp with -fsanitize=fuzzer,address,
// undefined -DSFA_LIBFUZZER instead.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint_files.hpp"
#include "sfa/audio/random.hpp"
#include "sfa/separation/bag.hpp"

namespace {

using namespace checkpoint_files;

std::string written(const Checkpoint& checkpoint) {
  std::string content;
  write_safetensors(checkpoint, [&](std::span<const std::byte> bytes) {
    content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  return content;
}

// What a shape of many zeros could unfold to is allowed, but not worth the time.
constexpr std::size_t most_bytes = std::size_t{1} << 20;

void try_checkpoint(std::string_view input) {
  Checkpoint checkpoint;
  try {
    checkpoint = read(input);
  } catch (const Error&) {
    return;
  }
  std::size_t size = 0;
  for (const auto& [name, tensor] : checkpoint.tensors) size += tensor.bytes.size();
  if (size > most_bytes) return;
  std::string content;
  try {
    content = written(checkpoint);
  } catch (const Error& error) {
    if (error.kind == Error::Kind::invalid_argument) return;  // a name that cannot be written
    throw;
  }
  if (written(read(content)) != content) throw std::runtime_error("a checkpoint does not come back from .safetensors");
}

void try_bag(std::string_view input) {
  try {
    (void)parse_bag(input);
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  try_checkpoint(input);
  try_bag(input);
  return 0;
}

#ifndef SFA_LIBFUZZER
namespace {

std::vector<std::string> seeds() {
  std::vector<std::string> names;
  const std::string folder = SFA_SOURCE_DIR "/tests/fixtures/separation/containers";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".th") names.push_back("containers/" + file.path().filename().string());
  }
  std::ranges::sort(names);
  std::vector<std::string> contents;
  for (const auto& name : names) contents.push_back(fixture(name));
  contents.push_back(written(read(fixture("containers/dtypes.th"))));
  contents.push_back(written(read(fixture("containers/views.th"))));
  // Small ones, where a change is likely to matter. Zips hide their pickles behind checksums; these do not.
  const auto transposed = tensor({.shape = {2, 3}, .strides = {1, 2}});
  contents.push_back(legacy(package("}", dict(text("w") + transposed)), {six_floats()}));
  contents.push_back(legacy(package(dict(text("a") + "](K\x01" "e" + text("b") + "N\x85"), "}")));
  contents.push_back("models: ['f7e0c4bc', 'd12395a8']\nweights: [\n  [1., 0.],\n  [0., 1.],\n]\nsegment: 44\n");
  contents.push_back("models: &m [a, b]\nweights: [*m, {1: 2}]\nsegment: .inf\n");
  return contents;
}

std::size_t place(Random& random, const std::string& input) { return random.below(input.size() + 1); }

void overwrite(Random& random, std::string& input) {
  constexpr std::array<std::uint64_t, 12> telling = {0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF,
                                                     0x7FFFFFFFFFFFFFFF, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF};
  const auto width = std::size_t{1} << random.below(4);
  const auto at = place(random, input);
  input.replace(at, std::min(width, input.size() - at), number(telling[random.below(telling.size())]).substr(0, width));
}

void mutate(Random& random, std::string& input, const std::vector<std::string>& all) {
  const auto at = place(random, input);
  const auto length = random.below(1 + (random.below(4) == 0 ? input.size() : 16));
  const auto& other = all[random.below(all.size())];
  switch (random.below(8)) {
    case 0: if (at < input.size()) input[at] = static_cast<char>(input[at] ^ 1 << random.below(8)); break;
    case 1: if (at < input.size()) input[at] = static_cast<char>(random.bits()); break;
    case 2: overwrite(random, input); break;
    case 3: input.erase(at, length); break;
    case 4: input.insert(at, input.substr(place(random, input), length)); break;
    case 5: input.insert(at, other.substr(place(random, other), length)); break;
    case 6: input.replace(at, length, other.substr(place(random, other), length)); break;
    default: input.insert(at, 1, static_cast<char>(random.bits())); break;
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const auto first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const auto all = seeds();
  for (auto i = first; i < first + count; ++i) {
    Random random(1, i);
    auto input = all[random.below(all.size())];
    for (auto changes = 1 + random.below(6); changes-- > 0;) mutate(random, input, all);
    try {
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    } catch (const std::exception& error) {
      std::fprintf(stderr, "checkpoint_fuzz: input %llu: %s\n", static_cast<unsigned long long>(i), error.what());
      return 1;
    }
  }
  return 0;
}
#endif
