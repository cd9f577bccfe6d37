// What an output was made of, in 32 hex digits: the tool, its version, the options that matter and
// the bytes of the inputs. Outputs carry it (JSON in "made_by", sound files and .npz in their
// comment, MIDI in a text event), so that a tool can see that its output is already there, and can tell
// its own output from somebody else's file.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sfa::io {

class Recipe {
 public:
  Recipe(std::string tool, std::string version);
  /// Adds an option's name and value. Options that cannot change the output (-q, -j) stay out.
  Recipe& option(std::string_view name, std::string_view value);
  /// Adds the bytes of a file. What comes down a pipe cannot be known without taking it away from
  /// its reader: then text() ends in 32 zeros, which marks the output as ours but never as current.
  Recipe& file(const std::string& path);
  /// There is more in it that cannot be known: text() ends in 32 zeros.
  Recipe& unknown();
  [[nodiscard]] bool is_unknown() const { return unknown_input_; }
  /// "sfa-slice 0.1.0 3f2a..." with 32 hex digits.
  [[nodiscard]] std::string text() const;

 private:
  std::string tool_, version_, material_;
  bool unknown_input_ = false;
};

/// The recipe that a file carries, whatever its format; none in somebody else's file. Looks at the
/// first and last 64 KiB only (JSON: at the first), and throws for no file, however odd.
[[nodiscard]] std::optional<std::string> recipe_of(const std::string& path);

enum class Standing {
  absent,     // nothing is there, or a device or a pipe: make it
  current,    // made by this recipe: nothing to do
  outdated,   // made by this tool in another way: make it anew
  foreign,    // made by anything else, another tool of ours too, or a document that somebody edited
              // since (its seal in "made_by" is broken): do not touch without -f
};

[[nodiscard]] Standing standing(const std::string& path, const std::string& recipe);

}  // namespace sfa::io
