#include "sfa/io/atomic_file.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "scratch.hpp"

using scratch::Folder;
using scratch::get;
using scratch::put;
using sfa::Error;
using namespace sfa::io;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("a file appears under its name when it is whole, and not before") {
  const Folder folder;
  const auto path = folder / "out.txt";
  {
    AtomicFile file(path);
    file.write("hello ");
    CHECK_FALSE(scratch::fs::exists(path));
    CHECK(folder.entries() == 1);
    file.write("world");
    file.commit();
  }
  CHECK(get(path) == "hello world");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what is not committed leaves nothing behind and the old file as it was") {
  const Folder folder;
  write_file(folder / "out", "old");
  {
    AtomicFile file(folder / "out");
    file.write("new");
    AtomicFile moved(std::move(file));
    moved.write("er");
  }
  CHECK(get(folder / "out") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an old file hands its permissions on, a new one gets the umask's") {
  const Folder folder;
  const auto old = ::umask(027);
  write_file(folder / "a", "x");
  ::umask(old);
  CHECK(mode_of(folder / "a") == 0640);
  REQUIRE(::chmod((folder / "a").c_str(), 0751) == 0);
  write_file(folder / "a", "y");
  CHECK(mode_of(folder / "a") == 0751);
}

TEST_CASE("a symbolic link stays one, and what it points to is replaced") {
  const Folder folder;
  scratch::fs::create_directory(folder / "sub");
  put(folder / "sub/target", "old");
  scratch::fs::create_symlink("sub/target", folder / "link");
  write_file(folder / "link", "new");
  CHECK(scratch::fs::is_symlink(folder / "link"));
  CHECK(get(folder / "sub/target") == "new");
  scratch::fs::create_symlink("sub/fresh", folder / "dangling");
  write_file(folder / "dangling", "made");
  CHECK(get(folder / "sub/fresh") == "made");
  scratch::fs::create_symlink("round", folder / "round");
  CHECK(scratch::kind_of([&] { write_file(folder / "round", "x"); }) == Error::Kind::io);
}

TEST_CASE("devices and pipes are written directly, and a full one is an error") {
  write_file("/dev/null", "gone");
  CHECK(scratch::error_of([] { write_file("/dev/full", "x"); }) == "/dev/full: No space left on device");
  CHECK(scratch::kind_of([] { write_file("/dev/full", "x"); }) == Error::Kind::io);
  const Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  std::string heard;
  std::thread listener([&] { heard = read_file(folder / "pipe"); });
  write_file(folder / "pipe", "through");
  listener.join();
  CHECK(heard == "through");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an open descriptor is written from where it stands, and what its file holds stays") {
  const Folder folder;
  put(folder / "log", "old\n");
  const int log = ::open((folder / "log").c_str(), O_WRONLY | O_APPEND);
  write_file("/dev/fd/" + std::to_string(log), "new\n");
  write_file("/proc/self/fd/" + std::to_string(log), "newer\n");
  ::close(log);
  CHECK(get(folder / "log") == "old\nnew\nnewer\n");
  CHECK(scratch::kind_of([&] { write_file("/dev/fd/" + std::to_string(log), ""); }) == Error::Kind::io);
}

TEST_CASE("places where nothing can be written are told in one line") {
  const Folder folder;
  put(folder / "file", "x");
  CHECK(scratch::error_of([&] { write_file(folder / "none/x", ""); }) ==
        (folder / "none/x") + ": No such file or directory");
  CHECK(scratch::kind_of([&] { write_file(folder / "none/x", ""); }) == Error::Kind::not_found);
  CHECK(scratch::error_of([&] { write_file(folder.str(), ""); }) == folder.str() + ": Is a directory");
  CHECK(scratch::kind_of([&] { write_file(folder / "file/x", ""); }) == Error::Kind::not_found);
  CHECK(scratch::kind_of([&] { write_file(folder / "new/", ""); }) == Error::Kind::io);
  CHECK(scratch::kind_of([] { write_file("", ""); }) == Error::Kind::not_found);
  CHECK(scratch::kind_of([&] { write_file(folder / std::string(300, 'n'), ""); }) == Error::Kind::io);
  CHECK(scratch::error_of([&] { write_file(folder / "a\nb/c", ""); }).find('\n') == std::string::npos);
}

TEST_CASE("the longest name a folder takes can be written") {
  const Folder folder;
  const std::string name(255, 'n');
  write_file(folder / name, "x");
  CHECK(get(folder / name) == "x");
}

TEST_CASE("a size limit or full disk in the middle is an error and leaves nothing") {
  const Folder folder;
  const int code = scratch::in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10000, 10000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_file(folder / "out", std::string(20000, 'x'));
    } catch (const Error& error) {
      return error.kind == Error::Kind::io ? 7 : 8;
    }
    return 0;
  });
  CHECK(code == 7);
  CHECK(folder.entries() == 0);
}

