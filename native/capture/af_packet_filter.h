// Fits filters to AF_PACKET sockets, which offer more than the bytes of a frame. Source: Linux, filter.rst.
#pragma once

#include <cstdint>

#include "capture/bpf.h"

namespace packetbeat {

/// Rewrites a program for cooked frames (Link::Sll) so that it runs on a raw socket, whatever the device's
/// own headers: the protocol is asked of the kernel, and the network layer is found by the kernel.
/// @throws CaptureError ERR_CAPTURE_FILTER where the program reads a link-layer address.
BpfProgram cooked_to_socket(BpfProgram program);

/// Goes before any program on a socket of all devices: drops the copy of each packet that leaves by the
/// loopback device, because it is about to arrive there as well.
BpfProgram without_loopback_copies(const BpfProgram& program);

}  // namespace packetbeat
