// Linux's routing tables as text. Source: proc(5), /proc/net/route and ipv6_route.
#pragma once

#include <istream>
#include <optional>
#include <string>

namespace packetbeat {

/// The device of the default route with the lowest metric, in the text of /proc/net/route.
std::optional<std::string> default_route_ipv4(std::istream& table);

/// The same in the text of /proc/net/ipv6_route.
std::optional<std::string> default_route_ipv6(std::istream& table);

}  // namespace packetbeat
