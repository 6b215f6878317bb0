import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { count, newestDevice, rows } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { pick, shoot } from './support/look.ts';
import { cleanOffice, CLERK, deviceCode, VILLAGES, WORKER, WORKER2 } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const ADMIN = { user: '系统管理', password: 'quiet-mill-harbour-12' };
const OFFICE = /\/(api\/|healthz)/;
const HIS = VILLAGES[0]!;

/** An office with an administrator, where the worker has one village. */
async function office(): Promise<Server> {
  const server = await cleanOffice();
  server.must('account', 'add', ADMIN.user, '--role', 'admin', '--scope', '339999', '--password', ADMIN.password);
  server.must('account', 'assign', WORKER.user, '--scope', HIS.code);
  return server;
}

/** What is decided about a person at the administrator's desk. */
async function decide(page: Page, name: string, act: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${name}(?!\\d)`) }).click();
  await page.getByRole('dialog').getByRole('button', { name: act }).click();
  const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: `${name}：${act}` }) });
  await expect(dialog).toBeVisible();
  await expectAccessible(page, act);
  await dialog.getByRole('button', { name: act }).click();
}

/** A finished visit on a phone that cannot reach the office. */
async function visitUnsent(phone: Phone): Promise<void> {
  await phone.page.route(OFFICE, (route) => route.abort());
  await phone.openFile(0);
  await phone.page.getByRole('button', { name: '开始走访' }).click();
  const form = new VisitForm(phone.page);
  await form.foundDead();
  await form.signAndFinish();
  await phone.go('/outbox');
  await expect(phone.page.getByTestId('on-phone').getByRole('definition')).not.toHaveText('0');
}

test.describe.serial('a worker with two phones leaves', () => {
  let server: Server;
  let desk: Desk;
  let admin: Desk;
  let first: Phone;
  let second: Phone;
  const state = (device: string) => rows(server, `SELECT state FROM device WHERE id = '${device}'`)[0];
  const devices: string[] = [];

  test.beforeAll(async ({ browser }) => {
    server = await office();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    admin = await Desk.open(browser, server.url);
    await admin.loginWithFactor(ADMIN.user, ADMIN.password);
  });
  test.afterAll(async () => {
    await first?.device.dispose();
    await second?.device.dispose();
    await desk?.context.close();
    await admin?.context.close();
    await server?.dispose();
  });

  test('one of them holds a visit that is not sent', async () => {
    test.setTimeout(300_000);
    const phones: Phone[] = [];
    for (let n = 0; n < 2; n += 1) {
      const phone = new Phone(server.url);
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      phones.push(phone);
      devices.push(newestDevice(server));
    }
    [first, second] = phones as [Phone, Phone];
    await visitUnsent(first);
    expect(count(server, "record WHERE kind = 'visit'")).toBe(0);
  });

  test('his families are handed over, and the desk tells his phones apart', async () => {
    test.setTimeout(300_000);
    const { page } = desk;
    await page.getByRole('navigation').getByRole('link', { name: '人员' }).click();
    await page.getByRole('tab', { name: '交接' }).click();
    await pick(page, /^哪个村/, new RegExp(`^${HIS.name}`));
    await pick(page, /^从谁那里/, new RegExp(`^${WORKER.user}(?!\\d)`));
    await pick(page, /^交给谁/, new RegExp(`^${WORKER2.user}`));
    await page.getByLabel('原因').fill('离岗');
    await page.getByRole('button', { name: '交接', exact: true }).click();
    await expect(page.getByText('已交接')).toBeVisible({ timeout: 60_000 });
    await desk.open('/');
    await desk.go('设备');
    await expect(page.getByRole('row').filter({ hasText: /启用/ })).toHaveCount(2);
    await expect(page.getByRole('button', { name: new RegExp(`^处理${WORKER.user}（.*启用）的设备`) })).toHaveCount(2);
    await expectAccessible(page, 'two phones of one worker');
    await shoot(page, 'leaving-two-phones');
  });

  test('his account ends, and each of his phones is to be wiped', async () => {
    const { page } = admin;
    await expect(page.getByRole('tab', { name: '人员' })).toBeVisible();
    await decide(page, WORKER.user, '离岗停用');
    await until(() => devices.every((device) => state(device) === 'wipe'), 'both phones are to be wiped');
    await shoot(page, 'leaving-ended');
  });
});
