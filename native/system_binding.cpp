#include "system_binding.h"

#include <optional>
#include <string>
#include <system_error>

#include "capture/devices.h"
#include "capture/open_source.h"
#include "errors_binding.h"
#include "system/file_lock.h"

namespace packetbeat {
namespace {

Napi::Value text_or_null(Napi::Env env, const std::optional<std::string>& text) {
  return text ? Napi::Value(Napi::String::New(env, *text)) : env.Null();
}

}  // namespace

Napi::Value list_devices(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  auto list = Napi::Array::New(env);
  for (const Device& device : with_codes(env, devices)) {
    auto addresses = Napi::Array::New(env);
    for (const std::string& address : device.addresses)
      addresses[addresses.Length()] = Napi::String::New(env, address);
    auto object = Napi::Object::New(env);
    object.Set("name", device.name);
    object.Set("description", device.description);
    object.Set("addresses", addresses);
    object.Set("up", device.up);
    object.Set("loopback", device.loopback);
    list[list.Length()] = object;
  }
  return list;
}

Napi::Value find_default_route(const Napi::CallbackInfo& info) {
  const bool ipv6 = info[0].ToString().Utf8Value() == "ipv6";
  return with_codes(info.Env(), [&] {
    return text_or_null(info.Env(), default_route(ipv6 ? Family::Ipv6 : Family::Ipv4));
  });
}

Napi::Value libpcap_version_line(const Napi::CallbackInfo& info) {
  return text_or_null(info.Env(), libpcap_version());
}

void check_filter_expression(const Napi::CallbackInfo& info) {
  with_codes(info.Env(), [&] { check_filter(info[0].ToString()); });
}

Napi::Value lock_file_at(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  try {
    const intptr_t lock = lock_file(info[0].ToString());
    return lock < 0 ? env.Null() : Napi::Value(Napi::Number::New(env, static_cast<double>(lock)));
  } catch (const std::system_error& error) {
    throw Napi::Error::New(env, error.code().message());
  }
}

void unlock_locked_file(const Napi::CallbackInfo& info) {
  unlock_file(static_cast<intptr_t>(info[0].ToNumber().Int64Value()));
}

}  // namespace packetbeat
