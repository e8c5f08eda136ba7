export { compileCondition, condition } from './conditions.js'
export { type CreateOptions, createProcessors } from './create.js'
export { processors } from './registry.js'
export { type Entry, processorsSchema } from './schema.js'
