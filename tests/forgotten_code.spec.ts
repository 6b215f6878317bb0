import { expect, test } from '@playwright/test';
import { values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { WORKER } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

test.describe.serial('a worker who forgot the device code', () => {
  let server: Server;
  let phone: Phone;
  test.beforeAll(async () => { server = await demoOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('saves something where there is no signal, and locks the phone', async () => {
    phone = await workersPhone(server);
    await server.kill();
    await phone.tab('对象');
    await phone.page.getByRole('list').getByRole('link').first().click();
    await phone.change('联系和住址', '其他联系方式', '0570-7654321');
    await phone.page.reload();
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
  });

  test('is told that the office must be in reach', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '忘了锁码' }).click();
    await page.getByLabel('账号').fill(WORKER.user);
    await page.getByLabel('密码').fill(WORKER.password);
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByText('现在连不上镇里')).toBeVisible();
  });

  test('gets a new code, the files again, and loses nothing', async () => {
    await server.start();
    const { page } = phone;
    const before = phone.code;
    await page.getByRole('button', { name: '登录' }).click();
    await phone.confirmCode();
    expect(phone.code).not.toBe(before);
    await until(() => values(server, 'recipient', 'phone2').includes('0570-7654321'), 'the unsent change is at the office');
    await phone.tab('今日');
    await phone.isReadyForTheVillage();
    await phone.page.reload();
    await phone.unlock();
    await phone.tab('对象');
    await expect(phone.page.getByRole('list').getByRole('link').first()).toBeVisible();
  });
});
