// https://github.com/huggingface/safetensors#format is the judge.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "checkpoint_files.hpp"

using namespace checkpoint_files;

namespace {

std::string written(const Checkpoint& checkpoint) {
  std::string content;
  write_safetensors(checkpoint, [&](std::span<const std::byte> bytes) {
    content.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  return content;
}

std::string file_of(const std::string& header, const std::string& data) {
  return number(static_cast<std::uint64_t>(header.size())) + header + data;
}

const auto metadata = R"("__metadata__":{"architecture":"Demucs","arguments":"{}"})"s;

/// One tensor, as its JSON says, over eight bytes.
std::string one_tensor(const std::string& json) { return file_of("{" + metadata + R"(,"w":)" + json + "}", "12345678"); }

bool is_damaged(const std::string& content) { return error_of(content).starts_with("damaged checkpoint: "); }

}  // namespace

TEST_CASE("a checkpoint comes back from .safetensors as it went in") {
  for (const std::string name : {"htdemucs.th", "containers/dtypes.th", "containers/views.th"}) {
    INFO(name);
    const auto checkpoint = read(fixture(name));
    const auto content = written(checkpoint);
    CHECK(same(read(content), checkpoint));
    CHECK(written(read(content)) == content);
  }
}

TEST_CASE("a written .safetensors keeps to the format") {
  const auto content = written(read(fixture("containers/dtypes.th")));
  std::uint64_t length = 0;
  std::memcpy(&length, content.data(), sizeof length);
  REQUIRE(length < content.size());
  CHECK(content[8] == '{');
  const auto header = nlohmann::json::parse(content.substr(8, length));
  CHECK(header["__metadata__"]["architecture"] == "HTDemucs");
  CHECK(header["__metadata__"]["format"] == "sfa");
  CHECK(nlohmann::json::parse(header["__metadata__"]["arguments"].get<std::string>())["fraction"] ==
        nlohmann::json::parse(R"({"fraction":[39,5]})"));
  CHECK(header["int64"]["dtype"] == "I64");
  CHECK(header["bfloat16"]["dtype"] == "BF16");
  CHECK(header["float16"]["shape"] == nlohmann::json::parse("[2,3]"));

  // Without holes, each tensor at a multiple of its elements' size, and all behind a header that ends at one of 8.
  CHECK((8 + length) % 8 == 0);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, tensor] : header.items()) {
    if (name == "__metadata__") continue;
    ranges.emplace_back(tensor["data_offsets"][0], tensor["data_offsets"][1]);
    CHECK(ranges.back().first % ((ranges.back().second - ranges.back().first) / 6) == 0);
  }
  std::ranges::sort(ranges);
  std::uint64_t reached = 0;
  for (const auto& [begin, end] : ranges) {
    CHECK(begin == reached);
    reached = end;
  }
  CHECK(reached == content.size() - 8 - length);
}

TEST_CASE("a .safetensors is used where it lies") {
  const auto content = written(read(fixture("containers/dtypes.th")));
  const std::shared_ptr<std::byte> owner(new (std::align_val_t{64}) std::byte[content.size()],
                                         [](std::byte* bytes) { ::operator delete[](bytes, std::align_val_t{64}); });
  std::memcpy(owner.get(), content.data(), content.size());
  for (const auto& [name, tensor] : read_checkpoint({owner.get(), content.size()}, owner).tensors) {
    CHECK(tensor.keep_alive == owner);
  }
}

TEST_CASE("tensors at odd places in a .safetensors are aligned by a copy") {
  const auto header = "{" + metadata + R"(,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)" +
                      R"("w":{"dtype":"F32","shape":[],"data_offsets":[1,5]}})";
  const auto checkpoint = read(file_of(header, "\x07" + number(std::bit_cast<std::uint32_t>(1.5F))));
  CHECK(value(checkpoint.tensors.at("w"), 0) == 1.5);
  CHECK(reinterpret_cast<std::uintptr_t>(checkpoint.tensors.at("w").bytes.data()) % 4 == 0);
}

