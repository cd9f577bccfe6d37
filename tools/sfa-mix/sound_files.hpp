// The files that a mix reads its clips from.
#pragma once
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "sfa/mix/sounds.hpp"

namespace sfa::tool {

/// What comes down standard input ("-") is kept in a file without a name, so that it can be read more
/// than once.
class SoundFiles : public mix::Sounds {
 public:
  [[nodiscard]] mix::SoundShape shape(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<mix::Sound> open(const std::string& path) override;

  /// A path that can be opened any number of times: `path` itself but for "-".
  [[nodiscard]] std::string readable(const std::string& path);

 private:
  void keep_standard_input();
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::map<std::string, mix::SoundShape> shapes_;
  std::unique_ptr<std::FILE, Close> standard_input_;
};

}  // namespace sfa::tool
