#include "js_queue.h"

#include <utility>

namespace packetbeat {

std::shared_ptr<JsQueue> JsQueue::open(Napi::Env env, const char* name, std::function<void()> closed) {
  auto queue = std::make_shared<JsQueue>();
  auto closing = std::make_unique<Closing>(Closing{queue, std::move(closed)});
  // No limit to the queue: batches are limited by their pool, and there are few other messages.
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, name), 0, 1,
                                      closing.get(), finalize, nullptr, deliver, &queue->function_);
  if (status != napi_ok) throw Napi::Error::New(env);
  closing.release();  // `finalize` deletes it
  return queue;
}

bool JsQueue::post(Message message) {
  std::lock_guard lock(mutex_);
  if (over_) return false;
  auto held = std::make_unique<Message>(std::move(message));
  const napi_status status = napi_call_threadsafe_function(function_, held.get(), napi_tsfn_blocking);
  if (status == napi_ok) {
    held.release();  // `deliver` deletes it
    return true;
  }
  over_ = true;
  return false;
}

void JsQueue::release() {
  std::lock_guard lock(mutex_);
  if (!std::exchange(over_, true)) napi_release_threadsafe_function(function_, napi_tsfn_release);
}

void JsQueue::deliver(napi_env env, napi_value, void*, void* message) {
  const std::unique_ptr<Message> held(static_cast<Message*>(message));
  if (env == nullptr) return;  // the environment ends
  try {
    (*held)(Napi::Env(env));
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  }
}

void JsQueue::finalize(napi_env, void* closing, void*) {
  const std::unique_ptr<Closing> held(static_cast<Closing*>(closing));
  {
    std::lock_guard lock(held->queue->mutex_);
    held->queue->over_ = true;
  }
  held->closed();
}

}  // namespace packetbeat
