// demo-song: a song with its true stems beside it, the same bytes every time.
#include <CLI/CLI.hpp>

#include <array>
#include <filesystem>

#include "master.hpp"
#include "sfa/io/atomic_file.hpp"
#include "sfa/io/sound_file.hpp"
#include "sfa/tool/command.hpp"
#include "stems.hpp"
#include "truth.hpp"

namespace {

namespace fs = std::filesystem;

constexpr const char* song_version = "1";  // another one wherever the song sounds different
constexpr std::array names{"drums", "bass", "other", "vocals"};

void make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) throw sfa::Error(sfa::Error::Kind::io, folder.string() + ": " + failure.message());
}

void make(sfa::tool::Command& command) {
  double seconds = 40.0;
  command.takes_output("Folder for demo-song.wav, stems-true/ and truth.json; by default this one");
  command.app()
      .add_option("--seconds", seconds, "Length of the song")
      ->type_name("SECONDS")
      ->check(CLI::Range(4.0, 3600.0));
  command.takes_seed();
  command.parse();

  const fs::path folder = command.output().empty() ? "." : command.output();
  const auto song_path = (folder / "demo-song.wav").string(), truth_path = (folder / "truth.json").string();
  std::array<std::string, 4> stem_paths;
  for (std::size_t i = 0; i < stem_paths.size(); ++i)
    stem_paths[i] = (folder / "stems-true" / (std::string(names[i]) + ".wav")).string();

  const auto recipe = sfa::io::Recipe("sfa-demo", song_version)
                          .option("seconds", std::to_string(seconds))
                          .option("seed", std::to_string(command.seed()))
                          .text();
  bool wanted = command.needs_making(song_path, recipe);
  wanted |= command.needs_making(truth_path, recipe);
  for (const auto& path : stem_paths) wanted |= command.needs_making(path, recipe);
  if (!wanted) return;

  make_folder(folder / "stems-true");
  const auto score = demo::compose(seconds, command.seed());
  const auto song = demo::master({demo::play_drums(score, command.seed()), demo::play_bass(score),
                                  demo::play_other(score), demo::play_voice(score, command.seed())});
  constexpr sfa::io::SoundFormat format{sfa::io::Container::wav, sfa::io::Encoding::pcm24};
  for (std::size_t i = 0; i < stem_paths.size(); ++i)
    sfa::io::write_sound(stem_paths[i], song.stems[i], format, recipe);
  sfa::io::write_file(truth_path, demo::truth_json(score, recipe));
  sfa::io::write_sound(song_path, song.mix, format, recipe);
}

}  // namespace

int main(int argc, char** argv) {
  return sfa::tool::run("demo-song", argc, argv, "Synthesise a song with its true stems", make);
}
