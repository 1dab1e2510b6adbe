import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The line between a browser and the service, which a test can cut. */
export class Line {
  private readonly sockets = new Set<Socket>();
  private whole = true;
  /** Port of the service; before it is known nobody gets through. */
  to = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (near) => this.carry(near));
  }

  /** Lays one to a service that starts afterwards. */
  static async lay(): Promise<Line> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Line(server);
  }

  /** Address of the near end. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks everything that is under way, and lets nothing through until `mend`. */
  cut(): void {
    this.whole = false;
    this.sockets.forEach((socket) => socket.resetAndDestroy());
  }

  mend(): void {
    this.whole = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private carry(near: Socket): void {
    if (!this.whole) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.to, '127.0.0.1');
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
