import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { count, rows, values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { cleanOffice, CLERK, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

/** The key to which the phone says that what it has not sent is sealed. */
function sealedTo(server: Server): string | undefined {
  return rows(server, "SELECT json_extract(hello, '$.sealed_to') FROM device WHERE shared = 0 AND hello IS NOT NULL")[0];
}

/** Opens one file, and changes its telephone. */
async function telephone(phone: Phone, number: string): Promise<void> {
  await phone.tab('对象');
  await phone.page.getByRole('searchbox').fill('zbz');
  await phone.page.getByRole('link', { name: /查斌振/ }).click();
  await phone.change('联系和住址', '手机', number);
}

test.describe.serial('the server key is exchanged while a phone is away', () => {
  let server: Server;
  let desk: Desk;
  let phone: Phone;
  let before = '';

  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    phone = new Phone(server.url);
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('what the phone saved without a line arrives under the new key', async () => {
    await until(() => !!sealedTo(server), 'the phone has said its key');
    before = sealedTo(server)!;
    const first = rows(server, 'SELECT idx FROM blind_index ORDER BY e LIMIT 1')[0];
    await server.kill();
    await telephone(phone, '13900000001');
    const told = server.must('rotate-key');
    expect(told).toContain(before);
    await server.start();
    await until(() => values(server, 'recipient', 'mobile').includes('13900000001'), 'the save is at the office', 60_000);
    expect(rows(server, 'SELECT idx FROM blind_index ORDER BY e LIMIT 1')[0]).not.toBe(first);
    expect(count(server, `record WHERE body LIKE '%"${before}"%'`)).toBe(0);
  });

  test('the phone seals its own keys anew and says so, and the old key goes', async () => {
    await phone.syncNow();
    await telephone(phone, '13900000002');
    await until(() => values(server, 'recipient', 'mobile').includes('13900000002'), 'it goes on', 60_000);
    await until(async () => {
      await phone.syncNow();
      return sealedTo(server) !== before;
    }, 'the phone says the new key', 60_000);
    const body = JSON.parse(rows(server, "SELECT body FROM audit WHERE action = 'key_exchange'")[0]!);
    expect(sealedTo(server)).toBe(body.detail.to);
    await server.kill();
    expect(server.must('rotate-key', '--forget-earlier')).toContain('is forgotten');
    await server.start();
    await telephone(phone, '13900000003');
    await until(() => values(server, 'recipient', 'mobile').includes('13900000003'), 'it works with the new key alone', 60_000);
  });
});