TEST_CASE("a signal handler can remove all temporaries at any moment") {
  const Folder folder;
  std::vector<AtomicFile> files;
  for (int i = 0; i < 20; ++i) files.emplace_back(folder / ("f" + std::to_string(i)));
  CHECK(folder.entries() == 20);
  remove_temporaries();
  CHECK(folder.entries() == 0);
  remove_temporaries();
  files.clear();
  write_file(folder / "later", "x");
  CHECK(folder.entries() == 1);
}

TEST_CASE("a process that is told to stop while it writes leaves whole files only") {
  const Folder folder;
  sigset_t terminate, before;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  for (int round = 0; round < 20; ++round) {
    ::sigprocmask(SIG_BLOCK, &terminate, &before);  // until the child has its handler
    const auto pid = ::fork();
    if (pid == 0) {
      ::signal(SIGTERM, [](int) {
        remove_temporaries();
        ::_exit(0);
      });
      ::sigprocmask(SIG_SETMASK, &before, nullptr);
      for (int i = 0;; ++i) write_file(folder / ("f" + std::to_string(i % 3)), std::string(5000, 'x'));
    }
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::usleep(static_cast<useconds_t>(500 * round));
    ::kill(pid, SIGTERM);
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  for (const auto& entry : scratch::fs::directory_iterator(folder.str())) {
    CHECK(entry.path().filename().string()[0] == 'f');
    CHECK(entry.file_size() == 5000);
  }
}

TEST_CASE("what a killed process left is removed when its folder is written to again") {
  const Folder folder;
  scratch::in_child([&] {
    new AtomicFile(folder / "out");
    new AtomicFile(folder / "other");
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  CHECK(folder.entries() == 2);
  put(folder / ".mine.sfa-x-1.tmp", "not named as ours are");
  const AtomicFile living(folder / "out");
  CHECK(folder.entries() == 2);
  CHECK(scratch::in_child([&] {
          const AtomicFile other(folder / "out");  // another process spares the living
          return static_cast<int>(folder.entries());
        }) == 3);
}

TEST_CASE("many threads and processes may write one name; each time it is one of theirs") {
  const Folder folder;
  std::vector<pid_t> children;
  for (int p = 0; p < 4; ++p) {
    const auto pid = ::fork();
    if (pid == 0) {
      for (int i = 0; i < 50; ++i) write_file(folder / "out", std::string(10000, static_cast<char>('a' + p)));
      ::_exit(0);
    }
    children.push_back(pid);
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) write_file(folder / "out", std::string(10000, static_cast<char>('A' + t)));
    });
  for (auto& thread : threads) thread.join();
  for (const auto pid : children) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);
  }
  const auto text = get(folder / "out");
  CHECK(text.size() == 10000);
  CHECK(text == std::string(10000, text[0]));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a whole file is read, up to a limit") {
  const Folder folder;
  const std::string text(300000, 'q');
  put(folder / "f", text);
  CHECK(read_file(folder / "f") == text);
  CHECK(read_file(folder / "f", 300000) == text);
  CHECK(scratch::kind_of([&] { (void)read_file(folder / "f", 299999); }) == Error::Kind::invalid_data);
  CHECK(scratch::kind_of([&] { (void)read_file("/dev/zero", 1 << 20); }) == Error::Kind::invalid_data);
  CHECK(read_file("/dev/null").empty());
  CHECK(scratch::kind_of([&] { (void)read_file(folder / "none"); }) == Error::Kind::not_found);
  CHECK(scratch::error_of([&] { (void)read_file(folder.str()); }) == folder.str() + ": Is a directory");
}
