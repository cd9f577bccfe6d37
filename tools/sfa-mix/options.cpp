#include "options.hpp"

#include "sfa/tool/between.hpp"

namespace sfa::tool {

void describe(Command& command, Options& options) {
  command.takes_inputs("Sound files, each a track; or one stems manifest or session; - is standard input");
  command.takes_output("The mix, in the format of its ending; - is standard output, as WAV (the default)");
  command.takes_sample_rate();
  command.takes_range();
  command.takes_seed();
  auto& app = command.app();
  auto& changes = options.changes;
  app.add_option("--gain", changes.gains, "Level of a track in dB")->type_name("TRACK=DB")->allow_extra_args(false);
  app.add_option("--pan", changes.pans, "Place of a track, -1 left to 1 right")
      ->type_name("TRACK=X")
      ->allow_extra_args(false);
  app.add_option("--mute", changes.mutes, "Leave tracks out")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--solo", changes.solos, "Mix these tracks alone")
      ->type_name("TRACK,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--pan-law", changes.pan_law, "Pan law of all tracks: linear, equal-power, compromise or balance")
      ->type_name("LAW")
      ->check(CLI::IsMember({"linear", "equal-power", "compromise", "balance"}));
  app.add_option("--target-lufs", changes.target_lufs, "Integrated loudness to reach")
      ->type_name("LUFS")
      ->check(between(-70.0, 0.0));
  app.add_option("--ceiling", changes.ceiling_db, "Highest true peak in dBTP; -1 by default where there is a target")
      ->type_name("DB")
      ->check(between(-100.0, 20.0));
  app.add_option("--bit-depth", options.bit_depth, "16, 24 or 32 bit integers (default: float, else 24)")
      ->type_name("N")
      ->check(CLI::IsMember({16, 24, 32}));
  app.add_flag("--dither,!--no-dither", options.dither, "Dither 16 and 24 bits by triangular noise (the default)");
  app.add_option("--stems", options.stems, "Write each track as it is heard in the mix into this folder")
      ->type_name("DIR");
  app.add_option("--write-session", options.session, "Write the session that is mixed; without -o, nothing else")
      ->type_name("FILE");
  command.leave_out_of_recipe("--write-session");
}

}  // namespace sfa::tool
