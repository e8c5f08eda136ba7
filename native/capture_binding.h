// `Capture` of binding.d.ts.
#pragma once

#include <napi.h>

#include <deque>
#include <memory>
#include <thread>

#include "js_queue.h"
#include "reassembly/engine.h"

namespace packetbeat {

/// The JavaScript face of an engine: owns its memory and its thread. All members are called on the JavaScript
/// thread, except `run`.
class CaptureBinding : public Napi::ObjectWrap<CaptureBinding> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit CaptureBinding(const Napi::CallbackInfo& info);
  ~CaptureBinding() override;

 private:
  void start(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  void enough(const Napi::CallbackInfo& info);
  void stop(const Napi::CallbackInfo& info);
  void abandon(const Napi::CallbackInfo& info);
  void feed(const Napi::CallbackInfo& info);
  void feed_end(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);

  void run();                                     // capture thread
  bool hand_over(uint32_t batch, uint32_t rows);  // capture thread
  void announce_taken();                          // any thread
  void taken();
  void end_thread();

  enum class State { Ready, Running, Stopped } state_ = State::Ready;
  bool stream_ = false;
  Napi::Reference<Napi::ArrayBuffer> memory_;
  std::unique_ptr<Engine> engine_;
  Napi::FunctionReference on_batch_, on_end_;
  std::shared_ptr<JsQueue> queue_;
  std::thread thread_;
  /// One for each piece fed and not taken, in the order they were fed.
  std::deque<Napi::FunctionReference> feeding_;
  uint32_t taken_early_ = 0;  // taken before `start`: there is no queue yet
  /// This, or null once it is gone; outlives it in the queue.
  std::shared_ptr<CaptureBinding*> self_;
};

}  // namespace packetbeat
