import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { enrolledEarlier, values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { deviceCode, WORKER } from './support/office.ts';
import { Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

test.describe.serial('a visit under way', () => {
  let server: Server;
  let phone: Phone;
  let file = '';
  test.beforeAll(async () => { server = await demoOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('a second link of the office takes the place of the first', async () => {
    phone = new Phone(server.url);
    await phone.start('/enrol#AAAA-BBBB');
    await expect(phone.page.getByLabel('启用码')).toHaveValue('AAAA-BBBB');
    const code = deviceCode(server, WORKER.user);
    await phone.page.evaluate((hash) => { location.hash = hash; }, code);
    await expect(phone.page.getByLabel('启用码')).toHaveValue(code);
    await phone.device.kill();
    await phone.enrol(code, WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
  });

  test('Back closes a sheet and then a picker, and only then leaves the form', async () => {
    const { page } = phone;
    await phone.tab('对象');
    await page.getByRole('list').getByRole('link').first().click();
    file = page.url();
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.isSaved();
    const open = page.locator('dialog[open]');
    for (let again = 0; again < 2; again += 1) {
      await page.getByRole('button', { name: '完成走访' }).click();
      await expect(open).toHaveCount(1);
      await page.goBack();
      await expect(open).toHaveCount(0);
      await expect(page).toHaveURL(/\/form$/);
    }
    await page.getByRole('button', { name: '完成走访' }).click();
    await expect(open).toHaveCount(1);
    await page.getByRole('button', { name: '关闭' }).click();
    await expect(open).toHaveCount(0);
    await page.goBack();
    await expect(page).toHaveURL(file);
    await expect(page.getByRole('link', { name: '接着填' })).toBeVisible();
  });

  test('is exported with what is unsent where sending does not work', async () => {
    const { page } = phone;
    await phone.go('/outbox');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出未发送资料' }).click();
    const path = await (await download).path();
    const rescue = JSON.parse(readFileSync(path, 'utf8')) as { huifang: string; keys: unknown[]; drafts: { sealed: { ct: string } }[] };
    expect(rescue.huifang).toBe('rescue-1');
    expect(rescue.keys.length).toBeGreaterThanOrEqual(2);
    expect(rescue.drafts).toHaveLength(1);
    expect(rescue.drafts[0]?.sealed.ct.length).toBeGreaterThan(20);
  });

  test('is cancelled with a reason, and not before', async () => {
    const { page } = phone;
    await phone.go(new URL(file).pathname);
    await page.getByRole('link', { name: '接着填' }).click();
    await page.getByRole('button', { name: '取消走访' }).click();
    const question = page.getByRole('dialog');
    await expect(question).toContainText('这一家还要再走');
    await question.getByRole('button', { name: '接着填' }).click();
    await expect(page).toHaveURL(/\/form$/);
    await page.getByRole('button', { name: '取消走访' }).click();
    await question.getByRole('button', { name: '取消走访' }).click();
    await expect(question).toContainText('至少 2 个字');
    await question.getByLabel('原因').fill('走错');
    await question.getByRole('button', { name: '取消走访' }).click();
    await expect(page).toHaveURL(file);
    await expect(page.getByRole('button', { name: '开始走访' })).toBeVisible();
  });
});

test.describe.serial('a phone that the office no longer knows', () => {
  let server: Server;
  let phone: Phone;
  test.beforeAll(async () => { server = await demoOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('says so, takes a new code of the office, and sends what it has', async () => {
    phone = await workersPhone(server);
    await server.kill();
    await phone.tab('对象');
    await phone.page.getByRole('list').getByRole('link').first().click();
    await phone.change('联系和住址', '其他联系方式', '0570-7654321');
    const { page } = phone;
    await phone.device.context.clearCookies();
    await server.start();
    enrolledEarlier(server);
    await phone.syncNow();
    await page.getByRole('button', { name: '登录' }).click({ timeout: 30_000 });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('密码').fill(WORKER.password);
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog).toContainText('向镇里经办人要一个新的启用码');
    await dialog.getByLabel('新的启用码').fill('AAAA-BBBB');
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog).toContainText('启用码不对');
    await dialog.getByLabel('新的启用码').fill(deviceCode(server, WORKER.user));
    await dialog.getByRole('button', { name: '登录' }).click();
    await expect(dialog).toBeHidden();
    await until(() => values(server, 'recipient', 'phone2').includes('0570-7654321'), 'the unsent change is at the office');
  });

  test('also when its device code is forgotten', async () => {
    const { page } = phone;
    await phone.device.context.clearCookies();
    enrolledEarlier(server);
    await page.reload();
    await page.getByRole('button', { name: '忘了锁码' }).click();
    await page.getByLabel('账号').fill(WORKER.user);
    await page.getByLabel('密码').fill('not the password');
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByText('账号或密码不对')).toBeVisible();
    await page.getByLabel('密码').fill(WORKER.password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByLabel('新的启用码').fill(deviceCode(server, WORKER.user));
    await page.getByRole('button', { name: '登录' }).click();
    await phone.confirmCode();
    await phone.tab('今日');
    await phone.isReadyForTheVillage();
  });
});
