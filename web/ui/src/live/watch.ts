const most = 650;
/** Typing changes the list quickly; only where it comes to rest is worth a request. */
const settle = 200;

/**
 * Whose presence this page shows, told to the service whenever it changes or a
 * new stream begins. Several parts of the page may watch at once.
 */
export class WatchList {
  private readonly groups = new Set<readonly string[]>();
  private streamId: string | null = null;
  private told = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (stream: string, ids: string[]) => Promise<unknown>) {}

  /** Watches until the returned function is called. */
  add(ids: readonly string[]): () => void {
    this.groups.add(ids);
    this.schedule();
    return () => {
      this.groups.delete(ids);
      this.schedule();
    };
  }

  /** A stream has begun; it knows of nothing yet. */
  stream(id: string): void {
    this.streamId = id;
    this.told = '';
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.send(), settle);
  }

  private async send(): Promise<void> {
    const stream = this.streamId;
    const ids = [...new Set([...this.groups].flat())].sort().slice(0, most);
    const wanted = ids.join(' ');
    if (stream === null || wanted === this.told) return;
    this.told = wanted;
    try {
      await this.tell(stream, ids);
    } catch {
      // The next change or the next stream tells it again; until then
      // presences only grow old, and say so.
      if (this.told === wanted) this.told = '\0';
    }
  }
}
