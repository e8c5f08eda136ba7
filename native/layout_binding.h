// The tables of numbers that let JavaScript read batches without knowing a constant.
#pragma once

#include <napi.h>

namespace packetbeat {

Napi::Object layout(Napi::Env env);
Napi::Object row_kinds(Napi::Env env);
Napi::Object close_reasons(Napi::Env env);
Napi::Object decode_results(Napi::Env env);
Napi::Object packet_columns(Napi::Env env);
Napi::Object flow_columns(Napi::Env env);
Napi::Object flow_texts(Napi::Env env);

}  // namespace packetbeat
