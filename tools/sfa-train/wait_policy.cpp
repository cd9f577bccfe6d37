#include "wait_policy.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace sfa::tool {

void wait_without_spinning(char** arguments) {
  constexpr auto policy = "OMP_WAIT_POLICY";
  if (std::getenv(policy) != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);  // by its path, so that it keeps its name
  if (error || ::setenv(policy, "passive", 1) != 0) return;
  ::execv(program.c_str(), arguments);
  ::unsetenv(policy);  // it is still this program, which waits as before
}

}  // namespace sfa::tool
