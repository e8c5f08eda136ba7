#include "layout_binding.h"

#include <cstddef>
#include <string>
#include <utility>

#include "capture/batch_pool.h"
#include "decode/decode.h"
#include "reassembly/flow_report.h"
#include "reassembly/packet_row.h"

namespace packetbeat {
namespace {

Napi::Object frozen(Napi::Object object) {
  object.Freeze();
  return object;
}

/// Each name with its place in the list.
template <typename Names>
Napi::Object numbered(Napi::Env env, const Names& names) {
  auto object = Napi::Object::New(env);
  uint32_t place = 0;
  for (const std::string_view name : names) object.Set(std::string(name), place++);
  return frozen(object);
}

constexpr uint32_t words(size_t bytes) {
  return static_cast<uint32_t>(bytes / sizeof(uint32_t));
}

}  // namespace

Napi::Object layout(Napi::Env env) {
  constexpr BatchGeometry geometry;
  auto object = Napi::Object::New(env);
  for (const auto& [name, value] : {std::pair{"batches", geometry.batches},
                                    {"batchBytes", geometry.batch_bytes()},
                                    {"rows", geometry.rows},
                                    {"rowWords", words(sizeof(Row))},
                                    {"head", words(offsetof(Row, head))},
                                    {"conversation", words(offsetof(Row, conversation))},
                                    {"seconds", words(offsetof(Row, seconds))},
                                    {"nanoseconds", words(offsetof(Row, nanoseconds))},
                                    {"offset", words(offsetof(Row, offset))},
                                    {"length", words(offsetof(Row, length))},
                                    {"a", words(offsetof(Row, a))},
                                    {"b", words(offsetof(Row, b))}})
    object.Set(name, value);
  return frozen(object);
}

Napi::Object row_kinds(Napi::Env env) {
  return numbered(env, kRowKindNames);
}
Napi::Object close_reasons(Napi::Env env) {
  return numbered(env, kCloseReasonNames);
}
Napi::Object decode_results(Napi::Env env) {
  return numbered(env, kDecodeResultNames);
}
Napi::Object packet_columns(Napi::Env env) {
  return numbered(env, kPacketColumnNames);
}
Napi::Object flow_columns(Napi::Env env) {
  return numbered(env, kFlowColumnNames);
}
Napi::Object flow_texts(Napi::Env env) {
  return numbered(env, kFlowTextNames);
}

}  // namespace packetbeat
