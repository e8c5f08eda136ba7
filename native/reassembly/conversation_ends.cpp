// How conversations end: closed, idle, evicted, or with the capture.
#include <algorithm>
#include <utility>
#include <vector>

#include "reassembly/conversations.h"

namespace packetbeat {

void Conversations::close(uint32_t id, CloseReason reason) {
  Conversation& conversation = table_[id];
  if (conversation.over) return;
  const size_t list = list_of(conversation);
  if (conversation.ends.protocol == kTcp) {
    streams_.flush(id);
    const bool forced = reason == CloseReason::Reset || reason == CloseReason::Replaced;
    if (!forced && conversation.sides[0].finished && conversation.sides[1].finished)
      reason = CloseReason::Fin;
  }
  rows_.close(conversation, id, now_, reason);
  ++counters_.closed;
  if (reason == CloseReason::Evicted) ++counters_.evicted;
  conversation.over = true;
  if (conversation.ends.protocol == kTcp)
    table_.move(id, list, kLingerList, now_);
  else
    table_.erase(id, list);
}

void Conversations::erase(uint32_t id) {
  table_.erase(id, kLingerList);
}

void Conversations::make_room() {
  uint32_t longest = table_.oldest(kLingerList);
  if (longest != kNobody) return erase(longest);  // nobody misses it
  for (size_t list = 0; list < table_.lists(); ++list)
    if (const uint32_t id = table_.oldest(list);
        id != kNobody && (longest == kNobody || table_[id].listed < table_[longest].listed))
      longest = id;
  const bool tcp = table_[longest].ends.protocol == kTcp;
  close(longest, CloseReason::Evicted);
  if (tcp) erase(longest);
}

void Conversations::sweep() {
  swept_ = now_;
  for (uint32_t id; (id = table_.oldest(kLingerList)) != kNobody && now_ - table_[id].listed >= kLinger;)
    erase(id);
  for (size_t list = 1; list < table_.lists(); ++list)
    for (uint32_t id; (id = table_.oldest(list)) != kNobody &&
                      now_ - table_[id].listed >= idle_[list] + ConversationTable::kListGrain;)
      close(id, CloseReason::Idle);
}

void Conversations::close_finished() {
  for (const uint32_t id : streams_.finished())
    if (const Conversation& conversation = table_[id];
        conversation.sides[0].finished && conversation.sides[1].finished)
      close(id, CloseReason::Fin);
  streams_.finished().clear();
}

void Conversations::finish() {
  std::vector<std::pair<uint64_t, uint32_t>> left;
  for (size_t list = 1; list < table_.lists(); ++list)
    for (uint32_t id = table_.oldest(list); id != kNobody; id = table_[id].newer)
      left.emplace_back(table_[id].order, id);
  std::sort(left.begin(), left.end());
  for (const auto& [order, id] : left) close(id, CloseReason::End);
}

}  // namespace packetbeat
