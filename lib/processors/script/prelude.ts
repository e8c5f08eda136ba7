/**
 * What a script finds in its engine. Evaluates to a function that takes `host`, the calls into this program, and answers
 * the one `Event` that stands for the event being processed. Scripts see neither `host` nor the numbers of events.
 */
export const PRELUDE = `(function (host) {
  'use strict'
  const current = {}
  let numberOf
  class Event {
    #number
    constructor(fields) { this.#number = fields === current ? 0 : host.create(fields === undefined ? {} : fields) }
    static { numberOf = (event) => event.#number }
    Get(name) { return host.get(this.#number, name) }
    Put(name, value) { return host.put(this.#number, name, value) }
    Rename(from, to) { return host.rename(this.#number, from, to) }
    Delete(name) { return host.remove(this.#number, name) }
    Cancel() { host.cancel(this.#number) }
    Tag(tag) { host.append(this.#number, 'tags', tag) }
    AppendTo(name, value) { host.append(this.#number, name, value) }
  }
  class Processor {
    #number
    constructor(name, options) { this.#number = host.processor(name, options === undefined ? {} : options) }
    Run(event) { host.run(this.#number, numberOf(event)) }
  }
  class Steps {
    #steps = []
    constructor(steps) { this.#steps = steps }
    Run(event) {
      for (const step of this.#steps) {
        if (host.cancelled(numberOf(event))) return
        if (typeof step === 'function') step(event)
        else step.Run(event)
      }
    }
  }
  class Chain {
    constructor() {
      const steps = []
      return new Proxy(this, {
        get: (_, name, chain) => {
          if (name === 'Add') return (step) => (steps.push(step), chain)
          if (name === 'Build') return () => new Steps(steps.slice())
          return (options) => (steps.push(new Processor(name, options)), chain)
        },
      })
    }
  }
  const processor = new Proxy({}, {
    get: (_, name) => name === 'Chain' ? Chain : function (options) { return new Processor(name, options) },
  })
  const log = () => {}
  const console = { debug: log, info: log, log, warn: log, error: log }
  globalThis.Event = Event
  globalThis.console = console
  globalThis.require = (name) => {
    if (name === 'processor') return processor
    if (name === 'console') return console
    throw new Error('there is no module ' + name + '; a script has processor and console')
  }
  return new Event(current)
})`
