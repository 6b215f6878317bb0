import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const huifang = process.env.HUIFANG ?? '../target/debug/huifang';

export type Cli = { code: number; stdout: string; stderr: string };

/** The real server process on a temporary folder. `kill` is SIGKILL: the truest offline there is. */
export class Server {
  private process: ChildProcess | undefined;
  log = '';

  private constructor(readonly dataDir: string, readonly port: number) {}

  static async prepare(): Promise<Server> {
    return new Server(mkdtempSync(join(tmpdir(), 'huifang-journey-')), await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Runs a command of the server's binary on its folder. */
  cli(...args: string[]): Cli {
    const done = spawnSync(huifang, [...args, '--data-dir', this.dataDir], { encoding: 'utf8' });
    return { code: done.status ?? -1, stdout: done.stdout, stderr: done.stderr };
  }

  /** As `cli`, for a command that must succeed. */
  must(...args: string[]): string {
    const done = this.cli(...args);
    if (done.code !== 0) throw new Error(`huifang ${args.join(' ')} ended with ${done.code}: ${done.stderr}${done.stdout}`);
    return done.stdout;
  }

  /** Starts it, with further words on its command line. */
  async start(...more: string[]): Promise<void> {
    const child = spawn(huifang,
      ['serve', '--dev', '--listen', `127.0.0.1:${this.port}`, '--data-dir', this.dataDir, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', (text) => { this.log += text; });
    child.stderr?.on('data', (text) => { this.log += text; });
    this.process = child;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${this.log}`);
      return (await fetch(`${this.url}/healthz`).catch(() => undefined))?.ok ?? false;
    }, 'the server answers');
  }

  /** SIGKILL, and wait until the process is gone. */
  async kill(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await gone;
    this.process = undefined;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Waits for a condition, never for a time. */
export async function until(holds: () => Promise<boolean> | boolean, what: string, ms = 30_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
