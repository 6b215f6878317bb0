import { expect, test } from '@playwright/test';
import { gzipSync } from 'node:zlib';
import { report } from './support/bench.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { deviceCode, TOWNSHIP, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import type { Server } from './support/server.ts';

/** The bytes of the bare values of all families and visits, compressed: what a file of them would weigh. Of a sealed value a phone gets what it may show. */
function bare(server: Server): number {
  const bodies = rows(server, "SELECT json_extract(body, '$.f') FROM record WHERE kind IN ('recipient', 'visit', 'need') AND del = 0");
  const values = bodies.map((body) => JSON.stringify(Object.fromEntries(
    Object.entries(JSON.parse(body) as Record<string, unknown[]>).map(([name, field]) => [name, shown(field[1])]))));
  return gzipSync(values.join('\n')).length;
}

const shown = (value: unknown): unknown => (value && typeof value === 'object' && 'ct' in value ? (value as { show?: unknown }).show : value);

for (const families of [1_000, 10_000, 50_000]) {
  test(`the first sync of ${families} families`, async () => {
    const server = await demoOffice(families);
    server.must('account', 'assign', WORKER.user, '--scope', TOWNSHIP);
    const phone = new Phone(server.url);
    try {
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      const begun = Date.now();
      await expect(phone.page.getByText(/可以下乡/)).toBeVisible({ timeout: 600_000 });
      report(`first sync of ${families} families with their visits`, { figure: (Date.now() - begun) / 1000, unit: 's' });
      const { requests, bytes } = await phone.traffic();
      report(`first sync of ${families}, requests`, { figure: requests, unit: '' });
      report(`first sync of ${families}, both bodies`, { figure: bytes / 1024, unit: 'KB' });
      report(`first sync of ${families}, times the bare values in gzip`, { figure: bytes / bare(server), unit: '×' });
    } finally {
      await phone.device.dispose();
      await server.dispose();
    }
  });
}
