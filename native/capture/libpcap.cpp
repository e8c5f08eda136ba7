#include "capture/libpcap.h"

#include <mutex>

#include "capture/open_source.h"
#include "capture/source.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace packetbeat {

namespace {

#ifdef _WIN32
/// Npcap's own folder is not searched by default, so that it can stand beside WinPcap. Only folders that
/// administrators alone write to are looked in, for wpcap.dll and for Packet.dll, which it needs.
void* open_library() {
  char system[MAX_PATH];
  const UINT length = GetSystemDirectoryA(system, sizeof system);
  if (length == 0 || length >= sizeof system) return nullptr;
  for (const char* name : {"\\Npcap\\wpcap.dll", "\\wpcap.dll"})
    if (HMODULE library = LoadLibraryExA((system + std::string(name)).c_str(), nullptr,
                                         LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32))
      return reinterpret_cast<void*>(library);
  return nullptr;
}
void* find(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}
constexpr const char* kName = "Npcap";
constexpr const char* kInstall = "install it from npcap.com. Capture files can be read without it.";
#else
void* open_library() {
#ifdef __APPLE__
  constexpr const char* names[] = {"libpcap.A.dylib", "libpcap.dylib", "/usr/lib/libpcap.A.dylib"};
#else
  // The first is upstream's name for it, the second Debian's.
  constexpr const char* names[] = {"libpcap.so.1", "libpcap.so.0.8", "libpcap.so"};
#endif
  for (auto name : names)
    if (void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL)) return library;
  return nullptr;
}
void* find(void* library, const char* name) {
  return dlsym(library, name);
}
constexpr const char* kName = "libpcap";
#ifdef __APPLE__
constexpr const char* kInstall =
    "install it with: brew install libpcap. Capture files can be read without it.";
#else
constexpr const char* kInstall =
    "install it with: sudo apt install libpcap0.8 (Debian, Ubuntu), sudo dnf install libpcap (Fedora, RHEL), "
    "apk add libpcap (Alpine). Capture by af_packet, capture files and the port filter work without it.";
#endif
#endif

[[noreturn]] void missing(const std::string& what) {
  throw CaptureError("ERR_CAPTURE_NO_LIBPCAP", what + "; " + kInstall);
}

template <typename Function>
void load(void* library, const char* name, Function& function, bool optional = false) {
  void* address = find(library, name);
  if (address == nullptr && !optional)
    missing(std::string("This ") + kName + " is too old: it has no " + name);
  function = reinterpret_cast<Function>(address);
}

Libpcap load_all() {
  void* library = open_library();
  if (library == nullptr) missing(std::string(kName) + " cannot be opened");
  Libpcap table{};
  load(library, "pcap_lib_version", table.lib_version);
  load(library, "pcap_create", table.create);
  load(library, "pcap_open_dead", table.open_dead);
  load(library, "pcap_close", table.close);
  load(library, "pcap_set_snaplen", table.set_snaplen);
  load(library, "pcap_set_promisc", table.set_promisc);
  load(library, "pcap_set_timeout", table.set_timeout);
  load(library, "pcap_set_buffer_size", table.set_buffer_size);
  load(library, "pcap_activate", table.activate);
  load(library, "pcap_setnonblock", table.setnonblock);
  load(library, "pcap_datalink", table.datalink);
  load(library, "pcap_next_ex", table.next_ex);
  load(library, "pcap_stats", table.stats);
  load(library, "pcap_geterr", table.geterr);
  load(library, "pcap_statustostr", table.statustostr);
  load(library, "pcap_compile", table.compile);
  load(library, "pcap_setfilter", table.setfilter);
  load(library, "pcap_freecode", table.freecode);
  load(library, "pcap_findalldevs", table.findalldevs);
  load(library, "pcap_freealldevs", table.freealldevs);
  load(library, "pcap_offline_filter", table.offline_filter, true);
  load(library, "pcap_set_tstamp_precision", table.set_tstamp_precision, true);
  load(library, "pcap_get_tstamp_precision", table.get_tstamp_precision, true);
  load(library, "pcap_set_datalink", table.set_datalink, true);
  load(library, "pcap_get_selectable_fd", table.get_selectable_fd, true);
  return table;
}

}  // namespace

const Libpcap& Libpcap::get() {
  static const Libpcap table = load_all();  // tried anew while it throws: it may be installed meanwhile
  return table;
}

BpfProgram compile_filter(const std::string& expression, Link link, uint32_t snaplen) {
  const auto& api = Libpcap::get();
  // The one link type of ours whose number in files is not libpcap's own for it.
  auto number = link == Link::Raw ? Link::RawOld : link;
  pcap* handle = api.open_dead(static_cast<int>(number), static_cast<int>(snaplen));
  if (handle == nullptr) throw CaptureError("ERR_CAPTURE_FILTER", "libpcap is out of memory.");
  try {
    auto program = compile_filter(expression, handle);
    api.close(handle);
    return program;
  } catch (...) {
    api.close(handle);
    throw;
  }
}

BpfProgram compile_filter(const std::string& expression, pcap* handle) {
  static std::mutex mutex;  // before 1.8, pcap_compile has global variables
  constexpr uint32_t no_mask = 0xffffffff;
  std::lock_guard lock(mutex);
  const auto& api = Libpcap::get();
  LibpcapProgram compiled{};
  if (api.compile(handle, &compiled, expression.c_str(), 1, no_mask) != 0)
    throw CaptureError("ERR_CAPTURE_FILTER", "The filter \"" + expression + "\" does not compile: " +
                                                 api.geterr(handle) + "; see man 7 pcap-filter.");
  BpfProgram program(compiled.instructions, compiled.instructions + compiled.length);
  api.freecode(&compiled);
  return program;
}

void check_filter(const std::string& expression) {
  compile_filter(expression, Link::Ethernet, 65535);
}

std::optional<std::string> libpcap_version() {
  try {
    return Libpcap::get().lib_version();
  } catch (const CaptureError&) {
    return std::nullopt;
  }
}

}  // namespace packetbeat
