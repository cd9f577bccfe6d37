#include "sfa/audio/error.hpp"

namespace sfa {
namespace {

std::string one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return text;
}

}  // namespace

Error::Error(Kind kind_, const std::string& message) : std::runtime_error(one_line(message)), kind(kind_) {}

}  // namespace sfa
