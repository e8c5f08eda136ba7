/** Writes the library's declarations into a folder that stands for dist/, without those that nothing leads to. */
export function writeDeclarations(folder: string): void
