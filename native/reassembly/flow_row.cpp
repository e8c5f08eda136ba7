#include "reassembly/flow_row.h"

#include <cstring>

namespace packetbeat {

void write_flow(const FlowReport& flow, std::vector<uint8_t>& out) {
  out.resize(sizeof flow.columns);
  std::memcpy(out.data(), flow.columns.data(), sizeof flow.columns);
  for (size_t i = 0; i < flow.texts.size(); ++i) {
    if (i > 0) out.push_back('\0');
    out.insert(out.end(), flow.texts[i].begin(), flow.texts[i].end());
  }
}

}  // namespace packetbeat
