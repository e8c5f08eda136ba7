// Errors of the core as errors of JavaScript.
#pragma once

#include <napi.h>

#include <string>

#include "capture/source.h"

namespace packetbeat {

inline Napi::Error coded_error(Napi::Env env, const std::string& code, const std::string& message) {
  auto error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  return error;
}

/// Calls `step`; what it throws as CaptureError becomes an Error with its `code`.
template <typename Step>
auto with_codes(Napi::Env env, Step&& step) {
  try {
    return step();
  } catch (const CaptureError& error) {
    throw coded_error(env, error.code(), error.what());
  }
}

}  // namespace packetbeat
