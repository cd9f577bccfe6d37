// sfa-train: learns to separate from songs whose stems are there.
#include "options.hpp"
#include "plot.hpp"
#include "run.hpp"
#include "wait_policy.hpp"

int main(int argc, char** argv) {
  return sfa::tool::run("sfa-train", argc, argv, "Train a separation network", [&](sfa::tool::Command& command) {
    sfa::tool::Options options;
    describe(command, options);
    command.parse();
    check(command, options);
    if (!options.plot.empty()) return plot(command, options.plot);
    sfa::tool::wait_without_spinning(argv);
    train(command, options);
  });
}
