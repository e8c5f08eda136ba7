// What today's driver does with memcached: node --import tsx memjs.ts HOST SCENARIO, where a scenario is commands or
// crowd. Prints as JSON what was done, as [command, key, outcome].
import memjs from 'memjs'

type Done = [command: string, key: string | undefined, outcome: string]

const [host = '', scenario = ''] = process.argv.slice(2)
const client = memjs.Client.create(`${host}:11211`, { timeout: 5, retries: 0 })

/** What became of it: memjs answers false or null for what was not found or not stored, and throws for the rest. */
async function outcome(asked: Promise<unknown>): Promise<string> {
  try {
    const answer = await asked
    if (answer === true) return 'done'
    if (answer === false || answer === null) return 'not'
    const { value, success } = answer as { value?: unknown; success?: boolean }
    if (success !== undefined) return success === true ? String(value ?? 'done') : 'not'
    return value === null ? 'not' : String(value)
  } catch (error) {
    return `failed: ${(error as Error).message}`
  }
}

async function commands(): Promise<Done[]> {
  const done: Done[] = []
  const note = async (command: string, key: string | undefined, asked: Promise<unknown>) => {
    done.push([command, key, await outcome(asked)])
  }
  await note('set', 'greeting', client.set('greeting', 'hello', { expires: 60 }))
  await note('get', 'greeting', client.get('greeting'))
  await note('get', 'nothing', client.get('nothing'))
  await note('add', 'greeting', client.add('greeting', 'again', {}))
  await note('add', 'other', client.add('other', 'other', {}))
  await note('replace', 'other', client.replace('other', 'replaced', {}))
  await note('replace', 'nothing', client.replace('nothing', 'x', {}))
  await note('append', 'greeting', client.append('greeting', ' world'))
  // memjs 1.3.2 sends an append.
  await note('append', 'greeting', client.prepend('greeting', 'oh, '))
  await note('touch', 'greeting', client.touch('greeting', 100))
  await note('touch', 'nothing', client.touch('nothing', 100))
  await note('incr', 'count', client.increment('count', 5, { initial: 10 }))
  await note('incr', 'count', client.increment('count', 5, { initial: 10 }))
  await note('decr', 'count', client.decrement('count', 3, { initial: 10 }))
  await note('get', 'count', client.get('count'))
  await note('set', 'long', client.set('long', 'v'.repeat(4000), {}))
  await note('delete', 'other', client.delete('other'))
  await note('delete', 'other', client.delete('other'))
  await note('stats', undefined, new Promise((resolve) => client.stats(() => resolve(true))))
  await note('flush', undefined, new Promise((resolve) => client.flush(() => resolve(true))))
  return done
}

/** Many under way at the same time on one connection. */
async function crowd(): Promise<Done[]> {
  const sets = Array.from({ length: 1000 }, async (_, i): Promise<Done> => {
    const key = `key${i}`
    return ['set', key, await outcome(client.set(key, 'v'.repeat(i), {}))]
  })
  // Every third is not there.
  const gets = Array.from({ length: 1500 }, async (_, i): Promise<Done> => {
    const key = `key${i}`
    return ['get', key, (await outcome(client.get(key))) === 'not' ? 'not' : 'done']
  })
  return Promise.all([...sets, ...gets])
}

const done = await (scenario === 'crowd' ? crowd() : commands())
client.quit()
console.log(JSON.stringify(done))
