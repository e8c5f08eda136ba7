/** What `Context.count` counts, by name. */
export const counters = {
  unmatched_requests: 'requests without a response, each reported as an event',
  unmatched_responses: 'responses without a request, each reported as an event',
  evicted_requests: 'requests reported without their response because too many waited on one connection',
  late_responses: 'responses that came after transaction_timeout; the event tells',
  informational_responses: 'responses that announce another one, such as 100 Continue; they are no events',
  passed_bytes:
    'bytes of other protocols after an upgrade, in a CONNECT tunnel, or of HTTP/2; they are not decoded',
}
