#include "reassembly/flow_id.h"

#include "decode/text.h"

namespace packetbeat {
namespace {

enum Layer : unsigned {
  kEthernet,
  kOuterVlan,
  kVlan,
  kOuterIp4,
  kIp4,
  kOuterIp6,
  kIp6,
  kUdpPorts = 9,
  kTcpPorts,
  kConnection,
  kSctpPorts
};
constexpr size_t kOffsets = 12, kCounters = 3, kHeader = 2 + kOffsets + kCounters;

class Writer {
 public:
  Writer() { std::fill_n(bytes_.begin() + 2, kOffsets, uint8_t{0xff}); }

  /// What follows belongs to `layer`.
  void begin(unsigned layer) {
    bytes_[layer / 8] = static_cast<uint8_t>(bytes_[layer / 8] | 1u << layer % 8);
    if (layer < kOffsets) bytes_[2 + layer] = static_cast<uint8_t>(size_ - kHeader);
  }
  void put(std::span<const uint8_t> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += bytes.size();
  }
  void put(uint64_t value, size_t bytes) {
    for (; bytes > 0; --bytes, value >>= 8) bytes_[size_++] = static_cast<uint8_t>(value);
  }
  void count(uint8_t ethernet, uint8_t vlan, uint8_t ip) {
    bytes_[2 + kOffsets] = ethernet;
    bytes_[3 + kOffsets] = vlan;
    bytes_[4 + kOffsets] = ip;
  }
  std::span<const uint8_t> bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<uint8_t, 120> bytes_{};
  size_t size_ = kHeader;
};

void vlans(Writer& id, const FlowKey& key) {
  if (key.vlan_tags == 0) return;
  if (key.vlan_tags == 1) {
    id.begin(kVlan);
    id.put(key.vlan[0], 2);
    return;
  }
  // Each tag beyond the second takes the place of the one before the last, so an odd number ends in the first
  // place.
  bool inmost_first = key.vlan_tags % 2 == 1;
  id.begin(inmost_first ? kVlan : kOuterVlan);
  id.put(key.vlan[inmost_first ? 1 : 0], 2);
  id.begin(inmost_first ? kOuterVlan : kVlan);
  id.put(key.vlan[inmost_first ? 0 : 1], 2);
}

void addresses(Writer& id, const FlowKey& key) {
  for (size_t layer = 0; layer < key.ip_layers(); ++layer) {
    // A header is "outer" only to another of its own version.
    bool outer = layer == 0 && key.version[1] == key.version[0];
    bool version4 = key.version[layer] == 4;
    id.begin(version4 ? (outer ? kOuterIp4 : kIp4) : (outer ? kOuterIp6 : kIp6));
    for (const auto& side : key.ip[layer]) id.put(std::span(side).first(version4 ? 4 : 16));
  }
}

}  // namespace

std::string_view flow_id(const FlowKey& key, std::span<char, kFlowIdText> out) {
  Writer id;
  if (key.has_macs) {
    id.begin(kEthernet);
    for (const Mac& mac : key.mac) id.put(mac);
  }
  vlans(id, key);
  addresses(id, key);
  if (key.has_ports) {
    id.begin(key.protocol == kTcp ? kTcpPorts : key.protocol == kUdp ? kUdpPorts : kSctpPorts);
    for (uint16_t port : key.port) id.put(port, 2);
  }
  if (key.connection) {
    id.begin(kConnection);
    id.put(key.connection, 8);
  }
  id.count(key.has_macs, key.vlan_tags, static_cast<uint8_t>(key.ip_layers()));
  return {out.data(), static_cast<size_t>(write_base64(id.bytes(), out.data(), false) - out.data())};
}

}  // namespace packetbeat
