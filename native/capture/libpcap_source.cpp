#include "capture/libpcap_source.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstring>
#include <thread>

#ifdef _WIN32
#include <windows.h>
#else
#include <poll.h>
#endif

#include "capture/bytes.h"
#include "capture/devices.h"
#include "capture/link.h"
#include "capture/live_errors.h"

namespace packetbeat {

namespace {

// pcap(3PCAP): what pcap_activate and pcap_next_ex answer.
enum Status {
  kBreak = -2,
  kError = -1,
  kNoDevice = -5,
  kNoPermission = -8,
  kDown = -9,
  kNoPromiscuous = -11
};

constexpr int kTimeoutMilliseconds = 20;
constexpr int kErrorsBelieved = 4;      // the ring's last block is handed over after one wait
constexpr uint32_t kCountEvery = 4096;  // packets: a system call each time
constexpr int kNanoseconds = 1;
constexpr uint16_t kLoopbackHardware = 772;  // ARPHRD_LOOPBACK of Linux

}  // namespace

LibpcapSource::LibpcapSource(const LiveOptions& options, const WatchedPorts& ports)
    : api_(Libpcap::get()), device_(options.device), handle_(nullptr, api_.close) {
  char error[256] = "";  // PCAP_ERRBUF_SIZE
  handle_.reset(api_.create(device_.c_str(), error));
  if (!handle_) cannot_open(device_, error);
  activate(options);
  auto number = api_.datalink(handle_.get());
  // Of all devices: the second version of the cooked header says which one it was. Older libraries have the
  // first only.
  if (number == static_cast<int>(Link::Sll) && api_.set_datalink &&
      api_.set_datalink(handle_.get(), static_cast<int>(Link::Sll2)) == 0)
    number = api_.datalink(handle_.get());
  auto link = link_of_dlt(number);
  if (!link)
    throw CaptureError("ERR_CAPTURE_LINK_TYPE", "Device \"" + device_ + "\" has link type " +
                                                    link_text(static_cast<uint32_t>(number)) +
                                                    ", which cannot be decoded; name another device.");
  link_ = *link;
  filter(options, ports);
  if (api_.setnonblock(handle_.get(), 1, error) != 0) cannot_open(device_, error);
}

void LibpcapSource::activate(const LiveOptions& options) {
  pcap* handle = handle_.get();
  api_.set_snaplen(handle, static_cast<int>(std::min<uint32_t>(options.snaplen, 262144)));  // its own maximum
  api_.set_promisc(handle, options.promiscuous ? 1 : 0);
  api_.set_buffer_size(handle, static_cast<int>(std::min<uint64_t>(options.buffer_bytes, INT_MAX)));
  api_.set_timeout(handle, kTimeoutMilliseconds);
  if (api_.set_tstamp_precision) api_.set_tstamp_precision(handle, kNanoseconds);
  int status = api_.activate(handle);
  if (status < 0) {
    std::string reason = api_.geterr(handle);
    if (reason.empty()) reason = api_.statustostr(status);
    if (status == kNoDevice) device_unknown(device_);
    if (status == kNoPermission || status == kNoPromiscuous) permission_missing(device_, reason);
    if (status == kDown) device_down(device_);
    if (reason.find("memory") != std::string::npos)
      buffer_refused("A capture buffer of " + std::to_string(options.buffer_bytes) + " bytes was refused (" +
                     reason + "); make it smaller.");
    cannot_open(device_, reason);
  }
  if (api_.get_tstamp_precision && api_.get_tstamp_precision(handle) == kNanoseconds) fraction_ = 1;
}

void LibpcapSource::filter(const LiveOptions& options, const WatchedPorts& ports) {
  BpfProgram program;
  if (options.filter)
    program = compile_filter(*options.filter, handle_.get());
  else if (options.port_filter)
    program = port_filter(ports, link_, options.vlans, options.snaplen);
  if (program.empty()) return;
  LibpcapProgram compiled{static_cast<uint32_t>(program.size()), program.data()};
  if (api_.setfilter(handle_.get(), &compiled) != 0)
    throw CaptureError("ERR_CAPTURE_FILTER", "The filter cannot be used on \"" + device_ +
                                                 "\": " + api_.geterr(handle_.get()) + ".");
}

/// libpcap tells what happened to a device in words only, and in other ones from version to version.
void LibpcapSource::broken(const std::string& reason) const {
  bool here = std::ranges::count(devices(), device_, &Device::name) > 0;
  for (auto sign : {"disappeared", "went down", "not up", "No such device"})
    if (reason.find(sign) != std::string::npos) here ? device_down(device_) : device_gone(device_);
  cannot_open(device_, reason);
}

Source::Next LibpcapSource::next(Frame& frame) {
  for (bool waited = false;;) {
    LibpcapHeader* header = nullptr;
    const uint8_t* bytes = nullptr;
    int status = api_.next_ex(handle_.get(), &header, &bytes);
    if (status == kBreak) return Next::End;
    if (status == kError) {
      // libpcap tells that the device is gone before its ring has been read; what is in there is still to be
      // had.
      if (++errors_ > kErrorsBelieved) broken(api_.geterr(handle_.get()));
      std::this_thread::sleep_for(std::chrono::milliseconds(kTimeoutMilliseconds));
      return Next::Idle;
    }
    if (status == 0) {
      count();
      if (waited || !wait()) return Next::Idle;
      waited = true;
      continue;
    }
    if (++uncounted_ >= kCountEvery) count();
    frame.time = static_cast<Time>(header->time.tv_sec) * kSecond +
                 static_cast<Time>(header->time.tv_usec) * fraction_;
    frame.link = link_;
    frame.wire_length = std::max(header->wire, header->captured);
    frame.bytes = {bytes, header->captured};
    frame.vlan.reset();  // libpcap puts the tag back into the frame
    if (!loopback_copy(frame)) return Next::Frame;
  }
}

/// On `any` a packet over the loopback device is there twice: as it leaves and as it arrives.
bool LibpcapSource::loopback_copy(const Frame& frame) {
  const auto header = cooked_header(frame);
  return header && header->leaves && header->hardware == kLoopbackHardware;
}

/// True when it is worth while to read again.
bool LibpcapSource::wait() {
#ifdef _WIN32
  Sleep(kTimeoutMilliseconds);
  return true;
#else
  int file = api_.get_selectable_fd ? api_.get_selectable_fd(handle_.get()) : -1;
  pollfd waiting{file, POLLIN, 0};
  // Without a descriptor this is a sleep, after which reading is worth while, too.
  return ::poll(&waiting, 1, kTimeoutMilliseconds) != 0 || file < 0;
#endif
}

/// Only here, on the capture thread: a handle must not be used by two threads.
void LibpcapSource::count() {
  uncounted_ = 0;
  LibpcapStats stats{};
  if (api_.stats(handle_.get(), &stats) != 0) return;
  received_.fetch_add(stats.received - received_before_, std::memory_order_relaxed);
  dropped_.fetch_add(stats.dropped - dropped_before_, std::memory_order_relaxed);
  received_before_ = stats.received;
  dropped_before_ = stats.dropped;
}

SourceStats LibpcapSource::stats() const {
  SourceStats stats;
  stats.kernel_packets = received_.load(std::memory_order_relaxed);
  stats.kernel_dropped = dropped_.load(std::memory_order_relaxed);
  return stats;
}

}  // namespace packetbeat
