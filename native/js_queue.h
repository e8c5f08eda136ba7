// From any thread to the JavaScript thread.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <mutex>

namespace packetbeat {

/// Carries messages to the JavaScript thread, in their order, and keeps the process alive until `release`.
class JsQueue {
 public:
  using Message = std::function<void(Napi::Env)>;

  /// JavaScript thread. `closed` is called on it once, when no message will come any more: after `release`,
  /// or because the environment ends, in which case messages under way are dropped.
  static std::shared_ptr<JsQueue> open(Napi::Env env, const char* name, std::function<void()> closed);

  /// Any thread; never waits. False: the environment ends, nobody will hear of it.
  bool post(Message message);
  /// Any thread, once: the last message was posted.
  void release();

 private:
  struct Closing {
    std::shared_ptr<JsQueue> queue;
    std::function<void()> closed;
  };
  static void deliver(napi_env env, napi_value function, void* context, void* message);
  static void finalize(napi_env env, void* closing, void* context);

  std::mutex mutex_;
  bool over_ = false;  // Node may have freed `function_`: not to be touched again
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace packetbeat
