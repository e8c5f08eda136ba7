// Opening a packet socket, step by step; nothing is captured before the last one.
#pragma once

#include <string>

#include "capture/bpf.h"
#include "capture/open_source.h"

namespace packetbeat {

/// Index of a device, 0 for `any`. @throws CaptureError ERR_CAPTURE_DEVICE_UNKNOWN, ERR_CAPTURE_DEVICE_DOWN.
int device_index(const std::string& device);

/// A packet socket that receives nothing yet. @throws CaptureError ERR_CAPTURE_PERMISSION, ERR_CAPTURE_OPEN.
int packet_socket(const std::string& device);

/// What shall run on the socket in the kernel; also what cuts packets to the snap length.
/// @throws CaptureError ERR_CAPTURE_FILTER, ERR_CAPTURE_NO_LIBPCAP.
BpfProgram socket_filter(int socket, const LiveOptions& options, const WatchedPorts& ports);

/// @throws CaptureError ERR_CAPTURE_FILTER.
void attach_filter(int socket, const BpfProgram& program);

/// Starts the capture: binds, joins the fanout group, turns promiscuous mode on. @throws CaptureError.
void bind_socket(int socket, int index, const LiveOptions& options);

}  // namespace packetbeat
