/** A wait that can be cut short. One at a time. */
export class Pause {
  #end: (() => void) | undefined

  /** Resolves after that many milliseconds, or at `cut`. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cut(), milliseconds)
      this.#end = () => {
        clearTimeout(timer)
        this.#end = undefined
        resolve()
      }
    })
  }

  /** Ends the wait, if there is one. */
  cut(): void {
    this.#end?.()
  }
}
