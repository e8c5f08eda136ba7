#include "options_binding.h"

#include <algorithm>
#include <limits>
#include <string>

#include "process_binding.h"

namespace packetbeat {
namespace {

[[noreturn]] void refuse(Napi::Env env, const std::string& name, const char* wanted) {
  auto error = Napi::TypeError::New(env, "The option '" + name + "' must be " + wanted + ".");
  error.Set("code", Napi::String::New(env, "ERR_INVALID_ARG_TYPE"));
  throw error;
}

/// An object whose members are read by name and type.
class Members {
 public:
  Members(const Napi::Value& value, const std::string& name)
      : object_(value.As<Napi::Object>()), name_(name) {
    if (!value.IsObject()) refuse(value.Env(), name, "an object");
  }
  bool has(const char* name) const { return !object_.Get(name).IsUndefined(); }

  Napi::Value get(const char* name) const { return object_.Get(name); }
  Members members(const char* name) const { return {get(name), path(name)}; }
  bool flag(const char* name) const {
    if (!get(name).IsBoolean()) refuse(object_.Env(), path(name), "a boolean");
    return get(name).As<Napi::Boolean>();
  }
  std::string text(const char* name) const {
    if (!get(name).IsString()) refuse(object_.Env(), path(name), "a string");
    return get(name).As<Napi::String>();
  }
  double number(const char* name) const {
    const Napi::Value value = get(name);
    if (!value.IsNumber() || !(value.As<Napi::Number>().DoubleValue() >= 0))
      refuse(object_.Env(), path(name), "a number, not negative");
    return value.As<Napi::Number>().DoubleValue();
  }
  /// Whole; what is more than `Integer` holds counts as its largest value.
  template <typename Integer>
  Integer whole(const char* name) const {
    constexpr auto largest = std::numeric_limits<Integer>::max();
    const double value = number(name);
    return value >= static_cast<double>(largest) ? largest : static_cast<Integer>(value);
  }
  Time seconds(const char* name) const {
    constexpr double longest = 1e9;  // some thirty years; far from where sums of times overflow
    return static_cast<Time>(std::min(number(name), longest) * static_cast<double>(kSecond));
  }
  Napi::Array list(const char* name) const {
    if (!get(name).IsArray()) refuse(object_.Env(), path(name), "an array");
    return get(name).As<Napi::Array>();
  }

 private:
  std::string path(const char* name) const { return name_ + '.' + name; }

