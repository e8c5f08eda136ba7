#include "process/process.h"

#ifndef __linux__

namespace packetbeat {

std::shared_ptr<ProcessLookup> open_process_lookup(const ProcessLookupOptions&) {
  return nullptr;
}

}  // namespace packetbeat

#endif
