/**
 * The server's clock as seen from here: timers count from server times and
 * must not lie on a computer whose own clock is wrong.
 */
export class ServerClock {
  private offset = 0;

  /** Milliseconds since 1970, by the server's clock. */
  now(): number {
    return Date.now() + this.offset;
  }

  /**
   * Learns from the Date header of an answer. The header has whole seconds, so
   * that smaller differences say nothing and are taken for none.
   */
  observe(dateHeader: string | null, sentAt: number, receivedAt: number): void {
    const server = Date.parse(dateHeader ?? '');
    if (Number.isNaN(server)) return;
    const difference = server + 500 - (sentAt + receivedAt) / 2;
    this.offset = Math.abs(difference) < 2000 ? 0 : difference;
  }
}
