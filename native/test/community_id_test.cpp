// Vectors of the specification (github.com/corelight/community-id-spec, baseline).
#include "reassembly/community_id.h"

#include <string>

#include "check.h"
#include "frame_builder.h"
#include "reassembly/sha1.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

std::string id(const Address& source, const Address& destination, uint8_t protocol, uint16_t from,
               uint16_t to) {
  char out[kCommunityIdText];
  return std::string(community_id(source, destination, protocol, from, to, out));
}

/// Both directions have the same id.
void both(const char* expected, const Address& a, const Address& b, uint8_t protocol, uint16_t from,
          uint16_t to) {
  CHECK(id(a, b, protocol, from, to) == expected);
  CHECK(id(b, a, protocol, to, from) == expected);
}

}  // namespace

int main() {
  std::array<uint8_t, 20> digest = sha1_short(text("abc"));
  CHECK(digest[0] == 0xa9 && digest[1] == 0x99 && digest[18] == 0xd8 && digest[19] == 0x9d);

  both("1:LQU9qZlK+B5F3KDmev6m5PMibrg=", ip4("128.232.110.120"), ip4("66.35.250.204"), kTcp, 34855, 80);
  both("1:d/FP5EW3wiY1vCndhwleRRKHowQ=", ip4("192.168.1.52"), ip4("8.8.8.8"), kUdp, 54585, 53);
  both("1:jQgCxbku+pNGw8WPbEc/TS/uTpQ=", ip4("192.168.170.8"), ip4("192.168.170.56"), kSctp, 7, 80);

  // Echo: the two types stand for ports.
  CHECK(id(ip4("192.168.0.89"), ip4("192.168.0.1"), kIcmp, 8, 0) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  CHECK(id(ip4("192.168.0.1"), ip4("192.168.0.89"), kIcmp, 0, 0) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  // A message that goes one way has an id for each direction.
  CHECK(id(ip6(1), ip6(2), kIcmp6, 1, 4) != id(ip6(2), ip6(1), kIcmp6, 1, 4));
  CHECK(id(ip6(1), ip6(2), kIcmp6, 128, 0) == id(ip6(2), ip6(1), kIcmp6, 129, 0));

  CHECK(id(Address{}, Address{}, kTcp, 1, 2).empty());
  CHECK(id(ip4("1.2.3.4"), ip6(1), kTcp, 1, 2).empty());
}
