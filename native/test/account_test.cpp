#include "system/account.h"

#ifdef _WIN32
int main() {}
#else

#include <grp.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "check.h"

using namespace packetbeat;

namespace {

constexpr uid_t kUser = 64322;
constexpr gid_t kGroup = 64323;

void users_and_groups_are_found_by_name() {
  const auto root = find_user("root");
  CHECK(root && root->id == 0 && root->group == 0);
  CHECK(std::find(root->groups.begin(), root->groups.end(), 0) != root->groups.end());
  CHECK(!find_user("nobody-here"));
  CHECK(!find_user(""));
  CHECK(!find_group("none-here"));
  CHECK(find_group(getgrgid(0)->gr_name) == 0u);
}

// In a process of its own, which ends with what it could not do.
int give_up() {
  std::atomic<bool> given{false}, ready{false};
  std::atomic<int> other{-1};
  std::thread thread([&] {
    ready = true;
    while (!given) std::this_thread::yield();
    other = getuid() == kUser && geteuid() == kUser && getgid() == kGroup && seteuid(0) != 0 ? 0 : 1;
  });
  while (!ready) std::this_thread::yield();
  if (setegid(kGroup) != 0 || seteuid(kUser) != 0) return 2;
  allow_capture(true);
  allow_capture(false);
  give_up_root();
  given = true;
  thread.join();
  if (other != 0) return 3;
  return getuid() == kUser && seteuid(0) != 0 && setegid(0) != 0 ? 0 : 4;
}

void root_is_given_up_in_all_threads() {
  if (getuid() != 0) return;
  const pid_t child = fork();
  if (child == 0) _exit(give_up());
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace

int main() {
  users_and_groups_are_found_by_name();
  root_is_given_up_in_all_threads();
}

#endif
