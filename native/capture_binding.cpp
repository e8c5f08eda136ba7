#include "capture_binding.h"

#include <optional>
#include <span>
#include <utility>

#include "capture/stream_source.h"
#include "errors_binding.h"
#include "options_binding.h"

namespace packetbeat {

Napi::Function CaptureBinding::define(Napi::Env env) {
  return DefineClass(env, "Capture",
                     {
                         InstanceMethod<&CaptureBinding::start>("start"),
                         InstanceMethod<&CaptureBinding::release>("release"),
                         InstanceMethod<&CaptureBinding::enough>("enough"),
                         InstanceMethod<&CaptureBinding::stop>("stop"),
                         InstanceMethod<&CaptureBinding::abandon>("abandon"),
                         InstanceMethod<&CaptureBinding::feed>("feed"),
                         InstanceMethod<&CaptureBinding::feed_end>("feedEnd"),
                         InstanceMethod<&CaptureBinding::stats>("stats"),
                     });
}

CaptureBinding::CaptureBinding(const Napi::CallbackInfo& info)
    : ObjectWrap(info), self_(std::make_shared<CaptureBinding*>(this)) {
  const Napi::Env env = info.Env();
  const CaptureOptions options = read_options(info[0]);
  stream_ = std::holds_alternative<StreamOptions>(options.source);
  auto source =
      with_codes(env, [&] { return open_source(options.source, watched_ports(options.engine.watches)); });

  const size_t bytes = BatchGeometry{}.total_bytes();
  auto memory = Napi::ArrayBuffer::New(env, bytes);
  memory_ = Napi::Persistent(memory);
  engine_ = with_codes(env, [&] {
    return std::make_unique<Engine>(std::move(source), options.engine,
                                    std::span{static_cast<uint8_t*>(memory.Data()), bytes},
                                    [this](uint32_t batch, uint32_t rows) { return hand_over(batch, rows); });
  });
  info.This().As<Napi::Object>().DefineProperty(
      Napi::PropertyDescriptor::Value("memory", memory, napi_enumerable));
}

CaptureBinding::~CaptureBinding() {
  if (engine_) engine_->abandon();
  if (thread_.joinable()) thread_.join();
  *self_ = nullptr;
}

void CaptureBinding::start(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (state_ != State::Ready)
    throw coded_error(env, "ERR_CAPTURE_STARTED", "A capture can be started once only.");
  if (!info[0].IsFunction() || !info[1].IsFunction())
    throw coded_error(env, "ERR_INVALID_ARG_TYPE", "start needs two functions: onBatch and onEnd.");
  on_batch_ = Napi::Persistent(info[0].As<Napi::Function>());
  on_end_ = Napi::Persistent(info[1].As<Napi::Function>());
  queue_ = JsQueue::open(env, "packetbeat.capture", [self = self_] {
    if (*self) (*self)->end_thread();
  });
  state_ = State::Running;
  Ref();  // the thread needs us until `end_thread`
  for (; taken_early_ > 0; --taken_early_) announce_taken();
  thread_ = std::thread([this] { run(); });
}

void CaptureBinding::run() {
  std::optional<std::pair<std::string, std::string>> failure;
  try {
    engine_->run();
  } catch (const CaptureError& error) {
    failure.emplace(error.code(), error.what());
  } catch (const std::exception& error) {
    failure.emplace("ERR_CAPTURE_INTERNAL", error.what());
  }
  queue_->post([this, failure](Napi::Env env) {
    state_ = State::Stopped;
    if (failure)
      on_end_.Call({coded_error(env, failure->first, failure->second).Value()});
    else
      on_end_.Call({});
  });
  queue_->release();
}

bool CaptureBinding::hand_over(uint32_t batch, uint32_t rows) {
  return queue_->post([this, batch, rows](Napi::Env env) {
    on_batch_.Call({Napi::Number::New(env, batch), Napi::Number::New(env, rows)});
  });
}

void CaptureBinding::end_thread() {
  engine_->abandon();  // no news to a thread that is through; the end of the environment to one that is not
  if (thread_.joinable()) thread_.join();
  state_ = State::Stopped;
  feeding_.clear();
  on_batch_.Reset();
  on_end_.Reset();
  Unref();
}

void CaptureBinding::release(const Napi::CallbackInfo& info) {
  engine_->release(info[0].ToNumber().Uint32Value());
}

void CaptureBinding::enough(const Napi::CallbackInfo& info) {
  engine_->enough(info[0].ToNumber().Uint32Value(), info[1].ToNumber().Uint32Value());
}

void CaptureBinding::stop(const Napi::CallbackInfo&) {
  engine_->stop();
  if (state_ == State::Ready) engine_->close();
}

void CaptureBinding::abandon(const Napi::CallbackInfo&) {
  engine_->abandon();
  if (state_ == State::Ready) engine_->close();
}

void CaptureBinding::feed(const Napi::CallbackInfo& info) {
  if (!stream_ || !info[0].IsTypedArray() || !info[1].IsFunction())
    throw coded_error(info.Env(), "ERR_INVALID_ARG_TYPE",
                      "feed needs a stream source, bytes and a function.");
  const auto view = info[0].As<Napi::TypedArray>();
  const std::span bytes(static_cast<const uint8_t*>(view.ArrayBuffer().Data()) + view.ByteOffset(),
                        view.ByteLength());
  const auto function = info[1].As<Napi::Function>();
  feeding_.push_back(Napi::Persistent(function));
  const bool fed = engine_->with_source([&](Source& source) {
    static_cast<StreamSource&>(source).feed(bytes, [self = self_] {
      if (*self) (*self)->announce_taken();
    });
  });
  if (fed) return;
  feeding_.pop_back();
  function.Call({});  // nobody reads any more; whoever waits may go on
}

void CaptureBinding::feed_end(const Napi::CallbackInfo&) {
  if (stream_) engine_->with_source([](Source& source) { static_cast<StreamSource&>(source).feed_end(); });
}

void CaptureBinding::announce_taken() {
  if (queue_)
    queue_->post([this](Napi::Env) { taken(); });
  else
    ++taken_early_;
}

void CaptureBinding::taken() {
  if (feeding_.empty()) return;
  const Napi::FunctionReference function = std::move(feeding_.front());
  feeding_.pop_front();
  function.Call({});
}

Napi::Value CaptureBinding::stats(const Napi::CallbackInfo& info) {
  auto stats = Napi::Object::New(info.Env());
  for (const auto& [name, value] : engine_->stats())
    stats.Set(std::string(name), Napi::Number::New(info.Env(), static_cast<double>(value)));
  return stats;
}

}  // namespace packetbeat
