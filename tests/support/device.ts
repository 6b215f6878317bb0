import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseViolations } from './policy.ts';
import { until } from './server.ts';

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0',
  '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--lang=zh-CN'];

/** A browser process of its own on a profile that survives it, so that it can be killed as a phone's battery kills it. */
export class Device {
  readonly profile = mkdtempSync(join(tmpdir(), 'huifang-device-'));
  private child: ChildProcess | undefined;
  private browser: Browser | undefined;

  constructor(readonly size: { width: number; height: number } = { width: 360, height: 800 }) {}

  /** Starts the browser on the profile and opens a page. */
  async open(): Promise<Page> {
    const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium',
      [...FLAGS, `--user-data-dir=${this.profile}`, `--window-size=${this.size.width},${this.size.height}`, 'about:blank'],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    this.browser = await chromium.connectOverCDP(await debuggerAddress(child));
    const page = this.context.pages()[0] ?? (await this.context.newPage());
    this.context.setDefaultTimeout(30_000);
    refuseViolations(this.context);
    await page.setViewportSize(this.size);
    return page;
  }

  get context(): BrowserContext {
    const context = this.browser?.contexts()[0];
    if (!context) throw new Error('the device is off');
    return context;
  }

  /** Ends the browser as its user does, so that everything it holds back reaches the disk. */
  async shutDown(): Promise<void> {
    const child = this.child;
    if (!child || !this.browser) return;
    const gone = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
    const session = await this.browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => undefined);
    await gone;
    await this.kill();
  }

  /** Takes a copy of another profile in place of its own. The device must be off. */
  adopt(profile: string): void {
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
    cpSync(profile, this.profile, { recursive: true });
  }

  /** SIGKILL to the whole browser, and wait until its process is gone. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child?.pid) return;
    const gone = new Promise<void>((resolve) => { child.exitCode === null && child.signalCode === null ? child.once('exit', () => resolve()) : resolve(); });
    try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it ended by itself */ }
    await gone;
    // Its helpers die a moment later; as long as one lives it holds the profile's files, and the next browser would start on none.
    await until(() => !isAlive(-child.pid!), 'every process of the browser is gone');
    await this.browser?.close().catch(() => undefined);
    this.child = this.browser = undefined;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function debuggerAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the browser ended with ${code}: ${text}`)));
    child.stderr?.on('data', (part) => {
      text += part;
      const found = /DevTools listening on (ws:\S+)/.exec(text);
      if (found?.[1]) resolve(found[1]);
    });
  });
}
