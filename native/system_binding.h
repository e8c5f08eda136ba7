// What this machine has to capture from, its users, and its locks.
#pragma once

#include <napi.h>

namespace packetbeat {

Napi::Value list_devices(const Napi::CallbackInfo& info);
Napi::Value find_default_route(const Napi::CallbackInfo& info);
Napi::Value libpcap_version_line(const Napi::CallbackInfo& info);
void check_filter_expression(const Napi::CallbackInfo& info);
Napi::Value lock_file_at(const Napi::CallbackInfo& info);
void unlock_locked_file(const Napi::CallbackInfo& info);
Napi::Value find_user_named(const Napi::CallbackInfo& info);
Napi::Value find_group_named(const Napi::CallbackInfo& info);
void allow_capture_here(const Napi::CallbackInfo& info);
void give_up_root_for_good(const Napi::CallbackInfo& info);
Napi::Value state_of_device(const Napi::CallbackInfo& info);
Napi::Value state_of_clock(const Napi::CallbackInfo& info);

}  // namespace packetbeat
