#include "process_binding.h"

#include <string>
#include <utility>

#include "errors_binding.h"
#include "options_binding.h"
#include "process/address_changes.h"

namespace packetbeat {
namespace {

// Objects of this class only: one of another that is taken for it would be read as memory that it is not.
constexpr napi_type_tag kTag{0x7061636b65746265, 0x70726f6365737365};

}  // namespace

Napi::Function ProcessBinding::define(Napi::Env env) {
  return DefineClass(env, "Processes",
                     {
                         InstanceMethod<&ProcessBinding::find>("find"),
                         InstanceMethod<&ProcessBinding::details>("details"),
                         InstanceMethod<&ProcessBinding::stats>("stats"),
                         InstanceMethod<&ProcessBinding::close>("close"),
                     });
}

ProcessBinding::ProcessBinding(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  lookup_ = open_process_lookup(read_process_options(info[0]));
  if (!lookup_) throw coded_error(env, "ERR_PROCESSES_UNAVAILABLE", "Processes are looked up on Linux only.");
  auto found = Napi::Uint32Array::New(env, 2);
  numbers_ = found.Data();
  found_ = Napi::Persistent(found);
  auto self = info.This().As<Napi::Object>();
  self.TypeTag(&kTag);
  self.DefineProperty(Napi::PropertyDescriptor::Value("found", found, napi_enumerable));
}

std::shared_ptr<ProcessLookup> ProcessBinding::lookup_of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTag)) return nullptr;
  return Unwrap(value.As<Napi::Object>())->lookup_;
}

Napi::Value ProcessBinding::find(const Napi::CallbackInfo& info) {
  ProcessAnswer answer;
  if (lookup_) answer = lookup_->answer(info[0].ToNumber().Uint32Value());
  for (size_t side = 0; side < 2; ++side) numbers_[side] = answer.side[side] ? answer.side[side]->number : 0;
  return Napi::Number::New(info.Env(), static_cast<int>(answer.state));
}

Napi::Value ProcessBinding::details(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const ProcessPointer process = lookup_ ? lookup_->process(info[0].ToNumber().Uint32Value()) : nullptr;
  if (!process) return env.Null();
  auto object = Napi::Object::New(env);
  object.Set("pid", process->pid);
  object.Set("parent", process->parent);
  object.Set("start", static_cast<double>(process->start));
  object.Set("name", process->name);
  object.Set("executable", process->executable);
  object.Set("workingDirectory", process->directory);
  auto arguments = Napi::Array::New(env);
  for (const std::string& argument : process->arguments)
    arguments[arguments.Length()] = Napi::String::New(env, argument);
  object.Set("args", arguments);
  return object;
}

Napi::Value ProcessBinding::stats(const Napi::CallbackInfo& info) {
  auto stats = Napi::Object::New(info.Env());
  if (lookup_)
    for (const auto& [name, value] : lookup_->stats())
      stats.Set(std::string(name), Napi::Number::New(info.Env(), static_cast<double>(value)));
  return stats;
}

void ProcessBinding::close(const Napi::CallbackInfo&) {
  lookup_.reset();
}

Napi::Function address_changes(Napi::Env env) {
  auto changes = std::make_shared<AddressChanges>();
  return Napi::Function::New(
      env,
      [changes](const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), changes->any()); },
      "addressesChanged");
}

}  // namespace packetbeat
