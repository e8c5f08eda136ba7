// A flow report as the payload of a row.
#pragma once

#include <cstdint>
#include <vector>

#include "reassembly/flow_report.h"

namespace packetbeat {

/// Columns as float64 in host byte order, then the texts separated by NUL; takes the place of what `out`
/// held.
void write_flow(const FlowReport& flow, std::vector<uint8_t>& out);

}  // namespace packetbeat
