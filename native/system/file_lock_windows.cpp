#include "system/file_lock.h"

#ifdef _WIN32

#include <windows.h>

#include <system_error>

namespace packetbeat {
namespace {

std::wstring wide(const std::string& text) {
  const int size = static_cast<int>(text.size());
  const int units = MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0);
  std::wstring result(static_cast<size_t>(units), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text.data(), size, result.data(), units);
  return result;
}

[[noreturn]] void fail(DWORD why) {
  throw std::system_error(static_cast<int>(why), std::system_category());
}

}  // namespace

intptr_t lock_file(const std::string& path) {
  const HANDLE file = CreateFileW(wide(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (file == INVALID_HANDLE_VALUE) fail(GetLastError());
  OVERLAPPED begin{};
  if (LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &begin))
    return reinterpret_cast<intptr_t>(file);
  const DWORD why = GetLastError();
  CloseHandle(file);
  if (why == ERROR_LOCK_VIOLATION || why == ERROR_IO_PENDING) return -1;
  fail(why);
}

void unlock_file(intptr_t lock) {
  CloseHandle(reinterpret_cast<HANDLE>(lock));
}

}  // namespace packetbeat

#endif
