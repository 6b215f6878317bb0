import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { count, newestDevice, rows, values } from './support/database.ts';
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
async function visitUnsent(phone: Phone): Promise<string> {
  await phone.page.route(OFFICE, (route) => route.abort());
  await phone.openFile(0);
  const name = await phone.page.getByRole('heading').first().innerText();
  await phone.page.getByRole('button', { name: '开始走访' }).click();
  const form = new VisitForm(phone.page);
  await form.foundDead();
  await form.signAndFinish();
  await phone.go('/outbox');
  await expect(phone.page.getByTestId('on-phone').getByRole('definition')).not.toHaveText('0');
  return name;
}

test.describe.serial('a worker with two phones leaves', () => {
  let server: Server;
  let desk: Desk;
  let admin: Desk;
  let first: Phone;
  let second: Phone;
  let family = '';
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
    family = await visitUnsent(first);
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

  test('the phone without unsent work forgets everything at its next contact', async () => {
    test.setTimeout(300_000);
    await second.hearOfTheEnd();
    await expect(second.page.getByLabel('启用码')).toBeVisible({ timeout: 90_000 });
    await expect(second.page.getByRole('navigation')).toHaveCount(0);
    // The battery dies at once: what the browser holds back of its settings is lost, and the vault is named there still.
    await second.device.kill();
    await second.start('/recipients');
    for (let start = 0; start < 5; start += 1) {
      await expect(second.page.getByLabel('启用码')).toBeVisible({ timeout: 30_000 });
      await expect(second.page.getByText(/打不开|重新登录/)).toHaveCount(0);
      await second.page.goto(`${server.url}/recipients`);
    }
    await expect(second.page.getByLabel('启用码')).toBeVisible({ timeout: 30_000 });
  });

  test('the other hands its visit over first, and the office finds it held', async () => {
    test.setTimeout(300_000);
    await first.page.unroute(OFFICE);
    await first.hearOfTheEnd();
    await until(() => values(server, 'held', 'why').length > 0, 'what was unsent is held', 60_000);
    await expect(first.page.getByLabel('启用码')).toBeVisible({ timeout: 120_000 });
    expect(count(server, "blob WHERE state IN ('verified', 'complete')"), 'its photo and signatures').toBeGreaterThanOrEqual(3);
    const { page } = desk;
    await desk.open('/');
    await desk.go('待处理');
    await page.getByRole('tab', { name: /^搁置/ }).click();
    await expect(page.getByText(family).first()).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page, 'what somebody who left had not sent');
    await shoot(page, 'leaving-held');
  });

  test('at the desk both phones are out of use, and it says why', async () => {
    const { page } = desk;
    await desk.open('/');
    await desk.go('设备');
    await page.getByRole('button', { name: '看已停用的 2 台' }).click();
    await expect(page.getByText('已清除')).toHaveCount(2);
    await page.getByRole('button', { name: /^处理/ }).first().click();
    await expect(page.getByRole('dialog').getByText(`离岗停用（${ADMIN.user}`)).toBeVisible();
    await expectAccessible(page, 'the phone of somebody who left');
    await shoot(page, 'leaving-wiped');
  });
});

test.describe.serial('a worker who forgot the password has unsent work', () => {
  let server: Server;
  let admin: Desk;
  let phone: Phone;
  let once = '';

  test.beforeAll(async ({ browser }) => {
    server = await office();
    const desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    await desk.context.close();
    admin = await Desk.open(browser, server.url);
    await admin.loginWithFactor(ADMIN.user, ADMIN.password);
    phone = new Phone(server.url);
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await admin?.context.close();
    await server?.dispose();
  });

  test('the administrator gives a one-time password, and nothing on the phone is touched', async () => {
    test.setTimeout(300_000);
    // A browser that promises nothing: asked at the first save, it says no.
    await phone.page.evaluate(() => {
      StorageManager.prototype.persist = () => Promise.resolve(false);
      StorageManager.prototype.persisted = () => Promise.resolve(false);
    });
    await visitUnsent(phone);
    await phone.tab('今日');
    await expect(phone.page.getByText(/这个浏览器没有答应一直保存/)).toBeVisible();
    await expectAccessible(phone.page, 'a browser that promised nothing');
    await shoot(phone.page, 'leaving-may-be-lost');
    const { page } = admin;
    await expect(page.getByRole('tab', { name: '人员' })).toBeVisible();
    await decide(page, WORKER.user, '新密码');
    once = await page.getByTestId('one-time').innerText();
    await page.getByRole('button', { name: '已告诉他' }).click();
    expect(count(server, "record WHERE kind = 'visit'")).toBe(0);
  });

  test('with it he chooses a new one on the phone, and the visit arrives whole', async () => {
    test.setTimeout(300_000);
    const { page } = phone;
    await page.unroute(OFFICE);
    await phone.syncNow();
    await page.getByRole('button', { name: /登录/ }).first().click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('密码', { exact: true }).fill(WORKER.password);
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog.getByRole('alert').or(dialog.locator('.field__problem')).filter({ hasText: /不对/ }).first()).toBeVisible();
    await dialog.getByLabel('密码', { exact: true }).fill(once);
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog.getByText('这是一次性密码')).toBeVisible();
    await expectAccessible(page, 'a password to be changed on the phone');
    await shoot(page, 'leaving-new-password');
    await dialog.getByLabel('新密码', { exact: true }).fill('红旗村自己的密码2026');
    await dialog.getByLabel('再输一遍新密码').fill('红旗村自己的密码2026');
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog).toBeHidden({ timeout: 30_000 });
    await until(() => count(server, "record WHERE kind = 'visit'") === 1, 'the visit is at the office', 60_000);
    await until(() => count(server, "blob WHERE state = 'verified'") >= 3, 'with its photo and signatures', 60_000);
    expect(values(server, 'held', 'why')).toEqual([]);
    await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 30_000 });
  });
});
