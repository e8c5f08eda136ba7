#include "system/account.h"

#ifndef _WIN32

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#ifdef __linux__
#include <linux/capability.h>
#include <sys/syscall.h>
#endif

namespace packetbeat {
namespace {

constexpr size_t kFirstBuffer = 1 << 10, kLargestBuffer = 1 << 20;  // bytes of an entry; groups can be large

/// Calls getpwnam_r or getgrnam_r with more and more memory until its answer fits.
template <typename Entry, typename Ask>
std::optional<Entry> entry_of(Ask ask, std::vector<char>& buffer) {
  for (buffer.resize(kFirstBuffer);; buffer.resize(buffer.size() * 2)) {
    Entry entry;
    Entry* found = nullptr;
    const int error = ask(&entry, buffer.data(), buffer.size(), &found);
    if (found != nullptr) return entry;
    if (error != ERANGE || buffer.size() >= kLargestBuffer) return std::nullopt;
  }
}

std::vector<uint32_t> groups_of(const char* name, gid_t group) {
#ifdef __APPLE__
  using Group = int;
#else
  using Group = gid_t;
#endif
  std::vector<Group> groups(64);
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(name, static_cast<Group>(group), groups.data(), &count) < 0) {
    groups.resize(static_cast<size_t>(count));
    if (::getgrouplist(name, static_cast<Group>(group), groups.data(), &count) < 0) count = 0;
  }
  return {groups.begin(), groups.begin() + count};
}

[[noreturn]] void fail() {
  throw std::system_error(errno, std::generic_category());
}

}  // namespace

std::optional<User> find_user(const std::string& name) {
  std::vector<char> buffer;
  const auto found =
      entry_of<passwd>([&](auto... more) { return ::getpwnam_r(name.c_str(), more...); }, buffer);
  if (!found) return std::nullopt;
  return User{found->pw_uid, found->pw_gid, groups_of(found->pw_name, found->pw_gid)};
}

std::optional<uint32_t> find_group(const std::string& name) {
  std::vector<char> buffer;
  const auto found =
      entry_of<group>([&](auto... more) { return ::getgrnam_r(name.c_str(), more...); }, buffer);
  if (!found) return std::nullopt;
  return found->gr_gid;
}

#ifdef __linux__

void allow_capture(bool allowed) {
  // Of this thread alone: what the others do meanwhile, such as opening files, they do as the user.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3]{};
  if (::syscall(SYS_capget, &header, data) != 0) fail();
  constexpr uint32_t wanted = 1u << CAP_NET_RAW | 1u << CAP_NET_ADMIN;
  data[0].effective = allowed ? data[0].permitted & wanted : 0;
  data[1].effective = 0;
  if (::syscall(SYS_capset, &header, data) != 0) fail();
}

void give_up_root() {
  // libc changes every thread; the kernel takes the capabilities when the last of a thread's ids is not
  // root's.
  const gid_t group = ::getegid();
  const uid_t user = ::geteuid();
  if (::setresgid(group, group, group) != 0 || ::setresuid(user, user, user) != 0) fail();
}

#else

void allow_capture(bool allowed) {
  static const uid_t user = ::geteuid();
  if (::seteuid(allowed ? 0 : user) != 0) fail();
}

void give_up_root() {
  const gid_t group = ::getegid();
  const uid_t user = ::geteuid();
  if (::setregid(group, group) != 0 || ::setreuid(user, user) != 0) fail();
}

#endif

}  // namespace packetbeat

#else

namespace packetbeat {

std::optional<User> find_user(const std::string&) {
  return std::nullopt;
}

std::optional<uint32_t> find_group(const std::string&) {
  return std::nullopt;
}

void allow_capture(bool) {}

void give_up_root() {}

}  // namespace packetbeat

#endif
