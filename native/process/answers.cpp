#include "process/answers.h"

#include <algorithm>
#include <utility>

namespace packetbeat {

uint32_t Answers::begin() {
  std::array<ProcessPointer, 2> gone;  // freed without the lock
  std::lock_guard lock(mutex_);
  if (++tickets_ == 0) ++tickets_;
  Entry& entry = entries_[tickets_ % kAnswers];
  entry.ticket = tickets_;
  entry.final = 0;
  gone = std::exchange(entry.side, {});
  return tickets_;
}

void Answers::tell(uint32_t ticket, unsigned side, ProcessPointer process, bool final) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_[ticket % kAnswers];
  if (entry.ticket != ticket) return;
  entry.side[side].swap(process);
  if (final) entry.final = static_cast<uint8_t>(entry.final | 1u << side);
}

ProcessAnswer Answers::get(uint32_t ticket) const {
  std::lock_guard lock(mutex_);
  const Entry& entry = entries_[ticket % kAnswers];
  if (ticket == 0 || entry.ticket != ticket) return {};
  ProcessAnswer answer;
  answer.side = entry.side;
  answer.state = entry.final == 3                   ? AnswerState::Final
                 : (entry.side[0] || entry.side[1]) ? AnswerState::Passing
                                                    : AnswerState::Waiting;
  return answer;
}

void Answers::list(const ProcessPointer& process) {
  std::lock_guard lock(mutex_);
  processes_.insert_or_assign(process->number, process);
  if (processes_.size() < tidy_at_) return;
  std::erase_if(processes_, [](const auto& each) { return each.second.expired(); });
  tidy_at_ = std::max<size_t>(1024, 2 * processes_.size());
}

ProcessPointer Answers::process(uint32_t number) const {
  std::lock_guard lock(mutex_);
  const auto found = processes_.find(number);
  return found == processes_.end() ? nullptr : found->second.lock();
}

}  // namespace packetbeat
