// The counters of a capture; what they mean is in docs/metrics.md.
#include "reassembly/engine.h"

namespace packetbeat {

void Engine::publish() {
  Stats stats{{"capture.packets", packets_},
              {"capture.bytes", bytes_},
              {"capture.filtered", filtered_},
              {"capture.cut", cut_},
              {"copies.frames", copies_ ? copies_->counters.frames : 0},
              {"copies.in_tunnels", copies_ ? copies_->counters.talks : 0}};
  for (size_t i = 0; i < decoded_.size(); ++i) stats.emplace_back(kDecodeCounters[i], decoded_[i]);

  const auto& fragments = fragments_.counters();
  stats.insert(stats.end(), {
                                {"fragments.reassembled", fragments.reassembled},
                                {"fragments.duplicate", fragments.duplicate},
                                {"fragments.invalid", fragments.invalid},
                                {"fragments.expired", fragments.expired},
                                {"fragments.evicted", fragments.evicted},
                                {"fragments.held_bytes", fragments_.held_bytes()},
                            });
  const auto& tcp = conversations_.streams().counters();
  stats.insert(stats.end(), {
                                {"tcp.retransmitted_bytes", tcp.retransmitted_bytes},
                                {"tcp.overlaps", tcp.overlaps},
                                {"tcp.out_of_order", tcp.out_of_order},
                                {"tcp.stray", tcp.stray},
                                {"tcp.after_reset", tcp.after_reset},
                                {"tcp.gaps", tcp.gaps},
                                {"tcp.gap_bytes", tcp.gap_bytes},
                                {"tcp.shed_bytes", tcp.shed_bytes},
                                {"tcp.held_bytes", conversations_.streams().held_bytes()},
                            });
  const auto& conversations = conversations_.counters();
  stats.insert(stats.end(), {
                                {"conversations.opened", conversations.opened},
                                {"conversations.closed", conversations.closed},
                                {"conversations.open", conversations_.open()},
                                {"conversations.evicted", conversations.evicted},
                                {"flows.opened", flows_ ? flows_->counters().opened : 0},
                                {"flows.open", flows_ ? flows_->size() : 0},
                                {"flows.evicted", flows_ ? flows_->counters().evicted : 0},
                                {"flows.reported", reports_},
                            });
  std::lock_guard lock(mutex_);
  published_ = std::move(stats);
}

Engine::Stats Engine::stats() const {
  const auto pool = pool_.counters();
  std::lock_guard lock(mutex_);
  const SourceStats source = source_ ? source_->stats() : last_source_;
  Stats stats = published_;
  // A packet meets the kernel and the file before it is counted as captured, but users look for that one
  // first.
  stats.insert(stats.begin() + 2, {
                                      {"capture.kernel_packets", source.kernel_packets},
                                      {"capture.kernel_dropped", source.kernel_dropped},
                                      {"capture.ring_freezes", source.ring_freezes},
                                      {"file.bytes", source.file_bytes},
                                      {"file.position", source.file_position},
                                      {"file.unsupported", source.unsupported},
                                  });
  stats.emplace_back("batches.handed_over", pool.handed_over);
  stats.emplace_back("batches.waits", pool.waits);
  return stats;
}

}  // namespace packetbeat
