// Makes one of the released networks in its full size with weights that nobody trained, to measure
// with or to test a pipeline where nothing can be downloaded: what it separates is noise.
//
//   untrained-network htdemucs net.safetensors
//   sfa-separate --model net.safetensors song.wav -o stems
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

// As the released checkpoints have them, where they differ from the classes' own defaults.
Checkpoint made_up(const std::string& name) {
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
    throw sfa::Error(sfa::Error::Kind::not_found, name + ": is none of htdemucs, htdemucs_6s, hdemucs_mmi");
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
