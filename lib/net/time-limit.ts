export interface TimeLimit {
  /** Aborts at the limit, and with the signal it was made of. */
  readonly signal: AbortSignal
  /** It was the limit. */
  readonly expired: boolean
  /** What was limited is over. */
  end(): void
}

/**
 * A limit of time, in milliseconds, for something that `signal` may end before. Node's own `AbortSignal.any` of an
 * `AbortSignal.timeout` never aborts when the garbage collector has taken the latter, which nobody else holds
 * (https://github.com/nodejs/node/issues/57736), and leaves something behind at a signal that lives long.
 */
export function timeLimit(milliseconds: number, signal?: AbortSignal): TimeLimit {
  const controller = new AbortController()
  let expired = false
  const abort = () => controller.abort(signal?.reason)
  const timer = setTimeout(() => {
    expired = true
    controller.abort(new Error(`no answer in ${milliseconds / 1000} s`))
  }, milliseconds)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  return {
    signal: controller.signal,
    get expired() {
      return expired
    },
    end: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
