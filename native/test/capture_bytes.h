// Capture files for the tests, built in memory: pcap and pcapng in either byte order.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace capture_bytes {

using Bytes = std::vector<uint8_t>;

/// Appends integers in the byte order it was made for.
class Writer {
 public:
  explicit Writer(bool big = false) : big_(big) {}

  Writer& u8(uint64_t value) { return put(value, 1); }
  Writer& u16(uint64_t value) { return put(value, 2); }
  Writer& u32(uint64_t value) { return put(value, 4); }
  Writer& u64(uint64_t value) { return put(value, 8); }
  Writer& bytes(const Bytes& more) {
    for (auto byte : more) out.push_back(byte);  // GCC 12 sees an overflow in insert that is not there
    return *this;
  }
  Writer& pad() {
    while (out.size() % 4) out.push_back(0);
    return *this;
  }

  /// Of a classic file.
  Writer& pcap_header(uint32_t magic, uint32_t link) {
    return u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link);
  }
  Writer& pcap_record(uint32_t seconds, uint32_t fraction, const Bytes& frame, uint32_t wire = 0) {
    return u32(seconds).u32(fraction).u32(frame.size()).u32(wire ? wire : frame.size()).bytes(frame);
  }

  /// Of a pcapng file; the length is written around the body.
  Writer& block(uint32_t type, const Bytes& body) {
    Bytes padded = body;
    while (padded.size() % 4) padded.push_back(0);
    return u32(type).u32(padded.size() + 12).bytes(padded).u32(padded.size() + 12);
  }
  Writer& section() {
    return block(0x0a0d0d0a, Writer(big_).u32(0x1a2b3c4d).u16(1).u16(0).u64(~uint64_t{0}).out);
  }
  Writer& interface(uint16_t link, uint32_t snaplen = 0, const Bytes& options = {}) {
    return block(1, Writer(big_).u16(link).u16(0).u32(snaplen).bytes(options).out);
  }
  Writer& enhanced(uint32_t interface, uint64_t units, const Bytes& frame, uint32_t wire = 0) {
    return block(6, Writer(big_)
                        .u32(interface)
                        .u32(units >> 32)
                        .u32(units & 0xffffffff)
                        .u32(frame.size())
                        .u32(wire ? wire : frame.size())
                        .bytes(frame)
                        .out);
  }
  Writer& simple(const Bytes& frame, uint32_t wire) {
    return block(3, Writer(big_).u32(wire).bytes(frame).out);
  }

  Bytes out;

 private:
  Writer& put(uint64_t value, int size) {
    for (int i = 0; i < size; ++i)
      out.push_back(static_cast<uint8_t>(value >> 8 * (big_ ? size - 1 - i : i)));
    return *this;
  }

  bool big_;
};

/// A file in the temporary folder, until the end of the scope.
class TemporaryFile {
 public:
  explicit TemporaryFile(const Bytes& content = {}) {
    static int count = 0;
    path = std::filesystem::temp_directory_path() /
           ("packetbeat-test-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    write(content);
  }
  ~TemporaryFile() { std::filesystem::remove_all(path); }
  void write(const Bytes& content) const {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (!content.empty()) std::fwrite(content.data(), 1, content.size(), file);
    std::fclose(file);
  }
  std::string path;
};

}  // namespace capture_bytes
