// The one exception that the library throws on purpose.
#pragma once
#include <stdexcept>
#include <string>

namespace sfa {

struct Error : std::runtime_error {
  enum class Kind {
    invalid_argument,  // a value outside its documented range
    not_found,         // a file, device or name that is not there
    invalid_data,      // a file or document that is not what it should be
    unsupported,       // well-formed, but beyond what this build can do
    exists,            // would overwrite somebody else's file
    io,                // the system refused: disk full, permission, broken device
    cancelled,         // a progress callback said stop
  };

  /// `message` is one line without a trailing period; control characters in it (from file
  /// names or documents) are replaced by '?', so that it stays one line on a terminal.
  Error(Kind kind_, const std::string& message);

  Kind kind;
};

}  // namespace sfa
