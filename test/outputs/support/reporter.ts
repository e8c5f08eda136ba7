import type { Report } from '../../../lib/outputs/check.js'

/** A report of `test output` that notes its steps. */
export function reporter(): { report: Report; steps: string[] } {
  const steps: string[] = []
  const report: Report = {
    async step(name, work) {
      try {
        const result = await work(report)
        steps.push(`${name} OK`)
        return result
      } catch (error) {
        steps.push(`${name} ERROR`)
        throw error
      }
    },
    info: (name, value) => void steps.push(`${name}: ${value}`),
    warn: (name, why) => void steps.push(`${name}: ${why}`),
  }
  return { report, steps }
}
