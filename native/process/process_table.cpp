#include "process/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>

#include "process/proc_text.h"

namespace packetbeat {
namespace {

using Clock = SearchBudget::Clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// A new process opens its socket within that time, or is found by the search of all.
constexpr auto kYoungFor = seconds(2);
constexpr size_t kYoung = 128, kRecent = 16;
/// Threads have numbers, too: of many that came at once the youngest are looked at.
constexpr int32_t kNewAtOnce = 256;
constexpr auto kLongestSearch = milliseconds(500);
/// Files of one process that are looked at; few have a hundred thousand.
constexpr size_t kFiles = 1 << 17;

int32_t number_of(const char* name) {
  int32_t number = 0;
  const std::string_view text = name;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : 0;
}

class Folder {
 public:
  explicit Folder(const std::string& path) : folder_(::opendir(path.c_str())) {}
  ~Folder() {
    if (folder_) ::closedir(folder_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  explicit operator bool() const { return folder_ != nullptr; }
  int file() const { return ::dirfd(folder_); }
  const char* next() {
    const dirent* entry = ::readdir(folder_);
    return entry ? entry->d_name : nullptr;
  }

 private:
  DIR* folder_;
};

size_t without_holder(const ProcessTable::Wanted& wanted) {
  return static_cast<size_t>(
      std::count_if(wanted.begin(), wanted.end(), [](const auto& each) { return each.second.pids.empty(); }));
}

}  // namespace

bool SearchBudget::empty(Clock::time_point now) {
  left_ = std::min(burst_, left_ + std::chrono::duration_cast<Span>((now - since_) * share_));
  since_ = now;
  return left_ <= Span::zero();
}

SearchBudget::Span SearchBudget::wait() const {
  return left_ > Span::zero() ? Span::zero() : std::chrono::duration_cast<Span>(-left_ / share_);
}

ProcessPointer ProcessTable::known(uint32_t inode) {
  const auto found = known_.find(inode);
  if (found == known_.end()) return nullptr;
  const Known known = found->second;
  auto process = describe(known.pid);
  if (process && process->start <= known.time) {
    note_recent(known.pid);
    return process;
  }
  // It has ended since, but it was this one that had the socket.
  if (const auto present = processes_.find(known.pid);
      !process && present != processes_.end() && Clock::now() - present->second.read < kYoungFor)
    return present->second.process;
  known_.erase(inode);
  return nullptr;
}

void ProcessTable::remember(uint32_t inode, int32_t pid) {
  if (known_.size() >= kKnown) known_.clear();  // a search of all brings back what still is
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  known_.insert_or_assign(inode, Known{pid, std::chrono::duration_cast<milliseconds>(now).count()});
}

void ProcessTable::note_recent(int32_t pid) {
  const auto present = std::find(recent_.begin(), recent_.end(), pid);
  if (present != recent_.end()) recent_.erase(present);
  recent_.push_front(pid);
  if (recent_.size() > kRecent) recent_.pop_back();
}

/// Looks through the files of a process. `missing` counts down with each wanted socket that had no holder
/// yet. False: the process is gone, or may not be looked into.
bool ProcessTable::scan(int32_t pid, Wanted& wanted, bool every, size_t& missing) {
  Folder folder(root_ + '/' + std::to_string(pid) + "/fd");
  if (!folder) {
    if (errno == EACCES || errno == EPERM) ++counters_.denied;
    return false;
  }
  ++counters_.scanned;
  char link[64];
  size_t files = 0;
  while (const char* name = folder.next()) {
    if (!std::isdigit(static_cast<unsigned char>(name[0]))) continue;
    if (++files > kFiles) break;
    const ssize_t length = ::readlinkat(folder.file(), name, link, sizeof link);
    if (length <= 0) continue;
    const uint32_t inode = socket_inode({link, static_cast<size_t>(length)});
    if (inode == 0) continue;
    const auto found = wanted.find(inode);
    if (found == wanted.end()) {
      if (every || !known_.contains(inode)) remember(inode, pid);
      continue;
    }
    auto& pids = found->second.pids;
    if (std::find(pids.begin(), pids.end(), pid) != pids.end()) continue;
    if (pids.empty()) {
      remember(inode, pid);
      --missing;
    }
    if (pids.size() < kHolders) pids.push_back(pid);
    if (missing == 0 && !every) return true;
  }
  return true;
}

/// A number may be a thread's; then its process has done something just now, and is as likely.
void ProcessTable::note_young(int32_t number, Clock::time_point now) {
  if (!read_file(root_ + '/' + std::to_string(number) + "/status", text_, 512)) return;
  const int32_t pid = leader(text_);
  if (pid > 0 && (young_.empty() || young_.front().pid != pid)) young_.push_front({pid, now});
}

void ProcessTable::search_likely(Wanted& wanted) {
  const auto now = Clock::now();
  if (read_file(root_ + "/loadavg", text_, 128)) {
    const int32_t last = last_pid(text_);
    // Where numbers began anew, what was missed is found by the search of all.
    if (last_pid_ != 0 && last > last_pid_)
      for (int32_t number = std::max(last_pid_, last - kNewAtOnce) + 1; number <= last; ++number)
        note_young(number, now);
    last_pid_ = last;
  }
  while (!young_.empty() && (young_.size() > kYoung || now - young_.back().since > kYoungFor))
    young_.pop_back();

  size_t missing = without_holder(wanted);
  for (auto each = young_.begin(); each != young_.end() && missing > 0;) {
    const size_t before = missing;
    const bool there = scan(each->pid, wanted, false, missing);
    // It may be ending: what it is has to be read now.
    if (missing < before) describe(each->pid);
    each = there ? each + 1 : young_.erase(each);
  }
  for (auto each = recent_.begin(); each != recent_.end() && missing > 0;)
    each = scan(*each, wanted, false, missing) ? each + 1 : recent_.erase(each);
}

bool ProcessTable::search_all(Wanted& wanted, bool every) {
  ++counters_.searches;
  const auto latest = Clock::now() + kLongestSearch;
  size_t missing = without_holder(wanted);
  for (const int32_t pid : all()) {
    if (missing == 0 && !every) return true;
    if (Clock::now() > latest) {
      ++counters_.searches_cut;
      return false;
    }
    scan(pid, wanted, every, missing);
  }
  return true;
}

void ProcessTable::search_among(Wanted& wanted, const std::vector<int32_t>& pids) {
  size_t missing = without_holder(wanted);
  for (const int32_t pid : pids) {
    if (missing == 0) return;
    scan(pid, wanted, false, missing);
  }
}

std::vector<int32_t> ProcessTable::all() {
  std::vector<int32_t> pids;
  Folder folder(root_);
  if (!folder) return pids;
  while (const char* name = folder.next())
    if (const int32_t pid = number_of(name); pid > 0) pids.push_back(pid);
  // Numbers grow until they begin anew: nearly always the youngest come first.
  std::sort(pids.rbegin(), pids.rend());
  return pids;
}

std::vector<int32_t> ProcessTable::children(int32_t pid) {
  std::vector<int32_t> pids;
  const std::string number = std::to_string(pid);
  std::string text;
  if (!read_file(root_ + '/' + number + "/task/" + number + "/children", text, 64 << 10)) return pids;
  for (const char* at = text.data(); at < text.data() + text.size();) {
    int32_t child = 0;
    const auto [end, error] = std::from_chars(at, text.data() + text.size(), child);
    if (error == std::errc{} && child > 0) pids.push_back(child);
    at = end + 1;
  }
  std::sort(pids.rbegin(), pids.rend());
  return pids;
}

uint32_t ProcessTable::network_namespace(int32_t pid) const {
  char link[64];
  const std::string path = root_ + '/' + std::to_string(pid) + "/ns/net";
  const ssize_t length = ::readlink(path.c_str(), link, sizeof link);
  if (length <= 0) return 0;
  std::string_view text(link, static_cast<size_t>(length));
  if (!text.starts_with("net:[")) return 0;
  return socket_inode("socket:[" + std::string(text.substr(5)));
}

bool ProcessTable::read_file(const std::string& path, std::string& into, size_t longest) const {
  into.clear();
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  into.resize(longest);
  size_t filled = 0;
  while (filled < longest) {
    const ssize_t length = ::read(file, into.data() + filled, longest - filled);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    filled += static_cast<size_t>(length);
  }
  ::close(file);
  into.resize(filled);
  return true;
}

}  // namespace packetbeat
