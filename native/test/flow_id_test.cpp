// Ids that Packetbeat gave flows of its own test captures.
#include "reassembly/flow_id.h"

#include <string>

#include "check.h"
#include "decode/decode.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

std::string id(const Bytes& bytes, std::optional<uint64_t> connection = {}) {
  Packet packet;
  decode(frame(bytes), packet);
  FlowKey key;
  make_flow_key(packet, connection, key);
  char out[kFlowIdText];
  return std::string(flow_id(key, out));
}

const Bytes kQuery = udp(55000, 53, {});
const Bytes kIp = ipv4("10.20.0.5", "10.20.0.80", 17, kQuery);

}  // namespace

int main() {
  CHECK(id(ethernet(0x0806, {}, {0, 0x0d, 0x54, 0x9c, 0x5c, 0x0b}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff})) ==
        "AQAA//////////////8BAAAADVScXAv///////8");
  CHECK(id(ethernet(0x0800, kIp)) == "EQIA////DP////8U//8BAAECAAAAAAoCAAAAAAsKFAAFChQAUNjWNQA");
  Bytes answer = ethernet(0x0800, ipv4("10.20.0.80", "10.20.0.5", 17, udp(53, 55000, {})), kMacB, kMacA);
  CHECK(id(answer) == id(ethernet(0x0800, kIp)));
  CHECK(id(ethernet(0x0800, ipv4("192.168.0.1", "192.168.0.89", 1, icmp(8, 0, 1)),
                    {0, 0x0c, 0xce, 0x13, 0xb9, 0xa0}, {0, 0x22, 0x5f, 0x3f, 0x98, 0x91})) ==
        "EQAA////DP////////8BAAEADM4TuaAAIl8/mJHAqAABwKgAWQ");

  Mac a = {0x0a, 0, 0x27, 0, 0, 0}, b = {0x08, 0, 0x27, 0x76, 0xd7, 0x41};
  Bytes mysql = ethernet(0x0800, ipv4("192.168.33.1", "192.168.33.14", 6, tcp(60137, 3306, {})), a, b);
  CHECK(id(mysql) == "EQQA////DP//////FP8BAAEIACd210EKACcAAADAqCEOwKghAeoM6eo");
  CHECK(id(mysql, 1) == "EQwA////DP//////FBgBAAEIACd210EKACcAAADAqCEOwKghAeoM6eoBAAAAAAAAAA");

  // The two sides are told apart by the outermost address that differs; ports compare by their low byte
  // first.
  CHECK(id(ethernet(0x0800, ipv4("127.0.0.1", "127.0.0.1", 6, tcp(46249, 8888, {})), Mac{}, Mac{}), 1) ==
        "EQwA////DP//////FBgBAAEAAAAAAAAAAAAAAAB/AAABfwAAAam0uCIBAAAAAAAAAA");

  // Tags, and addresses of two layers.
  std::string three = id(ethernet(0x8100, vlan(100, 0x8100, vlan(200, 0x8100, vlan(300, 0x0800, kIp)))));
  CHECK(three == "FwIADgz/EP////8Y//8BAwECAAAAAAoCAAAAAAssAcgAChQABQoUAFDY1jUA");
  std::string tunnel = id(ethernet(0x0800, ipv4("192.0.2.1", "198.51.100.1", 4, kIp)));
  CHECK(tunnel == "GQIA//8MFP////8c//8BAAICAAAAAAoCAAAAAAvAAAIBxjNkAQoUAAUKFABQ2NY1AA");
}
