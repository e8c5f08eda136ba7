// Asks the kernel who holds a socket: sock_diag(7).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "decode/packet.h"

namespace packetbeat {

/// One end of a connection as this machine sees it.
struct SocketKey {
  Address local{}, peer{};  // never IPv4 mapped into IPv6
  uint16_t port = 0, peer_port = 0;
  uint8_t protocol = kTcp;  // kTcp or kUdp

  /// Whoever listens there.
  SocketKey listener() const {
    SocketKey key = *this;
    key.peer = {{}, local.version};
    key.peer_port = 0;
    return key;
  }
  friend bool operator==(const SocketKey&, const SocketKey&) = default;
};

struct SocketOwner {
  uint32_t inode = 0;  // 0: no process has it: not accepted yet, or closed
  uint32_t uid = 0;
  bool listens = false;  // TCP: in state LISTEN; UDP: not connected
  bool closed = false;   // TCP: no process has it any more, and none will
};

/// What one answer of the kernel says.
struct DiagAnswer {
  enum class Kind : uint8_t { Socket, Error, Other } kind = Kind::Other;
  SocketOwner owner{};
  int error = 0;  // errno
};
/// Reads the first message in `bytes`; `Other` for what is no answer to the question `sequence`.
DiagAnswer parse_diag_answer(std::span<const uint8_t> bytes, uint32_t sequence, uint8_t protocol);

/// A socket of the network namespace that it was opened in. One thread.
class SockDiag {
 public:
  /// Null without the right to, or in a kernel without it.
  static std::unique_ptr<SockDiag> open();
  ~SockDiag();
  SockDiag(const SockDiag&) = delete;
  SockDiag& operator=(const SockDiag&) = delete;

  /// The connection's socket, else the one that listens for it; which, the kernel decides as for a packet.
  std::optional<SocketOwner> find(const SocketKey& key);
  /// Whether it finds sockets of our own: a kernel may lack one of the protocols.
  bool works();

 private:
  explicit SockDiag(int file) : file_(file) {}

  int file_;
  uint32_t sequence_ = 0;
};

}  // namespace packetbeat
