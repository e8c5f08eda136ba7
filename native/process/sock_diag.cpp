#include "process/sock_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace packetbeat {
namespace {

/// States of the kernel's tcp_states.h. Without an inode these wait to be accepted; in others the process is
/// gone.
constexpr uint8_t kEstablished = 1, kSynReceived = 3, kCloseWait = 8, kListen = 10;

struct Question {
  nlmsghdr header{};
  inet_diag_req_v2 request{};
};

Question question(const SocketKey& key, uint32_t sequence) {
  Question asked;
  asked.header.nlmsg_len = sizeof asked;
  asked.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  asked.header.nlmsg_flags = NLM_F_REQUEST;
  asked.header.nlmsg_seq = sequence;
  auto& request = asked.request;
  request.sdiag_family = key.local.version == 4 ? AF_INET : AF_INET6;
  request.sdiag_protocol = key.protocol;
  request.idiag_states = ~0u;
  // The kernel takes the two ends of UDP the other way round, and has to for ever.
  const bool swapped = key.protocol == kUdp;
  const Address &source = swapped ? key.peer : key.local, &destination = swapped ? key.local : key.peer;
  std::memcpy(request.id.idiag_src, source.bytes.data(), source.bytes.size());
  std::memcpy(request.id.idiag_dst, destination.bytes.data(), destination.bytes.size());
  request.id.idiag_sport = htons(swapped ? key.peer_port : key.port);
  request.id.idiag_dport = htons(swapped ? key.port : key.peer_port);
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return asked;
}

/// True unless a socket of our own cannot be found.
bool finds(SockDiag& diag, uint8_t protocol) {
  const int kind = protocol == kTcp ? SOCK_STREAM : SOCK_DGRAM;
  const int own = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
  if (own < 0) return true;
  sockaddr_in address{};
  socklen_t length = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool found = true;
  if (::bind(own, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
      (protocol == kUdp || ::listen(own, 1) == 0) &&
      ::getsockname(own, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    SocketKey key;
    key.protocol = protocol;
    key.local.version = key.peer.version = 4;
    std::memcpy(key.local.bytes.data(), &address.sin_addr, sizeof address.sin_addr);
    key.port = ntohs(address.sin_port);
    const auto owner = diag.find(key);
    found = owner && owner->inode != 0;
  }
  ::close(own);
  return found;
}

}  // namespace

DiagAnswer parse_diag_answer(std::span<const uint8_t> bytes, uint32_t sequence, uint8_t protocol) {
  DiagAnswer answer;
  nlmsghdr header;
  if (bytes.size() < sizeof header) return answer;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size() || header.nlmsg_seq != sequence)
    return answer;
  const auto body = bytes.subspan(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
  if (header.nlmsg_type == NLMSG_ERROR) {
    nlmsgerr error;
    if (body.size() < sizeof error) return answer;
    std::memcpy(&error, body.data(), sizeof error);
    answer.kind = DiagAnswer::Kind::Error;
    answer.error = -error.error;
  } else if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
    inet_diag_msg socket;
    if (body.size() < sizeof socket) return answer;
    std::memcpy(&socket, body.data(), sizeof socket);
    answer.kind = DiagAnswer::Kind::Socket;
    answer.owner.inode = socket.idiag_inode;
    answer.owner.uid = socket.idiag_uid;
    const uint8_t state = socket.idiag_state;
    answer.owner.closed = protocol == kTcp && socket.idiag_inode == 0 && state != kEstablished &&
                          state != kSynReceived && state != kCloseWait;
    answer.owner.listens = protocol == kTcp ? socket.idiag_state == kListen : socket.id.idiag_dport == 0;
  }
  return answer;
}

std::unique_ptr<SockDiag> SockDiag::open() {
  const int file = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (file < 0) return nullptr;
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  // The kernel answers before `send` returns; the limit only keeps a defect of it from holding the thread.
  const timeval longest{1, 0};
  if (::connect(file, reinterpret_cast<sockaddr*>(&kernel), sizeof kernel) != 0 ||
      ::setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest) != 0) {
    ::close(file);
    return nullptr;
  }
  return std::unique_ptr<SockDiag>(new SockDiag(file));
}

SockDiag::~SockDiag() {
  ::close(file_);
}

std::optional<SocketOwner> SockDiag::find(const SocketKey& key) {
  const Question asked = question(key, ++sequence_);
  if (::send(file_, &asked, sizeof asked, 0) != static_cast<ssize_t>(sizeof asked)) return {};
  uint8_t bytes[4096];
  for (int read = 0; read < 8; ++read) {
    const ssize_t length = ::recv(file_, bytes, sizeof bytes, 0);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return {};
    const DiagAnswer answer =
        parse_diag_answer({bytes, static_cast<size_t>(length)}, sequence_, key.protocol);
    if (answer.kind == DiagAnswer::Kind::Socket) return answer.owner;
    if (answer.kind == DiagAnswer::Kind::Error) return {};
  }
  return {};
}

bool SockDiag::works() {
  return finds(*this, kTcp) && finds(*this, kUdp);
}

}  // namespace packetbeat
