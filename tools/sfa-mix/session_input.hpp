// What is to be mixed: from the inputs, then changed by the command line.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sfa/mix/session.hpp"
#include "sound_files.hpp"

namespace sfa::tool {

struct SessionInput {
  mix::Session session;  // paths in it start from the working folder
  std::string document;  // that it stands in; empty if it was made of sound files
};

/// A session of one sfa.session or sfa.stems document, or of sound files, each a track of its
/// name without folder and ending ("drums", and "drums-2" if there is one already). Throws UsageError
/// for a document among several inputs.
[[nodiscard]] SessionInput read_session(const std::vector<std::string>& inputs, SoundFiles& files);

struct Changes {
  std::vector<std::string> gains, pans;  // "NAME=VALUE"
  std::vector<std::string> mutes, solos;
  std::string pan_law;
  std::optional<double> target_lufs, ceiling_db;
  int sample_rate = 0;
};

constexpr double default_ceiling_db = -1.0;  // EBU R 128 (2020): maximum permitted true peak level

/// Throws UsageError for a name that no track has or a value out of range. A target loudness
/// without a ceiling gets the default one.
void apply(const Changes& changes, mix::Session& session);

/// Writes `session` to `path`, "-" for standard output, with paths as that document calls its clips.
void write_session(const std::string& path, mix::Session session, const std::string& recipe);

}  // namespace sfa::tool
