// The committed checkpoints, with what PyTorch reads of them: torch.load, and sums in float64, which are exact
// for half-precision weights.
#include "sfa/separation/checkpoint.hpp"

#include <doctest/doctest.h>

#include "checkpoint_files.hpp"

using namespace checkpoint_files;

namespace {

struct Known {
  const char* file;
  const char* architecture;
  std::size_t tensors;
  std::size_t parameters;
  double sum;
  double absolute_sum;
};
constexpr Known known[] = {
    {"hdemucs_mmi.th", "HDemucs", 395, 2351552, 5679.526415646076, 123510.82800668478},
    {"htdemucs.th", "HTDemucs", 533, 799776, 5544.362552285194, 50600.80279493332},
    {"htdemucs_6s.th", "HTDemucs", 525, 783916, 5650.057298481464, 49615.913958370686},
    {"mdx_hybrid_old.th", "HDemucs", 395, 2350904, 5858.187254726887, 123533.43734067678},
    {"mdx_magnitude.th", "HDemucs", 395, 2350904, 5858.187254726887, 123533.43734067678},
    {"mdx_multifreq.th", "HDemucs", 481, 2357768, 3782.8499634861946, 122372.67626518011},
    {"mdx_time.th", "Demucs", 252, 1408412, 3322.868351340294, 76002.46479701996},
};

// containers/make.py: values = [[0, 1, 2], [3, 5, 100]], and odd ones for booleans.
void check_dtypes(const Checkpoint& checkpoint) {
  constexpr std::pair<const char*, Element> types[] = {
      {"bool", Element::boolean}, {"uint8", Element::uint8}, {"int8", Element::int8}, {"int16", Element::int16},
      {"int32", Element::int32}, {"int64", Element::int64}, {"float16", Element::float16},
      {"bfloat16", Element::bfloat16}, {"float32", Element::float32}, {"float64", Element::float64}};
  CHECK(checkpoint.architecture == "HTDemucs");
  REQUIRE(checkpoint.tensors.size() == std::size(types));
  for (const auto& [name, type] : types) {
    INFO(name);
    const auto& tensor = checkpoint.tensors.at(name);
    CHECK(tensor.element == type);
    CHECK(tensor.shape == std::vector<std::int64_t>{2, 3});
    CHECK(reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % size_of(type) == 0);
    CHECK(values(tensor) == (type == Element::boolean ? std::vector<double>{0, 1, 0, 1, 1, 0}
                                                      : std::vector<double>{0, 1, 2, 3, 5, 100}));
  }
}

template <typename Kind>
const Kind& argument(const Checkpoint& checkpoint, const std::string& name) {
  return std::get<Kind>(checkpoint.arguments.at(name).data);
}

void check_views(const Checkpoint& checkpoint) {
  const auto check = [&](const char* name, std::vector<std::int64_t> shape, std::vector<double> expected) {
    INFO(name);
    CHECK(checkpoint.tensors.at(name).shape == shape);
    CHECK(values(checkpoint.tensors.at(name)) == expected);
  };
  check("transposed", {6, 4}, {0, 6, 12, 18, 1, 7, 13, 19, 2, 8, 14, 20, 3, 9, 15, 21, 4, 10, 16, 22, 5, 11, 17, 23});
  check("slice", {6}, {5, 6, 7, 8, 9, 10});
  check("stepped", {2, 3}, {6, 8, 10, 12, 14, 16});
  check("scalar", {}, {7});
  check("empty", {0, 3}, {});
  check("expanded", {4, 3}, {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2});
  check("one", {1, 1}, {3});
  check("parameter", {2}, {1, 2});
}

}  // namespace

TEST_CASE("a checkpoint has the weights that PyTorch reads from it") {
  for (const auto& expected : known) {
    INFO(expected.file);
    const auto checkpoint = read(fixture(expected.file));
    CHECK(checkpoint.architecture == expected.architecture);
    CHECK(checkpoint.tensors.size() == expected.tensors);
    std::size_t parameters = 0;
    double sum = 0.0;
    double absolute_sum = 0.0;
    for (const auto& [name, tensor] : checkpoint.tensors) {
      REQUIRE(tensor.element == Element::float16);
      for (const double weight : values(tensor)) {
        ++parameters;
        sum += weight;
        absolute_sum += std::abs(weight);
      }
    }
    CHECK(parameters == expected.parameters);
    CHECK(sum == expected.sum);
    CHECK(absolute_sum == expected.absolute_sum);
  }
}

TEST_CASE("a checkpoint's tensors are those of that name, and its arguments those of its network") {
  const auto checkpoint = read(fixture("htdemucs.th"));
  const auto& first = checkpoint.tensors.at("encoder.0.conv.weight");
  CHECK(first.shape == std::vector<std::int64_t>{8, 4, 8, 1});
  CHECK(value(first, 1) == -0.0770263671875);
  const auto& last = checkpoint.tensors.at("crosstransformer.layers_t.4.gamma_2.scale");
  CHECK(last.shape == std::vector<std::int64_t>{64});
  CHECK(value(last, 63) == 0.578125);

  CHECK(checkpoint.arguments.size() == 12);
  CHECK(argument<Fraction>(checkpoint, "segment").numerator == 39);
  CHECK(argument<Fraction>(checkpoint, "segment").denominator == 20);
  CHECK(argument<std::int64_t>(checkpoint, "samplerate") == 44100);
  CHECK(argument<double>(checkpoint, "t_dropout") == 0.02);
  CHECK(argument<ValueList>(checkpoint, "multi_freqs").empty());
  const auto& sources = argument<ValueList>(checkpoint, "sources");
  REQUIRE(sources.size() == 4);
  CHECK(std::get<std::string>(sources[3].data) == "vocals");
}

