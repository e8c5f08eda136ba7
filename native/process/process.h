// Which processes own the two ends of a connection: what is asked, and what is answered.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reassembly/conversation.h"

namespace packetbeat {

/// A process as it was when it was found. Texts are bytes as the kernel has them.
struct Process {
  uint32_t number = 0;  // tells processes apart, whatever their pid; from 1
  int32_t pid = 0, parent = 0;
  uint64_t started = 0;  // clock ticks since boot: pid and this are one process
  int64_t start = 0;     // milliseconds since the Unix epoch
  std::string name, executable, directory;
  std::vector<std::string> arguments;
};
using ProcessPointer = std::shared_ptr<const Process>;

/// What is known of a connection. `Passing`: who listens is known, but another may have taken the connection.
enum class AnswerState : uint8_t { Waiting, Passing, Final, Forgotten };

struct ProcessAnswer {
  AnswerState state = AnswerState::Forgotten;
  std::array<ProcessPointer, 2> side{};  // of the source, of the destination; empty: unknown
};

/// Looks up owners of connections while they last. All members are for any thread, and never wait.
class ProcessLookup {
 public:
  using Stats = std::vector<std::pair<std::string_view, uint64_t>>;

  virtual ~ProcessLookup() = default;
  /// Asks for both ends. Returns a ticket for `answer`; 0 for what has no socket, or when too many wait.
  virtual uint32_t ask(const Endpoints& ends) = 0;
  virtual ProcessAnswer answer(uint32_t ticket) = 0;
  /// A process that was answered; empty when nobody holds it any more.
  virtual ProcessPointer process(uint32_t number) = 0;
  virtual Stats stats() const = 0;
};

struct ProcessLookupOptions {
  /// Where connections are watched for, so that their sockets are found while they last; `any`: on all.
  std::vector<std::string> devices{};
  /// Datagrams to these ports are watched for as the opening of TCP connections is. At most 32 count.
  std::vector<uint16_t> udp_ports{};
  /// Tests switch these off to take the other way.
  bool netlink = true, early = true;
};

/// Null where there is no way to look processes up: anywhere but on Linux.
std::shared_ptr<ProcessLookup> open_process_lookup(const ProcessLookupOptions& options);

}  // namespace packetbeat
