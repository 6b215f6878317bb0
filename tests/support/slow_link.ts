import { connect, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { freePort } from './server.ts';

/** What the link does. */
export type Weather =
  /** Passes everything at once. */
  | 'open'
  /** 40 kbit/s each way, 800 ms round trip, every connection reset every 30 s. */
  | 'slow'
  /** 400 kbit/s each way, 400 ms round trip, and it holds. */
  | '3g'
  /** Nobody listens on the port. */
  | 'dead'
  /** Takes connections and requests, and never answers. */
  | 'silent'
  /** Somebody else answers everything with a page of HTML and 200, as hotels do. */
  | 'portal'
  /** Breaks off every answer in its middle. */
  | 'cut';

/** What a line carries. */
interface Line {
  bytesPerMs: number;
  roundTripMs: number;
}

const LINES: Partial<Record<Weather, Line>> = {
  slow: { bytesPerMs: 40_000 / 8 / 1_000, roundTripMs: 800 },
  '3g': { bytesPerMs: 400_000 / 8 / 1_000, roundTripMs: 400 },
};
const RESET_MS = 30_000;
/** What the sender's and the network's buffers hold before the sender must wait. */
const BUFFER_BYTES = 16 * 1_024;
const SEGMENT_BYTES = 536;
const PORTAL_PAGE = '<!doctype html><html><title>WiFi</title><body><h1>欢迎使用免费WiFi</h1><a href="/login">登录上网</a></body></html>';

/** A connection through the link, with what passed of the request and answer that are under way, and what of them still waits. */
interface Pair {
  client: Socket;
  office?: Socket;
  up: number;
  down: number;
  waiting: number;
}

/** One direction of the link, shared by all connections: a segment leaves when those before it have left. */
class Lane {
  private free = 0;
  bytes = 0;
  /** What passed of exchanges that a reset cut: it goes once more. */
  lost = 0;

  /** When a segment handed over now arrives. */
  arrival(size: number, line: Line): number {
    this.free = Math.max(Date.now(), this.free) + size / line.bytesPerMs;
    return this.free + line.roundTripMs / 2;
  }

  forget(): void {
    this.free = 0;
  }
}

/** A TCP proxy in front of the server that behaves like a mountain village. */
export class SlowLink {
  readonly up = new Lane();
  readonly down = new Lane();
  resets = 0;
  private weather: Weather = 'open';
  private tcp: TcpServer | undefined;
  private readonly pairs = new Set<Pair>();
  private resetter: NodeJS.Timeout | undefined;

  private constructor(private readonly target: number, readonly port: number) {}

  static async before(target: number): Promise<SlowLink> {
    const link = new SlowLink(target, await freePort());
    await link.listen();
    return link;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Changes the weather; connections that stand are reset. The first reset of a slow link comes after `firstReset`. */
  async become(weather: Weather, firstReset = RESET_MS): Promise<void> {
    this.weather = weather;
    clearTimeout(this.resetter);
    this.resetAll();
    this.up.forget();
    this.down.forget();
    if (weather === 'slow') this.resetAgain(firstReset);
    if (weather === 'dead') await this.close();
    else if (!this.tcp) await this.listen();
  }

  forgetTraffic(): void {
    this.up.bytes = this.down.bytes = this.up.lost = this.down.lost = this.resets = 0;
  }

  async dispose(): Promise<void> {
    clearTimeout(this.resetter);
    this.resetAll();
    await this.close();
  }

  private resetAgain(after: number): void {
    this.resetter = setTimeout(() => {
      this.resets += 1;
      this.resetAll();
      this.resetAgain(RESET_MS);
    }, after);
  }

  private resetAll(): void {
    for (const { client, office, up, down, waiting } of this.pairs) {
      if (waiting > 0 || down === 0) {
        this.up.lost += up;
        this.down.lost += down;
      }
      client.resetAndDestroy();
      office?.destroy();
    }
    this.pairs.clear();
  }

  private listen(): Promise<void> {
    const tcp = createServer((client) => this.accept(client));
    this.tcp = tcp;
    return new Promise((resolve, reject) => {
      tcp.once('error', reject);
      tcp.listen(this.port, '127.0.0.1', () => resolve());
    });
  }

  private async close(): Promise<void> {
    const tcp = this.tcp;
    this.tcp = undefined;
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }

  private accept(client: Socket): void {
    client.on('error', () => undefined);
    const pair: Pair = { client, up: 0, down: 0, waiting: 0 };
    this.pairs.add(pair);
    client.once('close', () => { pair.office?.destroy(); this.pairs.delete(pair); });
    if (this.weather === 'silent') return void client.resume();
    if (this.weather === 'portal') return portal(client);
    const office = connect(this.target, '127.0.0.1');
    pair.office = office;
    office.on('error', () => client.destroy());
    office.once('close', () => { if (!LINES[this.weather]) client.destroy(); });
    const line = LINES[this.weather];
    if (line) {
      // The three-way handshake takes a round trip before the first byte can leave.
      this.pass(client, office, this.up, line, line.roundTripMs, pair, (size) => {
        if (pair.down > 0) pair.up = pair.down = 0;
        pair.up += size;
      });
      this.pass(office, client, this.down, line, 0, pair, (size) => { pair.down += size; });
    } else {
      client.on('data', (part) => { this.up.bytes += part.length; office.write(part); });
      office.on('data', (part) => this.back(part, client));
    }
  }

  private back(part: Buffer, client: Socket): void {
    this.down.bytes += part.length;
    if (this.weather !== 'cut') return void client.write(part);
    const head = part.indexOf('\r\n\r\n');
    const keep = head < 0 ? Math.floor(part.length / 2) : head + 4 + Math.floor((part.length - head - 4) / 2);
    client.write(part.subarray(0, keep), () => client.resetAndDestroy());
  }

  /** Passes one direction of a connection on, segment by segment and in order. */
  private pass(from: Socket, to: Socket, lane: Lane, line: Line, handshake: number, pair: Pair, passed: (size: number) => void): void {
    const opened = Date.now() + handshake;
    const queue: { segment: Buffer; due: number }[] = [];
    let waiting = 0;
    const deliver = (): void => {
      while (queue[0] && queue[0].due <= Date.now()) {
        const { segment } = queue.shift()!;
        waiting -= segment.length;
        pair.waiting -= segment.length;
        lane.bytes += segment.length;
        passed(segment.length);
        if (!to.destroyed) to.write(segment);
      }
      if (waiting <= BUFFER_BYTES) from.resume();
      if (queue[0]) setTimeout(deliver, queue[0].due - Date.now());
    };
    from.on('data', (part) => {
      const idle = queue.length === 0;
      for (let at = 0; at < part.length; at += SEGMENT_BYTES) {
        const segment = part.subarray(at, at + SEGMENT_BYTES);
        waiting += segment.length;
        pair.waiting += segment.length;
        queue.push({ segment, due: Math.max(lane.arrival(segment.length, line), opened + line.roundTripMs / 2) });
      }
      if (waiting > BUFFER_BYTES) from.pause();
      if (idle) deliver();
    });
  }
}

function portal(client: Socket): void {
  client.on('data', () => {
    client.write(`HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(PORTAL_PAGE)}\r\n\r\n${PORTAL_PAGE}`);
  });
}
