// Reads `CaptureOptions` of binding.d.ts.
#pragma once

#include <napi.h>

#include "capture/open_source.h"
#include "reassembly/engine.h"

namespace packetbeat {

struct CaptureOptions {
  SourceOptions source;
  EngineOptions engine;
};

/// @throws Napi::TypeError with `code` ERR_INVALID_ARG_TYPE and the option's name.
CaptureOptions read_options(const Napi::Value& value);

/// Reads `ProcessOptions` of binding.d.ts. @throws as `read_options`.
ProcessLookupOptions read_process_options(const Napi::Value& value);

/// What the port filter is made from.
WatchedPorts watched_ports(const std::vector<Watch>& watches);

}  // namespace packetbeat
