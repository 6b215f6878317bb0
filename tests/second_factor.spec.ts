import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { cleanOffice, CLERK } from './support/office.ts';
import { change } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { totp } from './support/totp.ts';

const COUNTY = { user: 'county', password: 'wide-river-lantern-44' };
const ADMIN = { user: 'root', password: 'quiet-mill-harbour-12' };
const MINUTE = 60_000;
const STEP = 30_000;

/** Gives user and password, and stands before what is asked beside them. */
async function begin(page: Page, who: { user: string; password: string }): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('用户名').fill(who.user);
  await page.getByLabel('密码').fill(who.password);
  await page.getByRole('button', { name: '登录' }).click();
}

async function give(page: Page, code: string): Promise<void> {
  await page.getByLabel('验证码').fill(code);
  await page.getByRole('button', { name: '登录' }).click();
}

test.describe.serial('a county role with a second factor', () => {
  let server: Server;
  let desk: Desk;
  let secret = '';
  let recovery: string[] = [];

  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    for (const [who, role] of [[COUNTY, 'county_clerk'], [ADMIN, 'admin']] as const) {
      server.must('account', 'add', who.user, '--role', role, '--scope', '339999', '--password', who.password);
    }
    const clerk = await Desk.open(browser, server.url);
    await clerk.login(CLERK.user, CLERK.password);
    await clerk.importList(join(FIXTURES, 'township-list.xlsx'));
    await clerk.context.close();
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('is set up at the first login, and a wrong code is said to be one', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    const { page } = desk;
    await page.clock.install();
    await page.clock.resume();
    await begin(page, COUNTY);
    secret = await page.getByTestId('totp-secret').innerText();
    await give(page, '000000');
    await expect(page.getByRole('alert').filter({ hasText: '验证码不对' })).toBeVisible();
    await expectAccessible(page, 'a wrong login code');
    await give(page, totp(secret));
    const codes = page.getByRole('list', { name: '恢复码' }).getByRole('listitem');
    await expect(codes).toHaveCount(10);
    recovery = await codes.allInnerTexts();
    await page.getByRole('button', { name: '已抄好，进入' }).click();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
  });

  test('a shared PC that was reloaded and locked asks for the code, takes a recovery code, and sends what waited', async () => {
    const { page } = desk;
    await page.reload();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
    await desk.open('/recipients');
    await page.getByRole('grid').getByRole('link').first().click({ timeout: 60_000 });
    await page.route(/\/api\/v1\/sync/, (route) => route.abort());
    await change(page, '联系和住址', '其他联系方式', '0570-5556667');
    await page.clock.fastForward(6 * MINUTE);
    await expect(page.getByLabel('密码')).toBeVisible();
    await expect(page.getByLabel('验证码')).toHaveCount(0);
    await expectAccessible(page, 'the door of a shared PC');
    await shoot(page, 'shared-door');
    const open = page.getByRole('button', { name: '打开', exact: true });
    await page.getByLabel('密码').fill('not the password');
    await open.click();
    await expect(page.getByText('不对，请再核对一遍')).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('密码').fill(COUNTY.password);
    await open.click();
    await expect(page.getByLabel('验证码')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByLabel('密码'), 'it need not be typed again').toHaveValue(COUNTY.password);
    await expectAccessible(page, 'the door asks for a login code');
    await shoot(page, 'shared-door-code');
    await page.getByLabel('验证码').fill('123456');
    await open.click();
    await expect(page.getByRole('alert').filter({ hasText: '验证码不对' })).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('验证码').fill(recovery[0]!);
    await open.click();
    await expect(page.getByText('0570-5556667')).toBeVisible({ timeout: 60_000 });
    await page.unroute(/\/api\/v1\/sync/);
    await page.clock.fastForward(MINUTE);
    await until(() => values(server, 'recipient', 'phone2').includes('0570-5556667'), 'what waited is at the office', 60_000);
  });

  test('the same door takes the code of the phone', async () => {
    const { page } = desk;
    await page.reload();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
    await page.clock.fastForward(6 * MINUTE);
    await page.getByLabel('密码').fill(COUNTY.password);
    await page.getByRole('button', { name: '打开', exact: true }).click();
    await page.getByLabel('验证码').fill(totp(secret, Date.now() + STEP));
    await page.getByRole('button', { name: '打开', exact: true }).click();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 60_000 });
  });

  test('who lost the phone logs in with a recovery code, once each', async ({ browser }) => {
    const other = await Desk.open(browser, server.url);
    const { page } = other;
    await begin(page, COUNTY);
    await expect(page.getByLabel('验证码')).toBeVisible();
    await expect(page.getByTestId('totp-secret'), 'the secret is not shown again').toHaveCount(0);
    await give(page, recovery[0]!);
    await expect(page.getByRole('alert').filter({ hasText: '验证码不对' })).toBeVisible();
    await shoot(page, 'login-recovery-used');
    await give(page, recovery[1]!.toLowerCase());
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 60_000 });
    await other.context.close();
  });

  test('an administrator has it set up anew, and the old codes open nothing', async ({ browser }) => {
    const admin = await Desk.open(browser, server.url);
    await begin(admin.page, ADMIN);
    await give(admin.page, totp(await admin.page.getByTestId('totp-secret').innerText()));
    await admin.page.getByRole('button', { name: '已抄好，进入' }).click();
    await admin.page.getByRole('button', { name: /^county/ }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: '重设验证码' }).click();
    const dialog = admin.page.getByRole('dialog').filter({ hasText: '先当面或打电话确认是他本人' });
    await expectAccessible(admin.page, 'login codes are reset');
    await shoot(admin.page, 'factor-reset');
    await dialog.getByRole('button', { name: '重设验证码' }).click();
    await expect(admin.page.getByText('已办好')).toBeVisible();
    await admin.context.close();

    const again = await Desk.open(browser, server.url);
    const { page } = again;
    await begin(page, COUNTY);
    const fresh = await page.getByTestId('totp-secret').innerText();
    expect(fresh).not.toBe(secret);
    await give(page, recovery[2]!);
    await expect(page.getByRole('alert').filter({ hasText: '验证码不对' })).toBeVisible();
    await give(page, totp(fresh));
    await expect(page.getByRole('list', { name: '恢复码' }).getByRole('listitem')).toHaveCount(10);
    await again.context.close();
  });
});
