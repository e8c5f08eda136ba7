// Addresses as RFC 5952 writes them, and base64 of every remainder.
#include "decode/text.h"

#include <string>

#include "check.h"
#include "frame_builder.h"

using namespace packetbeat;
using namespace packetbeat::build;

namespace {

std::string groups(std::array<uint16_t, 8> values) {
  Address address{{}, 6};
  for (size_t i = 0; i < 8; ++i) {
    address.bytes[2 * i] = static_cast<uint8_t>(values[i] >> 8);
    address.bytes[2 * i + 1] = static_cast<uint8_t>(values[i]);
  }
  return to_text(address);
}

std::string base64(std::string_view characters, bool padded) {
  char out[64];
  return {out, write_base64(text(characters), out, padded)};
}

}  // namespace

int main() {
  CHECK(to_text(ip4("0.0.0.0")) == "0.0.0.0");
  CHECK(to_text(ip4("9.10.99.100")) == "9.10.99.100");
  CHECK(to_text(ip4("255.255.255.255")) == "255.255.255.255");
  CHECK(to_text(Address{}).empty());

  CHECK(groups({0, 0, 0, 0, 0, 0, 0, 0}) == "::");
  CHECK(groups({0, 0, 0, 0, 0, 0, 0, 1}) == "::1");
  CHECK(groups({0x2001, 0xdb8, 0, 0, 0, 0, 0, 0}) == "2001:db8::");
  CHECK(groups({0x2001, 0xdb8, 0, 1, 1, 1, 1, 1}) == "2001:db8:0:1:1:1:1:1");  // one group is not shortened
  CHECK(groups({0x2001, 0, 0, 1, 0, 0, 0, 1}) == "2001:0:0:1::1");             // the longest run
  CHECK(groups({0x2001, 0xdb8, 0, 0, 1, 0, 0, 1}) == "2001:db8::1:0:0:1");     // the first of two
  CHECK(groups({0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201}) == "192.0.2.1");
  CHECK(groups({0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff}) ==
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  char out[kMacText];
  CHECK(std::string(out, write_mac({0x08, 0, 0x27, 0x76, 0xd7, 0x4f}, out)) == "08-00-27-76-D7-4F");
  CHECK(base64("", true).empty());
  CHECK(base64("f", true) == "Zg==" && base64("f", false) == "Zg");
  CHECK(base64("fo", true) == "Zm8=" && base64("fo", false) == "Zm8");
  CHECK(base64("foo", true) == "Zm9v" && base64("foob", false) == "Zm9vYg");
}
