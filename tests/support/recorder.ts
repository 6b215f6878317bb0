import { createServer, request, type IncomingHttpHeaders, type Server as HttpServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { freePort } from './server.ts';

/** What a server judges a request by. */
const HEADERS = ['accept', 'authorization', 'chunk-sha-256', 'content-encoding', 'content-type', 'cookie', 'huifang-vault', 'upload-offset'];

export type Recorded = {
  method: string;
  path: string;
  headers: Record<string, string>;
  /** The bytes as they were sent, in base64url. */
  body: string;
  /** What the server of the day answered. */
  answer: { status: number; cookies: string[]; json: unknown };
};

/** Passes requests of the API on to a server and keeps them, in the order of their answers. */
export class Recorder {
  readonly requests: Recorded[] = [];
  private http: HttpServer | undefined;

  private constructor(private readonly target: number, readonly port: number) {}

  static async before(target: number): Promise<Recorder> {
    const recorder = new Recorder(target, await freePort());
    await recorder.listen();
    return recorder;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async dispose(): Promise<void> {
    this.http?.closeAllConnections();
    await new Promise((resolve) => this.http?.close(resolve));
  }

  private async listen(): Promise<void> {
    this.http = createServer(async (asked, answer) => {
      const body = await whole(asked);
      const path = asked.url ?? '/';
      const passed = request({ port: this.target, path, method: asked.method, headers: asked.headers }, async (said) => {
        const bytes = await whole(said);
        if (path.startsWith('/api/v1/')) {
          const plain = said.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
          this.requests.push({
            method: asked.method ?? 'GET', path, headers: chosen(asked.headers), body: body.toString('base64url'),
            answer: {
              status: said.statusCode ?? 0,
              cookies: (said.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]!),
              json: parsed(plain),
            },
          });
        }
        answer.writeHead(said.statusCode ?? 502, said.headers).end(bytes);
      });
      passed.on('error', () => answer.destroy());
      passed.end(body);
    });
    await new Promise<void>((resolve) => { this.http!.listen(this.port, '127.0.0.1', resolve); });
  }
}

async function whole(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

function chosen(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(HEADERS.flatMap((name) => typeof headers[name] === 'string' ? [[name, headers[name]]] : []));
}

function parsed(bytes: Buffer): unknown {
  try { return JSON.parse(bytes.toString()); } catch { return null; }
}
