#include "process/process_table.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include "check.h"
#include "process/answers.h"

using namespace packetbeat;
namespace fs = std::filesystem;

namespace {

/// A folder with what a /proc of our own making says.
class FakeProc {
 public:
  FakeProc() : root_((fs::temp_directory_path() / ("proc-" + std::to_string(::getpid()))).string()) {
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  ~FakeProc() { fs::remove_all(root_); }
  const std::string& root() const { return root_; }

  /// What was looked at a moment ago is not looked at again.
  static void later() { std::this_thread::sleep_for(std::chrono::milliseconds(10)); }

  void process(int pid, int parent, uint64_t started, const std::string& name, const std::string& arguments,
               const std::vector<uint32_t>& sockets) {
    const std::string folder = root_ + '/' + std::to_string(pid);
    fs::remove_all(folder);
    fs::create_directories(folder + "/fd");
    fs::create_directories(folder + "/task/" + std::to_string(pid));
    std::ofstream(folder + "/stat") << pid << " (" << name << ") S " << parent
                                    << " 1 1 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 " << started << " 1 2 3\n";
    std::ofstream(folder + "/status") << "Name:\t" << name << "\nTgid:\t" << pid << "\n";
    std::ofstream(folder + "/cmdline") << arguments;
    fs::create_symlink("/usr/bin/" + name, folder + "/exe");
    fs::create_symlink("/srv", folder + "/cwd");
    fs::create_symlink("/dev/null", folder + "/fd/0");
    int file = 3;
    for (const uint32_t inode : sockets)
      fs::create_symlink("socket:[" + std::to_string(inode) + "]", folder + "/fd/" + std::to_string(file++));
  }
  void gone(int pid) { fs::remove_all(root_ + '/' + std::to_string(pid)); }
  void last_pid(int pid) { std::ofstream(root_ + "/loadavg") << "0.1 0.2 0.3 1/100 " << pid << "\n"; }
  void children(int pid, const std::string& text) {
    const std::string number = std::to_string(pid);
    std::ofstream(root_ + '/' + number + "/task/" + number + "/children") << text;
  }

 private:
  const std::string root_;
};

using namespace std::string_literals;

void a_search_finds_the_youngest_holder_first() {
  FakeProc proc;
  proc.process(10, 1, 100, "master", "master\0"s, {500, 501});
  proc.process(11, 10, 110, "worker", "worker\0"s, {500, 502});
  proc.process(12, 10, 120, "worker", "worker\0"s, {500, 503});
  ProcessTable table(proc.root());
  ProcessTable::Wanted one{{500, {}}, {502, {}}, {999, {}}};
  CHECK(table.search_all(one, false));
  CHECK(one[500].pids.front() == 12 && one[502].pids == std::vector<int32_t>{11} && one[999].pids.empty());
  ProcessTable::Wanted every{{500, {}}};
  CHECK(table.search_all(every, true) && (every[500].pids == std::vector<int32_t>{12, 11, 10}));
  const auto known = table.known(503);
  CHECK(known && known->pid == 12 && known->name == "worker" && known->parent == 10);
  CHECK(known->executable == "/usr/bin/worker" && known->directory == "/srv");
  CHECK(!table.known(999));
}

void a_process_that_began_lately_is_looked_at_first() {
  FakeProc proc;
  proc.process(10, 1, 100, "old", "old\0"s, {500});
  proc.last_pid(10);
  ProcessTable table(proc.root());
  ProcessTable::Wanted wanted{{600, {}}};
  table.search_likely(wanted);
  CHECK(wanted[600].pids.empty() && table.counters().scanned == 0);
  proc.process(12, 1, 200, "young", "young\0"s, {600});
  proc.last_pid(13);  // its thread, which is no process
  table.search_likely(wanted);
  CHECK(wanted[600].pids == std::vector<int32_t>{12} && table.counters().scanned == 1);
  // It is looked at again, without a search of all, for what it opened since.
  proc.process(12, 1, 200, "young", "young\0"s, {600, 601});
  ProcessTable::Wanted more{{601, {}}};
  table.search_likely(more);
  CHECK(more[601].pids == std::vector<int32_t>{12} && table.counters().searches == 0);
}

void a_process_is_read_once_and_anew_when_it_is_another() {
  FakeProc proc;
  proc.process(10, 1, 100, "sh", "sh\0-c\0x y\0"s, {});
  ProcessTable table(proc.root());
  std::vector<uint32_t> described;
  table.described = [&](const ProcessPointer& process) { described.push_back(process->number); };
  const auto first = table.describe(10);
  CHECK(first && (first->arguments == std::vector<std::string>{"sh", "-c", "x y"}));
  CHECK(table.describe(10) == first && table.counters().read == 1);
  FakeProc::later();
  proc.process(10, 1, 100, "curl", "curl\0"s, {});  // exec: the same process, another program
  const auto second = table.describe(10);
  CHECK(second->name == "curl" && second->number != first->number && first->name == "sh");
  FakeProc::later();
  proc.process(10, 7, 300, "curl", "curl\0"s, {});  // the number is another's
  CHECK(table.describe(10)->parent == 7);
  FakeProc::later();
  proc.gone(10);
  CHECK(!table.describe(10));
  CHECK(described.size() == 3);
}

void a_number_that_was_given_to_another_is_not_taken_for_the_holder() {
  FakeProc proc;
  proc.process(10, 1, 100, "server", "server\0"s, {500});
  ProcessTable table(proc.root());
  ProcessTable::Wanted wanted{{500, {}}};
  CHECK(table.search_all(wanted, false) && table.known(500));
  FakeProc::later();
  proc.process(10, 1, 1ull << 40, "another", "another\0"s, {});  // begins after the search
  CHECK(!table.known(500));
}

void long_arguments_are_cut_and_counted() {
  FakeProc proc;
  proc.process(10, 1, 100, "java", "java\0"s + std::string(1 << 20, 'x') + '\0', {});
  proc.process(11, 1, 100, "java", "java\0"s + std::string(ProcessTable::kArguments - 6, 'x') + '\0', {});
  ProcessTable table(proc.root());
  const auto process = table.describe(10);
  CHECK(process->arguments.size() == 2 && process->arguments[1].size() == ProcessTable::kArguments - 5);
  CHECK(table.counters().arguments_cut == 1);
  CHECK(table.describe(11)->arguments[1].size() == ProcessTable::kArguments - 6);
  CHECK(table.counters().arguments_cut == 1);
}

void children_are_listed_youngest_first() {
  FakeProc proc;
  proc.process(10, 1, 100, "postgres", "postgres\0"s, {});
  ProcessTable table(proc.root());
  CHECK(table.children(10).empty() && table.children(11).empty());
  proc.children(10, "12 40 31 ");
  CHECK((table.children(10) == std::vector<int32_t>{40, 31, 12}));
  proc.children(10, "x 9 99999999999 8");
  CHECK((table.children(10) == std::vector<int32_t>{9, 8}));
}

void a_search_spends_no_more_than_its_share() {
  using std::chrono::milliseconds;
  SearchBudget budget(0.25, milliseconds(100));
  auto now = SearchBudget::Clock::now();
  CHECK(!budget.empty(now) && budget.wait() == SearchBudget::Span::zero());
  budget.spend(milliseconds(200));
  CHECK(budget.empty(now += milliseconds(100)));  // 75 are owed still
  CHECK(budget.wait() > milliseconds(250) && budget.wait() < milliseconds(310));
  CHECK(!budget.empty(now + milliseconds(310)));
}

ProcessPointer numbered(uint32_t number) {
  auto process = std::make_shared<Process>();
  process->number = number;
  return process;
}

void answers_are_kept_until_many_others_were_asked_for() {
  Answers answers;
  CHECK(answers.get(0).state == AnswerState::Forgotten && answers.get(1).state == AnswerState::Forgotten);
  const uint32_t ticket = answers.begin();
  CHECK(answers.get(ticket).state == AnswerState::Waiting);
  answers.tell(ticket, 0, nullptr, true);
  CHECK(answers.get(ticket).state == AnswerState::Waiting);
  answers.tell(ticket, 1, numbered(5), false);
  CHECK(answers.get(ticket).state == AnswerState::Passing && answers.get(ticket).side[1]->number == 5);
  answers.tell(ticket, 1, numbered(6), true);
  const ProcessAnswer answer = answers.get(ticket);
  CHECK(answer.state == AnswerState::Final && !answer.side[0] && answer.side[1]->number == 6);
  for (uint32_t i = 1; i < Answers::kAnswers; ++i) answers.begin();
  CHECK(answers.get(ticket).state == AnswerState::Final);
  answers.begin();
  CHECK(answers.get(ticket).state == AnswerState::Forgotten);
  answers.tell(ticket, 0, numbered(7), true);  // of another now
  CHECK(!answers.get(ticket + Answers::kAnswers).side[0]);
}

void a_process_can_be_asked_for_while_somebody_holds_it() {
  Answers answers;
  ProcessPointer held = numbered(3);
  answers.list(held);
  for (uint32_t number = 10; number < 5000; ++number) answers.list(numbered(number));
  CHECK(answers.process(3) == held && !answers.process(10));
  held.reset();
  CHECK(!answers.process(3));
}

}  // namespace

int main() {
  a_search_finds_the_youngest_holder_first();
  a_process_that_began_lately_is_looked_at_first();
  a_process_is_read_once_and_anew_when_it_is_another();
  a_number_that_was_given_to_another_is_not_taken_for_the_holder();
  long_arguments_are_cut_and_counted();
  children_are_listed_youngest_first();
  a_search_spends_no_more_than_its_share();
  answers_are_kept_until_many_others_were_asked_for();
  a_process_can_be_asked_for_while_somebody_holds_it();
}
