#include "system_binding.h"

#include <optional>
#include <string>
#include <system_error>

#include "capture/devices.h"
#include "capture/open_source.h"
#include "errors_binding.h"
#include "system/account.h"
#include "system/clock_state.h"
#include "system/device_state.h"
#include "system/file_lock.h"

namespace packetbeat {
namespace {

Napi::Value text_or_null(Napi::Env env, const std::optional<std::string>& text) {
  return text ? Napi::Value(Napi::String::New(env, *text)) : env.Null();
}

/// What the system refused, as an error that says its reason.
template <typename Work>
auto with_reasons(Napi::Env env, Work work) {
  try {
    return work();
  } catch (const std::system_error& error) {
    throw Napi::Error::New(env, error.code().message());
  }
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
  return with_reasons(env, [&] {
    const intptr_t lock = lock_file(info[0].ToString());
    return lock < 0 ? env.Null() : Napi::Value(Napi::Number::New(env, static_cast<double>(lock)));
  });
}

void unlock_locked_file(const Napi::CallbackInfo& info) {
  unlock_file(static_cast<intptr_t>(info[0].ToNumber().Int64Value()));
}

Napi::Value find_user_named(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto user = find_user(info[0].ToString());
  if (!user) return env.Null();
  auto groups = Napi::Array::New(env);
  for (const uint32_t group : user->groups) groups[groups.Length()] = Napi::Number::New(env, group);
  auto object = Napi::Object::New(env);
  object.Set("id", user->id);
  object.Set("group", user->group);
  object.Set("groups", groups);
  return object;
}

Napi::Value find_group_named(const Napi::CallbackInfo& info) {
  const auto group = find_group(info[0].ToString());
  return group ? Napi::Value(Napi::Number::New(info.Env(), *group)) : info.Env().Null();
}

void allow_capture_here(const Napi::CallbackInfo& info) {
  with_reasons(info.Env(), [&] { allow_capture(info[0].ToBoolean()); });
}

void give_up_root_for_good(const Napi::CallbackInfo& info) {
  with_reasons(info.Env(), give_up_root);
}

Napi::Value state_of_device(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto found = device_state(info[0].ToString());
  if (!found) return env.Null();
  auto object = Napi::Object::New(env);
  object.Set("mtu", found->mtu);
  object.Set("genericReceive", found->generic_receive);
  object.Set("largeReceive", found->large_receive);
  object.Set("genericSend", found->generic_send);
  object.Set("tcpSend", found->tcp_send);
  object.Set("ring", found->ring);
  object.Set("ringMost", found->ring_most);
  return object;
}

Napi::Value state_of_clock(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto state = clock_state();
  if (!state) return env.Null();
  auto object = Napi::Object::New(env);
  object.Set("synchronised", state->synchronised);
  object.Set("maximumError", static_cast<double>(state->maximum_error));
  return object;
}

}  // namespace packetbeat