TEST_CASE("a stored tensor is used where it lies in the file") {
  const auto content = fixture("htdemucs.th");
  const auto bytes = std::as_bytes(std::span(content));
  for (const auto& [name, tensor] : read_checkpoint(bytes, nullptr).tensors) {
    const bool inside = tensor.bytes.data() >= bytes.data() && tensor.bytes.data() < bytes.data() + bytes.size();
    REQUIRE(inside);
  }
}

TEST_CASE("tensors keep alive what they lie in") {
  StoredTensor stored;
  StoredTensor inflated;
  stored = read(fixture("containers/dtypes.th")).tensors.at("float32");
  inflated = read(fixture("containers/deflated.th")).tensors.at("float32");
  CHECK(value(stored, 5) == 100.0);
  CHECK(value(inflated, 5) == 100.0);
}

TEST_CASE("each container and each protocol holds the same checkpoint") {
  auto reference = read(fixture("containers/dtypes.th"));
  reference.arguments.erase("array");  // made by another function in each protocol
  for (const std::string name : {"dtypes", "deflated", "misaligned", "zip64", "zip64_deflated", "protocol1", "protocol3",
                           "protocol4", "protocol5", "legacy", "legacy_protocol4"}) {
    INFO(name);
    auto checkpoint = read(fixture("containers/" + name + ".th"));
    CHECK(std::holds_alternative<Opaque>(checkpoint.arguments.at("array").data));
    checkpoint.arguments.erase("array");
    check_dtypes(checkpoint);
    CHECK(same(checkpoint.arguments, reference.arguments));
  }
}

TEST_CASE("views of a storage become dense tensors of their own") {
  check_views(read(fixture("containers/views.th")));
  check_views(read(fixture("containers/views_legacy.th")));
}

TEST_CASE("arguments are plain values, and what would have to be built is opaque") {
  const auto checkpoint = read(fixture("containers/dtypes.th"));
  CHECK(checkpoint.arguments.at("none").is_none());
  CHECK(argument<bool>(checkpoint, "yes"));
  CHECK_FALSE(argument<bool>(checkpoint, "no"));
  CHECK(argument<std::int64_t>(checkpoint, "small") == 200);
  CHECK(argument<std::int64_t>(checkpoint, "large") == std::int64_t{1} << 40);
  CHECK(argument<std::int64_t>(checkpoint, "negative") == -7);
  CHECK(argument<Opaque>(checkpoint, "huge").name == "int");
  CHECK(argument<double>(checkpoint, "infinite") == HUGE_VAL);
  CHECK(argument<std::string>(checkpoint, "text") == "Stücke");
  CHECK(argument<ValueList>(checkpoint, "tuple").size() == 4);
  CHECK(argument<ValueList>(checkpoint, "set").size() == 1);
  CHECK(std::get<std::int64_t>(argument<ValueMap>(checkpoint, "ordered").at("x").data) == 1);
  CHECK(argument<Fraction>(checkpoint, "fraction").numerator == 39);
  CHECK(argument<Fraction>(checkpoint, "fraction").denominator == 5);
  CHECK(argument<Opaque>(checkpoint, "scalar").name == "numpy.core.multiarray.scalar");
  CHECK(argument<Opaque>(checkpoint, "array").name == "numpy.core.multiarray._reconstruct");
  CHECK(argument<Opaque>(checkpoint, "class").name == "torch.nn.modules.activation.ReLU");
  // Positional: (['drums', 'bass'], 2).
  CHECK(argument<ValueList>(checkpoint, "sources").size() == 2);
  CHECK(argument<std::int64_t>(checkpoint, "1") == 2);
}

TEST_CASE("what is well made and not supported is refused by its name") {
  const auto check = [](const char* name, const std::string& message) {
    const auto content = fixture("containers/"s + name);
    CHECK(error_of(content) == message);
    CHECK(kind_of(content) == Error::Kind::unsupported);
  };
  check("quantised.th", "weights quantised by DiffQ are not supported");
  check("bzip2.th", "its zip's compression method 12 is not supported");
  check("complex.th", "tensors of torch.ComplexFloatStorage are not supported");
  check("script.th", "a TorchScript program is no checkpoint that can be read");
}

TEST_CASE("a big-endian machine's checkpoint is refused") {
  auto content = legacy(package("}", "}"));
  const auto flag = content.find("little_endian") + std::string_view("little_endian").size();
  content[flag] = '\x89';
  CHECK(kind_of(content) == Error::Kind::unsupported);
}

TEST_CASE("what is no checkpoint of Demucs is named so") {
  CHECK(error_of("") == "an empty file is no checkpoint");
  CHECK(error_of("RIFF\x24\x10\x00\x00WAVEfmt ") == "no checkpoint: neither a .th of PyTorch nor a .safetensors");
  CHECK(error_of(fixture("containers/state_only.th")) ==
        "a file of PyTorch, but no checkpoint of Demucs: it has no class or no state");
}
