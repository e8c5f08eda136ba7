/**
 * What a package in CommonJS exports. Some loaders find all of it as the default alone, some each thing by its name, and
 * some both.
 */
export const exported = <M extends object>(loaded: M & { default?: unknown }, name: keyof M): M =>
  typeof loaded[name] === 'function' ? loaded : (loaded.default as M)
