// Tells when this machine's addresses or interfaces have changed: rtnetlink(7).
#pragma once

namespace packetbeat {

/// Of the network namespace that it was made in. One thread.
class AddressChanges {
 public:
  AddressChanges();
  ~AddressChanges();
  AddressChanges(const AddressChanges&) = delete;
  AddressChanges& operator=(const AddressChanges&) = delete;

  /// Whether there was any since the last call; never waits. Always true where the system does not tell.
  bool any();
  /// For poll(2); -1 where the system does not tell.
  int file() const { return file_; }

 private:
  int file_ = -1;
};

}  // namespace packetbeat
