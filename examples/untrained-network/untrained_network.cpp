// Makes one of the released networks, or a causal one of sfa's own, in its full size with weights that nobody
// trained, to measure with or to test a pipeline where nothing can be downloaded: what it separates is noise.
//
//   untrained-network htdemucs net.safetensors
//   sfa-separate --model net.safetensors song.wav -o stems
//   untrained-network live live.safetensors
//   sfa-separate --stream --model live.safetensors song.wav >stems.wav
#include <cstdio>
#include <string>

#include "sfa/audio/error.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/separation/network.hpp"

using namespace sfa::separation;

namespace {

Value names(std::initializer_list<const char*> list) {
  ValueList values;
  for (const char* name : list) values.push_back({std::string(name)});
  return {values};
}

Value numbers(std::initializer_list<std::int64_t> list) {
  ValueList values;
  for (const auto number : list) values.push_back({number});
  return {values};
}

Checkpoint made_up_live(bool tiny) {
  ValueMap arguments{{"sources", names({"drums", "bass", "other", "vocals"})}, {"causal", {true}}};
  if (tiny) {
    arguments["bands"] = {std::int64_t{32}};
    arguments["channels"] = numbers({4, 6, 8});
    arguments["mix"] = {std::int64_t{8}};
  }
  return untrained_checkpoint("BandUNet", arguments, 1);
}

// As the released checkpoints have them, where they differ from the classes' own defaults.
Checkpoint made_up(const std::string& name) {
  if (name == "live" || name == "tiny-live") return made_up_live(name == "tiny-live");
  ValueMap arguments{{"sources", names({"drums", "bass", "other", "vocals"})}};
  if (name == "hdemucs_mmi") {
    arguments["segment"] = {std::int64_t{44}};
    return untrained_checkpoint("HDemucs", arguments, 1);
  }
  arguments["dconv_mode"] = {std::int64_t{3}};
  arguments["segment"] = {Fraction{39, 5}};
  arguments["bottom_channels"] = {std::int64_t{512}};
  if (name == "htdemucs_6s") {
    arguments["sources"] = names({"drums", "bass", "other", "vocals", "guitar", "piano"});
    arguments["bottom_channels"] = {std::int64_t{0}};
  } else if (name != "htdemucs") {
    throw sfa::Error(sfa::Error::Kind::not_found, name + ": is none of htdemucs, htdemucs_6s, hdemucs_mmi, live, tiny-live");
  }
  return untrained_checkpoint("HTDemucs", arguments, 1);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 3) {
      std::fprintf(stderr, "usage: untrained-network NAME OUT.safetensors\n");
      return 2;
    }
    sfa::io::AtomicFile file(argv[2]);
    write_safetensors(made_up(argv[1]), [&](std::span<const std::byte> bytes) {
      file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    });
    file.commit();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "untrained-network: %s\n", error.what());
    return 1;
  }
}
