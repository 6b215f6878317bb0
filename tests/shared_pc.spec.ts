import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { cleanOffice, CLERK, TOWNSHIP, VILLAGES } from './support/office.ts';
import { change } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

const MINUTE = 60_000;
const LEAD = { user: '刘主任', password: 'warm-stone-bridge-63' };
const SYNC = /\/api\/v1\/sync/;
const TYPED = '0570-8889990';

/** Everything that a browser keeps of a page, as text. */
async function kept(page: Page): Promise<string> {
  const stored = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map((one) => one.name ?? '');
    return JSON.stringify({ local: { ...localStorage }, tab: { ...sessionStorage }, databases });
  });
  const cookies = await page.context().cookies();
  return stored + JSON.stringify(cookies.map((cookie) => cookie.name));
}

test.describe.serial('a PC that several people use', () => {
  let server: Server;
  let desk: Desk;
  let file = '';
  let name = '';

  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    server.must('account', 'add', LEAD.user, '--role', 'township_lead', '--scope', TOWNSHIP, '--password', LEAD.password);
    desk = await Desk.open(browser, server.url);
    await desk.page.clock.install();
    await desk.page.clock.resume();
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('locks itself, shows nothing meanwhile, and opens with the password where no line is needed', async () => {
    const { page } = desk;
    await desk.open('/recipients');
    const link = page.getByRole('grid').getByRole('link').first();
    await expect(link).toBeVisible({ timeout: 60_000 });
    name = (await link.innerText()).trim();
    await link.click();
    await page.route(SYNC, (route) => route.abort());
    await change(page, '联系和住址', '其他联系方式', TYPED);
    await expect(page.getByText(TYPED)).toBeVisible();
    await page.clock.fastForward(4 * MINUTE);
    await expect(page.getByText(TYPED)).toBeVisible();
    await page.clock.fastForward(2 * MINUTE);
    await expect(page.getByLabel('密码')).toBeVisible();
    expect(await page.locator('body').innerText()).not.toContain(name);
    await expectAccessible(page, 'a shared PC that locked itself');
    const open = page.getByRole('button', { name: '打开', exact: true });
    await open.click();
    await expect(page.getByText('请填密码')).toBeVisible();
    await page.getByLabel('密码').fill('not the password');
    await open.click();
    await expect(page.getByText('不对，请再核对一遍')).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('密码').fill(CLERK.password);
    await open.click();
    await expect(page.getByText(TYPED)).toBeVisible({ timeout: 30_000 });
  });

  test('is not left with something unsent before there is a file of it', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '我的' }).click();
    await page.getByRole('button', { name: /^退出登录/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
    const leave = page.getByRole('button', { name: '已导出文件，退出登录' });
    await expect(leave).toBeVisible();
    await expectAccessible(page, 'leaving with something unsent');
    await shoot(page, 'shared-unsent');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出未发送资料' }).click();
    file = await (await download).path();
    await leave.click();
    await expect(page.getByLabel('用户名')).toBeVisible({ timeout: 30_000 });
    expect(values(server, 'recipient', 'phone2')).not.toContain(TYPED);
  });

  test('keeps nothing of the one who left', async () => {
    const { page } = desk;
    const left = await kept(page);
    for (const word of [CLERK.user, name, TYPED, 'hf.shared', '__Host-s', '红旗村']) {
      expect(left, word).not.toContain(word);
    }
    await page.goBack();
    await expect(page.getByLabel('用户名')).toBeVisible();
    expect(await page.locator('body').innerText()).not.toContain(name);
    await page.reload();
    await expect(page.getByLabel('用户名')).toBeVisible();
  });

  test('shows the next one nothing of the first, and the file brings what was unsent', async () => {
    const { page } = desk;
    await page.unroute(SYNC);
    await desk.login(LEAD.user, LEAD.password);
    await desk.open('/outbox');
    await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('0');
    await page.getByRole('link', { name: '我的' }).click();
    await expect(page.getByText(LEAD.user, { exact: true })).toBeVisible();
    await expect(page.getByText(CLERK.user, { exact: true })).toHaveCount(0);
    await desk.go('设备');
    await page.getByRole('tab', { name: '导入资料' }).click();
    await desk.chooseFile(file);
    await page.getByRole('button', { name: /^导入/ }).click({ timeout: 30_000 });
    await until(() => values(server, 'recipient', 'phone2').includes(TYPED) || values(server, 'held', 'why').length > 0,
      'nothing that was typed is lost', 60_000);
  });

  test('shows what the role of today sees, after the page was loaded again and the door was shut', async () => {
    const { page } = desk;
    await page.reload();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
    server.must('account', 'assign', LEAD.user, '--role', 'village_worker', '--scope', VILLAGES[0]!.code);
    await page.clock.fastForward(6 * MINUTE);
    await page.getByLabel('密码').fill(LEAD.password);
    await page.getByRole('button', { name: '打开', exact: true }).click();
    await expect(page.getByRole('link', { name: '对象', exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('link', { name: '导入', exact: true })).toHaveCount(0);
    await page.getByRole('link', { name: '我的' }).click();
    await expect(page.getByText('走访员', { exact: true })).toBeVisible();
  });

  test('says at its door that the server is out of reach, when the page was loaded again without it', async () => {
    const { page } = desk;
    await server.kill();
    await page.reload();
    await expect(page.getByText('连不上服务器。请检查这台电脑的网络')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'a door without a server');
    await shoot(page, 'door-without-a-server');
    await server.start();
    await page.getByLabel('用户名').fill(LEAD.user);
    await page.getByLabel('密码').fill(LEAD.password);
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByRole('link', { name: '对象', exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('连不上服务器')).toHaveCount(0);
  });
});