TEST_CASE("arguments that JSON has no word for come back") {
  Checkpoint checkpoint{"Demucs", {}, {}};
  checkpoint.arguments["infinite"] = {-std::numeric_limits<double>::infinity()};
  checkpoint.arguments["whole"] = {2.0};
  checkpoint.arguments["least"] = {std::numeric_limits<std::int64_t>::min()};
  checkpoint.arguments["most"] = {std::numeric_limits<std::int64_t>::max()};
  checkpoint.arguments["opaque"] = {Opaque{"torch.nn.ReLU"}};
  checkpoint.arguments["fraction"] = {Fraction{-1, 3}};
  CHECK(same(read(written(checkpoint)), checkpoint));
}

TEST_CASE("names that cannot be written are refused") {
  Checkpoint checkpoint{"Demucs", {}, {}};
  checkpoint.tensors["\xff"] = {Element::float32, {0}, {}, nullptr};
  CHECK_THROWS_AS((void)written(checkpoint), Error);
  checkpoint.tensors = {{"__metadata__", {Element::float32, {0}, {}, nullptr}}};
  CHECK_THROWS_AS((void)written(checkpoint), Error);
}

TEST_CASE("a .safetensors with a hostile header is refused") {
  CHECK(error_of(one_tensor(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})")).empty());
  for (const std::string tensor : {
           R"({"dtype":"F32","shape":[2],"data_offsets":[0,16]})", R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})",
           R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})", R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})",
           R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})", R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})", R"({"dtype":"F32","shape":[2],"data_offsets":[0]})",
           R"({"dtype":"F32","shape":2,"data_offsets":[0,8]})", R"({"dtype":7,"shape":[2],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2],"data_offsets":"x"})", R"({"shape":[2],"data_offsets":[0,8]})", R"({})", R"([])",
           R"("w")", R"({"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,8]})",
           R"({"dtype":"F32","shape":[2],"data_offsets":[0,18446744073709551615]})",
           R"({"dtype":"F32","shape":[[[[[[2]]]]]],"data_offsets":[0,8]})"}) {
    INFO(tensor);
    CHECK(is_damaged(one_tensor(tensor)));
  }
  CHECK(error_of(one_tensor(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})")) ==
        "tensors of F8_E4M3 are not supported");
}

TEST_CASE("tensors of a .safetensors that overlap or come twice are refused") {
  const auto tensor = R"({"dtype":"F32","shape":[2],"data_offsets":[0,8]})"s;
  CHECK(is_damaged(file_of("{" + metadata + R"(,"a":)" + tensor + R"(,"b":)" + tensor + "}", "12345678")));
  CHECK(is_damaged(file_of("{" + metadata + R"(,"a":)" + tensor + R"(,"a":)" + tensor + "}", "12345678")));
  CHECK(is_damaged(file_of("{" + metadata + R"(,"a":)" + tensor + "}", "123456789")));
}

TEST_CASE("a header that is too long, too deep or none is refused") {
  CHECK(is_damaged(number(std::numeric_limits<std::uint64_t>::max()) + "{}"));
  CHECK(is_damaged(number(std::uint64_t{100}) + "{}"));
  CHECK(is_damaged(file_of("{" + metadata, "")));
  CHECK(is_damaged(file_of("{\"a\":" + std::string(1'000'000, '['), "")));
  CHECK(is_damaged(file_of("{" + std::string(17 << 20, ' ') + metadata + "}", "")));
  const auto arguments = std::string(1000, '[') + std::string(1000, ']');
  const auto metadata_start = R"({"__metadata__":{"architecture":"Demucs","arguments":"{\"a\":)"s;
  CHECK(is_damaged(file_of(metadata_start + arguments + "}\"}}", "")));
}

TEST_CASE("a header with very many members is refused as soon as one with few") {
  std::string header = "{\"0\":{}";
  for (int i = 1; i < 300'000; ++i) header += ",\"" + std::to_string(i) + "\":{}";
  CHECK(is_damaged(file_of(header + "}", "")));
}

TEST_CASE("a .safetensors of another program is named so") {
  CHECK(error_of(file_of("{}", "")) == "a .safetensors that sfa did not write: its metadata lack the architecture");
  CHECK(error_of(file_of(R"({"__metadata__":{"format":"pt"}})", "")) ==
        "a .safetensors that sfa did not write: its metadata lack the architecture");
}

TEST_CASE("a .safetensors cut short anywhere is refused") {
  const auto content = written(read(fixture("containers/dtypes.th")));
  for (std::size_t length = 0; length < content.size(); ++length) {
    REQUIRE_FALSE(error_of(std::string_view(content).substr(0, length)).empty());
  }
}
