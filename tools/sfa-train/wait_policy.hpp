// How the threads of libtorch wait for one another.
#pragma once

namespace sfa::tool {

/// GCC's OpenMP, which libtorch runs on, lets threads that have nothing to do turn in a loop. Where another process wants
/// the core, a step takes several times as long then. It reads the environment as it is loaded, and takes no word after,
/// so this starts the program anew, with the same arguments and OMP_WAIT_POLICY=passive. Does nothing where the user
/// said how to wait.
void wait_without_spinning(char** arguments);

}  // namespace sfa::tool
