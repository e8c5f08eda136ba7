#include <signal.h>
#include <sys/wait.h>

#include <cstring>
#include <thread>

#include "check.h"
#include "own_network.h"
#include "process/finder.h"

using namespace packetbeat;

namespace {

using Ends = std::pair<sockaddr_storage, socklen_t>;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  CHECK(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  return ntohs(address.sin_port);
}

int listener(uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  const sockaddr_in address = loopback(port);
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  CHECK(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  CHECK(::listen(socket, 64) == 0);
  return socket;
}

int connected(uint16_t port, int kind = SOCK_STREAM) {
  const int socket = ::socket(AF_INET, kind, 0);
  const sockaddr_in address = loopback(port);
  CHECK(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return socket;
}

Endpoints ends(uint16_t source_port, uint16_t destination_port, uint8_t protocol = kTcp) {
  Endpoints ends;
  ends.version = 4;
  ends.protocol = protocol;
  ends.source = ends.destination = {127, 0, 0, 1};
  ends.source_port = source_port;
  ends.destination_port = destination_port;
  return ends;
}

/// What is known for good.
ProcessAnswer final_answer(ProcessLookup& lookup, const Endpoints& asked) {
  const uint32_t ticket = lookup.ask(asked);
  CHECK(ticket != 0);
  for (int waited = 0; waited < 5000; ++waited) {
    const ProcessAnswer answer = lookup.answer(ticket);
    if (answer.state == AnswerState::Final) return answer;
    CHECK(answer.state != AnswerState::Forgotten);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(!"no answer within five seconds");
  return {};
}

uint64_t counted(const ProcessLookup& lookup, std::string_view name) {
  for (const auto& [each, value] : lookup.stats())
    if (each == name) return value;
  CHECK(!"no such counter");
  return 0;
}

/// Runs in a process of its own, until it is killed.
class Child {
 public:
  template <typename Act>
  explicit Child(Act act) : pid_(::fork()) {
    if (pid_ != 0) return;
    act();
    for (;;) ::pause();
  }
  ~Child() { end(); }
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  int pid() const { return pid_; }

 private:
  pid_t pid_;
};

void both_ends_are_found(const ProcessLookupOptions& options) {
  const int server = listener(7001);
  Child client([server] {
    ::close(server);
    connected(7001);
  });
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  const int accepted = ::accept(server, reinterpret_cast<sockaddr*>(&peer), &length);
  CHECK(accepted >= 0);
  ProcessFinder finder(options);
  const auto answer = final_answer(finder, ends(ntohs(peer.sin_port), 7001));
  CHECK(answer.side[0] && answer.side[0]->pid == client.pid() && answer.side[0]->parent == ::getpid());
  CHECK(answer.side[1] && answer.side[1]->pid == ::getpid());
  CHECK(answer.side[1]->name == "process_finder_test" &&
        answer.side[1]->executable.ends_with("process_finder_test"));
  CHECK(finder.process(answer.side[0]->number) == answer.side[0]);
  CHECK(counted(finder, "procs.found") == 2 && counted(finder, "procs.missed") == 0);
  CHECK((counted(finder, "procs.by_proc_net") > 0) == !options.netlink);
  ::close(accepted);
  ::close(server);
}

void a_datagram_socket_that_is_not_connected_is_found() {
  const int server = ::socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in address = loopback(7002);
  CHECK(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const int client = connected(7002, SOCK_DGRAM);
  ProcessFinder finder({});
  const auto answer = final_answer(finder, ends(port_of(client), 7002, kUdp));
  CHECK(answer.side[0] && answer.side[0]->pid == ::getpid() && answer.side[1] &&
        answer.side[1]->pid == ::getpid());
  ::close(client);
  ::close(server);
}

void the_child_that_serves_is_found_and_else_the_listener() {
  const int server = listener(7003);
  Child forks([server] {
    for (;;) {
      const int accepted = ::accept(server, nullptr, nullptr);
      if (::fork() == 0) {
        ::close(server);
        for (;;) ::pause();
      }
      ::close(accepted);
    }
  });
  ::close(server);
  ProcessFinder finder({});
  const int client = connected(7003);
  const auto answer = final_answer(finder, ends(port_of(client), 7003));
  CHECK(answer.side[1] && answer.side[1]->pid != forks.pid() && answer.side[1]->parent == forks.pid());
  CHECK(::kill(answer.side[1]->pid, SIGKILL) == 0);
  CHECK(::kill(forks.pid(), SIGSTOP) == 0);  // accepts no more
  const int waiting = connected(7003);
  const auto listens = final_answer(finder, ends(port_of(waiting), 7003));
  CHECK(listens.side[1] && listens.side[1]->pid == forks.pid());
  ::close(client);
  ::close(waiting);
}

void what_is_nobodys_is_missed_and_what_is_elsewhere_is_not_asked_for() {
  ProcessFinder finder({});
  const auto nobody = final_answer(finder, ends(7, 9));
  CHECK(!nobody.side[0] && !nobody.side[1] && counted(finder, "procs.missed") == 2);
  Endpoints far = ends(7, 9);
  far.source = {203, 0, 113, 1};
  far.destination = {203, 0, 113, 2};
  const auto elsewhere = final_answer(finder, far);
  CHECK(!elsewhere.side[0] && counted(finder, "procs.not_local") == 2 &&
        counted(finder, "procs.looked_up") == 2);
  Endpoints ping = ends(8, 0, kIcmp);
  CHECK(finder.ask(ping) == 0);
}

void a_socket_that_is_gone_was_seen_early() {
  const int server = listener(7004);
  ProcessLookupOptions options;
  options.devices = {"lo"};
  ProcessFinder finder(options);
  uint16_t ports[2];
  int pipes[2];
  CHECK(::pipe(pipes) == 0);
  Child client([&] {
    const int socket = connected(7004);
    const uint16_t port = port_of(socket);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(::write(pipes[1], &port, sizeof port) == sizeof port);
    ::_exit(0);
  });
  CHECK(::read(pipes[0], &ports[0], sizeof ports[0]) == sizeof ports[0]);
  const int pid = client.pid();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  client.end();
  const auto answer = final_answer(finder, ends(ports[0], 7004));
  CHECK(answer.side[0] && answer.side[0]->pid == pid && answer.side[1] && answer.side[1]->pid == ::getpid());
  CHECK(counted(finder, "procs.seen_early") == 2);
  ::close(server);
}

void an_address_that_comes_is_followed() {
  ProcessFinder finder({});
  const int server = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(7005);
  CHECK(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  Endpoints asked = ends(1, 7005, kUdp);
  asked.source = {203, 0, 113, 9};
  asked.destination = {203, 0, 113, 1};
  CHECK(!final_answer(finder, asked).side[1]);
  CHECK(own_network::ip("address add 203.0.113.1/24 dev lo"));
  CHECK(final_answer(finder, asked).side[1]);
  CHECK(own_network::ip("address delete 203.0.113.1/24 dev lo"));
  CHECK(!final_answer(finder, asked).side[1]);
  ::close(server);
}

void more_than_fit_are_counted_and_nobody_waits() {
  ProcessFinder finder({});
  const auto began = std::chrono::steady_clock::now();
  uint64_t refused = 0;
  for (uint32_t i = 0; i < 50'000; ++i)
    if (finder.ask(ends(static_cast<uint16_t>(i), static_cast<uint16_t>(i >> 3))) == 0) ++refused;
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(10));
  CHECK(counted(finder, "procs.asked") == 50'000 && counted(finder, "procs.queue_full") == refused);
}

void many_threads_may_ask() {
  ProcessFinder finder({});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread)
    threads.emplace_back([&finder] {
      for (uint16_t i = 1; i < 500; ++i) {
        const uint32_t ticket = finder.ask(ends(i, i));
        const auto answer = finder.answer(ticket);
        if (answer.side[0]) finder.process(answer.side[0]->number);
        finder.stats();
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main() {
  ::signal(SIGCHLD, SIG_DFL);
  if (!own_network::enter()) return 0;
  own_network::set_up("lo");
  both_ends_are_found({});
  ProcessLookupOptions by_files;
  by_files.netlink = false;
  both_ends_are_found(by_files);
  a_datagram_socket_that_is_not_connected_is_found();
  the_child_that_serves_is_found_and_else_the_listener();
  what_is_nobodys_is_missed_and_what_is_elsewhere_is_not_asked_for();
  a_socket_that_is_gone_was_seen_early();
  an_address_that_comes_is_followed();
  more_than_fit_are_counted_and_nobody_waits();
  many_threads_may_ask();
}
