import { test, type Page } from '@playwright/test';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { report } from './support/bench.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Device } from './support/device.ts';
import { ALL_VILLAGES, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { freePort, type Server } from './support/server.ts';
import { SlowLink } from './support/slow_link.ts';

/** The bare values of all families and visits, a text of JSON each: what a file of them would hold. Of a sealed value a phone gets what it may show. */
function bare(server: Server): string[] {
  const bodies = rows(server, "SELECT json_extract(body, '$.f') FROM record WHERE kind IN ('recipient', 'visit', 'need') AND del = 0");
  return bodies.map((body) => JSON.stringify(Object.fromEntries(
    Object.entries(JSON.parse(body) as Record<string, unknown[]>).map(([name, field]) => [name, shown(field[1])]))));
}

const shown = (value: unknown): unknown => (value && typeof value === 'object' && 'ct' in value ? (value as { show?: unknown }).show : value);

/** Notes when the page says that the villages are there, and how long it took no input. */
const WATCH = `{
  const seen = globalThis.benchSeen = { ready: 0, blocks: [] };
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    if (now - last > 10) seen.blocks.push([last, now - last]);
    last = now;
    if (document.querySelector('main')?.textContent.includes('可以下乡')) seen.ready = now;
    else setTimeout(tick, 0);
  };
  tick();
}`;

type Seen = { ready: number; blocks: [number, number][] };

/** From the first sync to the word that the villages are there, as the page itself saw it, and the longest time in between in which it took no input. */
async function watched(page: Page): Promise<{ seconds: number; block: number }> {
  const ready = () => (globalThis as unknown as { benchSeen: Seen }).benchSeen.ready > 0;
  await page.waitForFunction(ready, undefined, { timeout: 600_000, polling: 500 });
  return page.evaluate(() => {
    const first = performance.getEntriesByType('resource').find((entry) => entry.name.endsWith('/api/v1/sync'))!.startTime;
    const { ready, blocks } = (globalThis as unknown as { benchSeen: Seen }).benchSeen;
    return { seconds: (ready - first) / 1000, block: Math.max(0, ...blocks.filter(([at]) => at >= first).map(([, ms]) => ms)) };
  });
}

/** What a browser needs to fetch the same rows as one compressed text and to store an object each, without an app and unencrypted. */
async function raw(values: string[], is3g: boolean): Promise<number> {
  const body = gzipSync(`[${values.join(',')}]`);
  const http = createServer((request, response) => {
    if (request.url === '/rows') response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>raw</title>');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', () => resolve()));
  const link = await SlowLink.before(port);
  const device = new Device({ width: 360, height: 800 });
  try {
    const page = await device.open();
    await page.goto(link.url);
    if (is3g) await link.become('3g');
    return await page.evaluate(async () => {
      const begun = performance.now();
      const rows = (await (await fetch('/rows')).json()) as unknown[];
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const open = indexedDB.open('raw');
        open.onupgradeneeded = () => open.result.createObjectStore('rows');
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error!);
      });
      const transaction = database.transaction('rows', 'readwrite');
      for (const [at, row] of rows.entries()) transaction.objectStore('rows').put(row, at);
      await new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onerror = reject; });
      return (performance.now() - begun) / 1000;
    });
  } finally {
    await device.dispose();
    await link.dispose();
    http.close();
  }
}

for (const { families, is3g, budget } of [
  { families: 1_000, is3g: false }, { families: 1_000, is3g: true, budget: 1.3 }, { families: 10_000, is3g: false, budget: 1 },
  { families: 50_000, is3g: false, budget: 1 },
]) {
  const what = `first sync of ${families} families with their visits${is3g ? ', 400 kbit/s and 400 ms' : ''}`;
  test(what, async () => {
    const server = await demoOffice(families);
    server.must('account', 'assign', WORKER.user, '--scope', ALL_VILLAGES);
    const link = await SlowLink.before(server.port);
    const phone = new Phone(is3g ? link.url : server.url);
    try {
      await phone.start();
      await phone.page.addInitScript(WATCH);
      await phone.page.goto('about:blank');
      await phone.page.goto(`${phone.url}/enrol#${deviceCode(server, WORKER.user)}`);
      await phone.enrolUpToTheEnd(WORKER.user, WORKER.password);
      if (is3g) await link.become('3g');
      await phone.page.getByRole('button', { name: '开始使用' }).click();
      const { seconds, block } = await watched(phone.page);
      const { requests, bytes } = await phone.traffic();
      const values = bare(server);
      const without = await raw(values, is3g);
      report(what, { figure: seconds, unit: 's' });
      report(`${what}, times fetching and storing the bare values`, { figure: seconds / without, unit: '×', ...(budget ? { budget } : {}) });
      report(`${what}, longest block of the page`, { figure: block, unit: 'ms', budget: 50 });
      report(`${what}, requests`, { figure: requests, unit: '' });
      report(`${what}, both bodies`, { figure: bytes / 1024, unit: 'KB' });
      report(`${what}, times the bare values in gzip`, { figure: bytes / gzipSync(values.join('\n')).length, unit: '×' });
    } finally {
      await phone.device.dispose();
      await link.dispose();
      await server.dispose();
    }
  });
}
