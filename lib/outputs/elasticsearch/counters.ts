/** Of all lanes of an output; docs/metrics.md says more. */
export class ElasticsearchCounters {
  /** Bulk requests that the server answered. */
  requests = 0
  /** Events the server had already, from a request whose answer was lost. */
  duplicates = 0
  /** Refused events that are in the dead letter index now. */
  deadLetters = 0
  /** Requests that were too large, and sent as two. */
  split = 0
  /** Events that the server put off: it was busy, or failed. */
  putOff = 0

  named(): Record<string, number> {
    const prefix = 'output.elasticsearch.'
    return {
      [`${prefix}requests`]: this.requests,
      [`${prefix}duplicates`]: this.duplicates,
      [`${prefix}dead_letters`]: this.deadLetters,
      [`${prefix}split`]: this.split,
      [`${prefix}put_off`]: this.putOff,
    }
  }
}
