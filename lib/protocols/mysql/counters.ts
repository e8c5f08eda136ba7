export const counters = {
  unmatched_requests: 'commands without an answer, or without all of it, each reported as an event',
  unmatched_responses: 'answers to commands that were not captured',
  late_responses: 'answers that came after transaction_timeout; the event tells',
  evicted_requests: 'commands reported without their answer because too many waited on one connection',
  forgotten_statements:
    'prepared statements forgotten because there were too many; their SQL is then unknown',
  cut_requests:
    'commands of more than 1 MiB, or 128 KiB where they were compressed, of which an event has the beginning',
  encrypted_connections: 'connections that went on with TLS, which is not decoded',
  undecoded_connections: 'compressed connections whose login was not captured, which are not decoded',
  replication_bytes: 'bytes of the binary log that servers sent to their replicas, which are not decoded',
}
