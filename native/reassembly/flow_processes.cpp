// The processes of flows: asked for with the first packet, kept with the flow once they are known.
#include <utility>

#include "reassembly/flow_table.h"

namespace packetbeat {

void FlowTable::ask_processes(uint32_t number) {
  const Flow& flow = at(number);
  const FlowKey& key = flow.key;
  if (!key.has_ports || key.ip_layers() == 0) return;
  // Ports are those of the inmost header, and so are the hosts that have the sockets.
  const size_t layer = key.ip_layers() - 1, from = flow.source, to = from ^ 1;
  const Endpoints ends{key.ip[layer][from], key.ip[layer][to],  key.port[from],
                       key.port[to],        key.version[layer], key.protocol};
  const uint32_t ticket = lookup_->ask(ends);
  processes_[number].ticket = ticket;
  if (ticket != 0) asked_.push_back({number, 0, flow.serial});
}

void FlowTable::hear_processes(uint32_t number) {
  Processes& known = processes_[number];
  if (known.ticket == 0) return;
  ProcessAnswer answer = lookup_->answer(known.ticket);
  if (answer.state == AnswerState::Final || answer.state == AnswerState::Forgotten) known.ticket = 0;
  if (answer.state == AnswerState::Forgotten) return;
  const size_t from = at(number).source;
  known.side[from] = std::move(answer.side[0]);
  known.side[from ^ 1] = std::move(answer.side[1]);
}

/// Answers are kept for a while only: they are fetched before the flow is reported.
void FlowTable::hear_all_processes() {
  std::erase_if(asked_, [this](const Candidate& asked) {
    if (seen_[asked.number] == kFree || at(asked.number).serial != asked.serial) return true;
    hear_processes(asked.number);
    return processes_[asked.number].ticket == 0;
  });
}

}  // namespace packetbeat