  Napi::Object object_;
  std::string name_;
};

Pace read_pace(const Members& source) {
  return source.has("pace") && source.text("pace") == "recorded" ? Pace::Recorded : Pace::Top;
}

LiveOptions read_live(const Members& source) {
  LiveOptions live;
  live.device = source.text("device");
  live.engine =
      source.text("engine") == "libpcap" ? LiveOptions::Engine::Libpcap : LiveOptions::Engine::AfPacket;
  live.snaplen = source.whole<uint32_t>("snaplen");
  live.buffer_bytes = source.whole<uint64_t>("bufferBytes");
  live.promiscuous = source.flag("promiscuous");
  if (source.has("filter")) live.filter = source.text("filter");
  live.port_filter = source.flag("portFilter");
  live.vlans = source.flag("vlans");
  if (source.has("fanoutGroup")) live.fanout_group = source.whole<uint16_t>("fanoutGroup");
  return live;
}

SourceOptions read_source(const Members& source, Napi::Env env) {
  const std::string kind = source.text("kind");
  if (kind == "live") return read_live(source);
  if (kind == "stream") return StreamOptions{read_pace(source)};
  if (kind != "file") refuse(env, "options.source.kind", "'file', 'stream' or 'live'");
  FileOptions file;
  file.path = source.text("path");
  if (source.has("loops")) file.loops = source.whole<uint32_t>("loops");
  file.pace = read_pace(source);
  return file;
}

Watch read_watch(const Members& options) {
  Watch watch;
  watch.idle = options.seconds("idleSeconds");
  const Napi::Array transports = options.list("transports");
  for (uint32_t i = 0; i < transports.Length(); ++i) {
    const std::string transport = transports.Get(i).ToString();
    watch.tcp = watch.tcp || transport == "tcp";
    watch.udp = watch.udp || transport == "udp";
    watch.icmp = watch.icmp || transport == "icmp";
  }
  if (options.get("ports").IsString()) {
    if (options.text("ports") != "all")
      refuse(options.get("ports").Env(), "options.protocols[].ports", "'all' or a list");
    watch.every_port = true;
    return watch;
  }
  const Napi::Array ports = options.list("ports");
  for (uint32_t i = 0; i < ports.Length(); ++i) {
    const Napi::Value port = ports.Get(i);
    if (!port.IsNumber() || port.ToNumber().DoubleValue() < 0 || port.ToNumber().DoubleValue() > 65535)
      refuse(port.Env(), "options.protocols[].ports", "port numbers from 0 to 65535");
    watch.ports.push_back(static_cast<uint16_t>(port.ToNumber().Uint32Value()));
  }
  return watch;
}

Conversations::Limits read_limits(const Members& options) {
  Conversations::Limits limits;
  limits.conversations = options.whole<uint32_t>("conversations");
  limits.tcp.held = options.whole<uint64_t>("heldBytes");
  limits.tcp.reorder = options.whole<uint64_t>("reorderBytes");
  limits.tcp.patience = options.seconds("reorderSeconds");
  return limits;
}

FlowTable::Options read_flows(const Members& options) {
  FlowTable::Options flows;
  flows.timeout = options.seconds("timeoutSeconds");
  flows.period = options.seconds("periodSeconds");
  flows.delta = options.flag("delta");
  flows.maximum = std::max(options.whole<uint32_t>("maximum"), 1u);
  return flows;
}

}  // namespace

CaptureOptions read_options(const Napi::Value& value) {
  const Members options(value, "options");
  CaptureOptions read;
  read.source = read_source(options.members("source"), value.Env());
  const Napi::Array protocols = options.list("protocols");
  if (protocols.Length() > kMaxWatches) refuse(value.Env(), "options.protocols", "at most 255 protocols");
  for (uint32_t i = 0; i < protocols.Length(); ++i)
    read.engine.watches.push_back(read_watch({protocols.Get(i), "options.protocols[]"}));
  if (auto* live = std::get_if<LiveOptions>(&read.source))
    for (const Watch& watch : read.engine.watches) live->port_filter = live->port_filter && !watch.every_port;
  read.engine.limits = read_limits(options.members("limits"));
  if (options.has("flows")) read.engine.flows = read_flows(options.members("flows"));
  if (options.has("processes")) {
    read.engine.processes = ProcessBinding::lookup_of(options.get("processes"));
    if (!read.engine.processes) refuse(value.Env(), "options.processes", "Processes that are not closed");
  }
  read.engine.packets = options.has("packets") && options.flag("packets");
  if (read.engine.packets && (!read.engine.watches.empty() || read.engine.flows))
    refuse(value.Env(), "options.packets", "without protocols and flows");
  const Members source = options.members("source");
  if (source.has("filter") && !std::holds_alternative<LiveOptions>(read.source))
    read.engine.filter = source.text("filter");
  if (options.has("dumpPath")) read.engine.dump_path = options.text("dumpPath");
  return read;
}

ProcessLookupOptions read_process_options(const Napi::Value& value) {
  const Members options(value, "options");
  ProcessLookupOptions read;
  const Napi::Array devices = options.list("devices");
  for (uint32_t i = 0; i < devices.Length(); ++i) read.devices.push_back(devices.Get(i).ToString());
  const Napi::Array ports = options.list("udpPorts");
  for (uint32_t i = 0; i < ports.Length(); ++i)
    read.udp_ports.push_back(static_cast<uint16_t>(ports.Get(i).ToNumber().Uint32Value()));
  return read;
}

WatchedPorts watched_ports(const std::vector<Watch>& watches) {
  WatchedPorts ports;
  for (const Watch& watch : watches) {
    if (watch.tcp) ports.tcp.insert(watch.ports.begin(), watch.ports.end());
    if (watch.udp) ports.udp.insert(watch.ports.begin(), watch.ports.end());
    ports.icmp = ports.icmp || watch.icmp;
  }
  return ports;
}

}  // namespace packetbeat
