import { deepEqual, equal } from 'node:assert/strict'
import type { Result } from './capture.js'

/** Each of these counts something that was not seen, not understood or not written. */
const losses = [
  /^capture\.(kernel_dropped|ring_freezes)$/,
  /^file\.unsupported$/,
  /^decode\.(truncated|malformed|too_deep|unknown_link)$/,
  /^fragments\.(invalid|expired|evicted)$/,
  /^tcp\.(gaps|gap_bytes|shed_bytes|stray)$/,
  /^(conversations|flows)\.evicted$/,
  /^streams\.refused$/,
  /\.(malformed|defects|evicted_requests|late_responses)$/,
  /\.unmatched_(requests|responses)$/,
  /\.events_/,
  /^pipeline\.events\.(dropped|retried|rejected|abandoned)$/,
  /^pipeline\.queue\.events$/,
  /^output\.failures$/,
]

/** The counters among them that are not zero. */
export const lost = (counters: Result['counters']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counters).filter(([name, count]) => count !== 0 && losses.some((loss) => loss.test(name))),
  )

/** That a run ended well, lost nothing on its way and wrote every event that it made. `but`: losses there must be. */
export function wentWell(result: Result, but: Readonly<Record<string, number>> = {}): void {
  deepEqual(result.said, [])
  equal(result.status, 0)
  deepEqual(lost(result.counters), but)
  equal(result.counters['pipeline.events.acked'] ?? 0, result.events.length)
  equal(result.counters['pipeline.events.published'] ?? 0, result.events.length)
}
