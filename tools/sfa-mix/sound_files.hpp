// The files that a mix reads its clips from.
#pragma once
#include <map>
#include <memory>
#include <string>

#include "sfa/io/input.hpp"
#include "sfa/mix/sounds.hpp"

namespace sfa::tool {

/// What comes down a stream is kept in a file without a name, so that it can be read more than once.
class SoundFiles : public mix::Sounds {
 public:
  [[nodiscard]] mix::SoundShape shape(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<mix::Sound> open(const std::string& path) override;

  /// A path that can be opened any number of times: `path` itself but for a stream.
  [[nodiscard]] std::string readable(const std::string& path);

 private:
  std::map<std::string, mix::SoundShape> shapes_;
  std::map<std::string, io::SpooledInput> streams_;
};

}  // namespace sfa::tool
