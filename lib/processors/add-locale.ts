import { z } from 'zod'
import { field } from '../events/document.js'
import { defineProcessor } from './processor.js'

/** Says in which time zone the machine is. */
export const addLocale = defineProcessor({
  name: 'add_locale',
  title: 'adds the time zone of the machine',
  options: z.strictObject({
    format: z
      .enum(['offset', 'abbreviation'])
      .default('offset')
      .describe('`offset` such as +02:00, `abbreviation` such as CEST.'),
  }),
  create({ format }, context) {
    const text = format === 'offset' ? offset : abbreviation
    let minute = -1
    let zone = ''
    return (event) => {
      // Summer time comes and goes, at full minutes.
      const now = Math.floor(Date.now() / 60_000)
      if (now !== minute) zone = text(new Date(now * 60_000))
      minute = now
      if (timezone.put(event, zone) === undefined) context.failed('event is a field that is no object')
      return event
    }
  },
})

const timezone = field('event.timezone')

function offset(time: Date): string {
  const minutes = -time.getTimezoneOffset()
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}

/** Each language knows the names of its own zones; where none does, the offset has to do. */
function abbreviation(time: Date): string {
  for (const language of ['en-US', 'en-GB', 'en-AU', 'en-IN', 'en-ZA', 'en-NZ']) {
    const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(time)
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    if (/^[A-Z]+$/.test(name)) return name
  }
  return offset(time)
}
