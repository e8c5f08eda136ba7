import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'

/** Carries values between this program and an engine; objects as JSON, so that neither has references of the other. */
export interface Values {
  toGuest(value: unknown): QuickJSHandle
  /** @throws {TypeError} for what is no data, such as a function */
  fromGuest(handle: QuickJSHandle | undefined): unknown
  /** What was thrown, in one line. */
  told(error: QuickJSHandle): string
}

// A message in an event, not a log.
const LONGEST = 500

/** To be made before a script has a chance to replace JSON. */
export function valuesOf(vm: QuickJSContext): Values {
  const function_ = (source: string) => vm.unwrapResult(vm.evalCode(source))
  const parse = function_('JSON.parse')
  const stringify = function_('JSON.stringify')

  function fromGuest(handle: QuickJSHandle | undefined): unknown {
    if (handle === undefined) return undefined
    const type = vm.typeof(handle)
    if (type === 'string') return vm.getString(handle)
    if (type === 'number') return vm.getNumber(handle)
    if (type === 'boolean') return vm.sameValue(handle, vm.true)
    if (type === 'undefined') return undefined
    if (type !== 'object') throw new TypeError(`a ${type} is no value of a field`)
    if (vm.sameValue(handle, vm.null)) return null
    const result = vm.callFunction(stringify, vm.undefined, handle)
    if (result.error !== undefined) throw new TypeError(told(result.error))
    const text = result.value.consume((json) => (vm.typeof(json) === 'string' ? vm.getString(json) : 'null'))
    return JSON.parse(text)
  }

  function told(error: QuickJSHandle): string {
    const thrown = error.consume((handle) => vm.dump(handle)) as unknown
    if (typeof thrown !== 'object' || thrown === null) return String(thrown).slice(0, LONGEST)
    const { name, message, stack } = thrown as { name?: unknown; message?: unknown; stack?: unknown }
    if (typeof message !== 'string') return JSON.stringify(thrown).slice(0, LONGEST)
    const [, at] = /\(?([^()\s]+:\d+:\d+)\)?/.exec(String(stack ?? '')) ?? []
    const place = at === undefined || at.startsWith('prelude') ? '' : ` (${at})`
    return `${typeof name === 'string' ? name : 'Error'}: ${message}`.slice(0, LONGEST) + place
  }

  return {
    toGuest(value) {
      if (typeof value === 'string') return vm.newString(value)
      if (typeof value === 'number') return vm.newNumber(value)
      if (typeof value === 'boolean') return value ? vm.true : vm.false
      if (value === undefined) return vm.undefined
      if (value === null) return vm.null
      const result = vm
        .newString(JSON.stringify(value))
        .consume((json) => vm.callFunction(parse, vm.undefined, json))
      if (result.error !== undefined) throw new RangeError(told(result.error))
      return result.value
    },
    fromGuest,
    told,
  }
}
