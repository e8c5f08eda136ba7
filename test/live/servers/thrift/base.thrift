namespace js base

/** What every service answers. */
service Base {
  void ping(),
  string echo(1: string text)
}
