// What a process is: read from its files, and remembered.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>

#include "process/proc_text.h"
#include "process/process_table.h"

namespace packetbeat {
namespace {

using Clock = SearchBudget::Clock;

/// Servers write what they do over their arguments; what was read longer ago is read anew.
constexpr auto kFresh = std::chrono::seconds(30);

/// A process that was there a moment ago is there: of a busy one each connection asks. No number comes again
/// so soon.
constexpr auto kChecked = std::chrono::milliseconds(5);

/// When the machine started, in milliseconds since the Unix epoch.
int64_t boot_time() {
  timespec now{}, up{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  return (now.tv_sec - up.tv_sec) * 1000 + (now.tv_nsec - up.tv_nsec) / 1'000'000;
}

std::string link_target(const std::string& path) {
  char target[4096];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  return {target, static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

bool same(const Process& a, const Process& b) {
  return a.pid == b.pid && a.started == b.started && a.parent == b.parent && a.name == b.name &&
         a.executable == b.executable && a.directory == b.directory && a.arguments == b.arguments;
}

uint64_t weight(const Process& process) {
  uint64_t bytes =
      sizeof process + process.name.size() + process.executable.size() + process.directory.size();
  for (const std::string& argument : process.arguments) bytes += sizeof argument + argument.size();
  return bytes;
}

}  // namespace

ProcessTable::ProcessTable(std::string root)
    : root_(std::move(root)),
      ticks_(std::max<int64_t>(::sysconf(_SC_CLK_TCK), 1)),
      held_(std::make_shared<std::atomic<uint64_t>>(0)) {
  if (read_file(root_ + "/loadavg", text_, 128)) last_pid_ = last_pid(text_);
}

ProcessPointer ProcessTable::describe(int32_t pid) {
  const auto now = Clock::now();
  const auto present = processes_.find(pid);
  if (present != processes_.end() && now - present->second.checked < kChecked) return present->second.process;
  std::string text;
  // With a name of 64 bytes at most, a kernel thread's, the line has never more than this.
  if (!read_file(root_ + '/' + std::to_string(pid) + "/stat", text, 2048)) return nullptr;
  const auto stat = parse_stat(text);
  if (!stat) return nullptr;
  if (present != processes_.end()) {
    const Process& process = *present->second.process;
    // The same number and start are the same process; another name is another program in it, after exec.
    const bool renamed = !process.name.starts_with(stat->name);
    if (process.started == stat->started && !renamed && now - present->second.read < kFresh) {
      present->second.checked = now;
      return present->second.process;
    }
  }
  ProcessPointer process = read(pid, text);
  if (!process) return nullptr;
  if (present != processes_.end()) {
    present->second.read = present->second.checked = now;
    if (same(*present->second.process, *process)) return present->second.process;
    present->second.process = process;
  } else {
    if (processes_.size() >= kProcesses) {
      processes_.erase(order_.front());
      order_.pop_front();
    }
    processes_.emplace(pid, Remembered{process, now, now});
    order_.push_back(pid);
  }
  if (described) described(process);
  return process;
}

ProcessPointer ProcessTable::read(int32_t pid, std::string_view line) {
  const auto stat = parse_stat(line);
  const std::string folder = root_ + '/' + std::to_string(pid);
  Process process;
  process.pid = pid;
  process.parent = stat->parent;
  process.started = stat->started;
  process.start = boot_time() + static_cast<int64_t>(stat->started) * 1000 / ticks_;
  process.start -= process.start % (1000 / std::min<int64_t>(ticks_, 1000));  // no finer than the kernel's
  std::string arguments;
  const size_t longest = held_->load() > kHeld ? kFewArguments : kArguments;
  if (read_file(folder + "/cmdline", arguments, longest + 1) && arguments.size() > longest) {
    ++counters_.arguments_cut;
    arguments.resize(longest);
  }
  process.arguments = split_arguments(arguments);
  process.name = full_name(stat->name, process.arguments);
  process.executable = link_target(folder + "/exe");
  constexpr std::string_view kDeleted = " (deleted)";  // what the kernel adds when the file was replaced
  if (process.executable.ends_with(kDeleted))
    process.executable.resize(process.executable.size() - kDeleted.size());
  process.directory = link_target(folder + "/cwd");
  process.number = ++numbers_;
  ++counters_.read;
  const uint64_t bytes = weight(process);
  held_->fetch_add(bytes);
  return ProcessPointer(new Process(std::move(process)), [held = held_, bytes](const Process* gone) {
    held->fetch_sub(bytes);
    delete gone;
  });
}

}  // namespace packetbeat
