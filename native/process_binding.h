// `Processes` of binding.d.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "process/process.h"

namespace packetbeat {

/// The JavaScript face of a process look-up. All members are called on the JavaScript thread.
class ProcessBinding : public Napi::ObjectWrap<ProcessBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ProcessBinding(const Napi::CallbackInfo& info);

  /// The look-up of a `Processes` object; null for any other value.
  static std::shared_ptr<ProcessLookup> lookup_of(const Napi::Value& value);

 private:
  Napi::Value find(const Napi::CallbackInfo& info);
  Napi::Value details(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<ProcessLookup> lookup_;
  Napi::Reference<Napi::Uint32Array> found_;
  uint32_t* numbers_ = nullptr;
};

/// Whether addresses or interfaces have changed since the last call; see `AddressChanges`.
Napi::Function address_changes(Napi::Env env);

}  // namespace packetbeat
