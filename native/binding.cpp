#include "capture_binding.h"
#include "layout_binding.h"
#include "process_binding.h"
#include "system_binding.h"

namespace {

// The addon's whole surface, in the order of binding.d.ts. Called once per environment: there is no global
// state.
Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("layout", packetbeat::layout(env));
  exports.Set("rowKinds", packetbeat::row_kinds(env));
  exports.Set("closeReasons", packetbeat::close_reasons(env));
  exports.Set("decodeResults", packetbeat::decode_results(env));
  exports.Set("packetColumns", packetbeat::packet_columns(env));
  exports.Set("flowColumns", packetbeat::flow_columns(env));
  exports.Set("flowTexts", packetbeat::flow_texts(env));
  exports.Set("Capture", packetbeat::CaptureBinding::define(env));
  exports.Set("Processes", packetbeat::ProcessBinding::define(env));
  exports.Set("addressesChanged", packetbeat::address_changes(env));
  exports.Set("devices", Napi::Function::New<packetbeat::list_devices>(env, "devices"));
  exports.Set("defaultRoute", Napi::Function::New<packetbeat::find_default_route>(env, "defaultRoute"));
  exports.Set("libpcapVersion", Napi::Function::New<packetbeat::libpcap_version_line>(env, "libpcapVersion"));
  exports.Set("checkFilter", Napi::Function::New<packetbeat::check_filter_expression>(env, "checkFilter"));
  exports.Set("lockFile", Napi::Function::New<packetbeat::lock_file_at>(env, "lockFile"));
  exports.Set("unlockFile", Napi::Function::New<packetbeat::unlock_locked_file>(env, "unlockFile"));
  exports.Set("findUser", Napi::Function::New<packetbeat::find_user_named>(env, "findUser"));
  exports.Set("findGroup", Napi::Function::New<packetbeat::find_group_named>(env, "findGroup"));
  exports.Set("allowCapture", Napi::Function::New<packetbeat::allow_capture_here>(env, "allowCapture"));
  exports.Set("giveUpRoot", Napi::Function::New<packetbeat::give_up_root_for_good>(env, "giveUpRoot"));
  exports.Set("deviceState", Napi::Function::New<packetbeat::state_of_device>(env, "deviceState"));
  exports.Set("clockState", Napi::Function::New<packetbeat::state_of_clock>(env, "clockState"));
  return exports;
}

}  // namespace

NODE_API_MODULE(packetbeat_native, Init)
