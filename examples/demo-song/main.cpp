// demo-song: a song with its true stems beside it, the same bytes every time.
#include <array>
#include <filesystem>

#include "master.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/tool/command.hpp"
#include "stems.hpp"
#include "truth.hpp"

namespace {

constexpr std::array names{"drums", "bass", "other", "vocals"};

void make(sfa::tool::Command& command) {
  std::string folder = ".";
  double seconds = 40.0;
  command.app().add_option("-o,--output", folder, "Folder for demo-song.wav, stems-true/ and truth.json")->type_name("DIR");
  command.app().add_option("--seconds", seconds, "Length of the song")->type_name("SECONDS")->check(CLI::Range(4.0, 3600.0));
  command.takes_seed();
  command.parse();

  namespace fs = std::filesystem;
  const auto stem_folder = fs::path(folder) / "stems-true";
  std::error_code failure;
  fs::create_directories(stem_folder, failure);
  if (failure) throw sfa::Error(sfa::Error::Kind::io, stem_folder.string() + ": " + failure.message());

  const auto score = demo::compose(seconds, command.seed());
  const auto song = demo::master({demo::play_drums(score, command.seed()), demo::play_bass(score),
                                  demo::play_other(score), demo::play_voice(score, command.seed())});
  const sfa::io::SoundFormat format{sfa::io::Container::wav, sfa::io::Encoding::pcm24};
  for (std::size_t i = 0; i < names.size(); ++i)
    sfa::io::write_sound((stem_folder / (std::string(names[i]) + ".wav")).string(), song.stems[i], format);
  sfa::io::write_file((fs::path(folder) / "truth.json").string(), demo::truth_json(score));
  sfa::io::write_sound((fs::path(folder) / "demo-song.wav").string(), song.mix, format);
}

}  // namespace

int main(int argc, char** argv) {
  return sfa::tool::run("demo-song", argc, argv, "Synthesise a song with its true stems", make);
}
