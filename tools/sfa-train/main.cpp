// sfa-train: learns to separate from songs whose stems are there.
#include "options.hpp"
#include "run.hpp"

int main(int argc, char** argv) {
  return sfa::tool::run("sfa-train", argc, argv, "Train a separation network", [](sfa::tool::Command& command) {
    sfa::tool::Options options;
    describe(command, options);
    command.parse();
    train(command, options);
  });
}
