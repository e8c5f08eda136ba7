// libpcap, opened at run time: building needs no headers of it, and one binary runs with it and without it.
// Declared here is the part of its interface that we call, after pcap(3PCAP).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <sys/socket.h>
#include <sys/time.h>
#endif

#include "capture/bpf.h"
#include "capture/frame.h"

namespace packetbeat {

extern "C" {
struct pcap;
struct LibpcapHeader {
  timeval time;  // microseconds, or nanoseconds in their place
  uint32_t captured, wire;
};
struct LibpcapStats {
  uint32_t received, dropped, dropped_by_interface;
  uint32_t reserved[8];  // Windows writes more than the rest
};
struct LibpcapAddress {
  LibpcapAddress* next;
  sockaddr* address;
  sockaddr *mask, *broadcast, *peer;
};
struct LibpcapDevice {
  LibpcapDevice* next;
  char* name;
  char* description;
  LibpcapAddress* addresses;
  uint32_t flags;
};
struct LibpcapProgram {
  uint32_t length;
  BpfInstruction* instructions;
};
}

/// The functions, by their names without `pcap_`. Those that an old or a Windows library lacks may be null.
struct Libpcap {
  const char* (*lib_version)();
  pcap* (*create)(const char* device, char* error);
  pcap* (*open_dead)(int link, int snaplen);
  void (*close)(pcap*);
  int (*set_snaplen)(pcap*, int);
  int (*set_promisc)(pcap*, int);
  int (*set_timeout)(pcap*, int milliseconds);
  int (*set_buffer_size)(pcap*, int bytes);
  int (*activate)(pcap*);
  int (*setnonblock)(pcap*, int, char* error);
  int (*datalink)(pcap*);
  int (*next_ex)(pcap*, LibpcapHeader**, const uint8_t** bytes);
  int (*stats)(pcap*, LibpcapStats*);
  char* (*geterr)(pcap*);
  const char* (*statustostr)(int);
  int (*compile)(pcap*, LibpcapProgram*, const char* expression, int optimise, uint32_t mask);
  int (*setfilter)(pcap*, LibpcapProgram*);
  void (*freecode)(LibpcapProgram*);
  int (*findalldevs)(LibpcapDevice**, char* error);
  void (*freealldevs)(LibpcapDevice*);
  int (*offline_filter)(const LibpcapProgram*, const LibpcapHeader*,
                        const uint8_t* bytes) = nullptr;  // optional
  int (*set_tstamp_precision)(pcap*, int) = nullptr;      // optional
  int (*get_tstamp_precision)(pcap*) = nullptr;           // optional
  int (*set_datalink)(pcap*, int link) = nullptr;         // optional
  int (*get_selectable_fd)(pcap*) = nullptr;              // optional, not on Windows

  /// The library, opened once for the whole process and never closed. Any thread.
  /// @throws CaptureError ERR_CAPTURE_NO_LIBPCAP with how to install it.
  static const Libpcap& get();
};

/// Compiles a pcap filter expression for frames of `link`; the program keeps `snaplen` bytes. Any thread.
/// @throws CaptureError ERR_CAPTURE_FILTER with libpcap's words, ERR_CAPTURE_NO_LIBPCAP.
BpfProgram compile_filter(const std::string& expression, Link link, uint32_t snaplen);

/// The same by an open handle, whose device it may know better than its link type tells: of VLAN tags, above
/// all.
BpfProgram compile_filter(const std::string& expression, pcap* handle);

}  // namespace packetbeat
