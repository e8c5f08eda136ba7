#include "system/file_lock.h"

#ifdef _WIN32
int main() {}
#else

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "check.h"

using namespace packetbeat;

namespace {

void one_has_it_until_it_lets_go(const std::string& path) {
  const intptr_t lock = lock_file(path);
  CHECK(lock >= 0);
  CHECK(lock_file(path) == -1);
  unlock_file(lock);
  const intptr_t again = lock_file(path);
  CHECK(again >= 0);
  unlock_file(again);
}

void a_killed_process_has_it_no_longer(const std::string& path) {
  int ready[2];
  CHECK(pipe(ready) == 0);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    const char held = lock_file(path) >= 0 ? 'y' : 'n';
    if (write(ready[1], &held, 1) == 1) pause();
    _exit(1);
  }
  char held = 0;
  CHECK(read(ready[0], &held, 1) == 1 && held == 'y');
  CHECK(lock_file(path) == -1);
  CHECK(kill(child, SIGKILL) == 0 && waitpid(child, nullptr, 0) == child);
  const intptr_t lock = lock_file(path);
  CHECK(lock >= 0);
  unlock_file(lock);
}

void a_folder_that_is_not_there_is_an_error(const std::string& folder) {
  bool thrown = false;
  try {
    lock_file(folder + "/nowhere/lock");
  } catch (const std::system_error& error) {
    thrown = error.code().value() == ENOENT;
  }
  CHECK(thrown);
}

}  // namespace

int main() {
  char name[] = "/tmp/file-lock-XXXXXX";
  const std::string folder = mkdtemp(name);
  const std::string path = folder + "/lock";
  one_has_it_until_it_lets_go(path);
  a_killed_process_has_it_no_longer(path);
  a_folder_that_is_not_there_is_an_error(folder);
  unlink(path.c_str());
  rmdir(folder.c_str());
}

#endif
