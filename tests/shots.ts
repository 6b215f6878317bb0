import { expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countyDesk } from './support/county_desk.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { demoOffice } from './support/demo.ts';
import { CLERK, deviceCode, WORKER } from './support/office.ts';
import { DESK_PAGES, pageName, PHONE_PAGES } from './support/pages.ts';
import { Phone } from './support/phone.ts';
import type { Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';
import type { Page } from '@playwright/test';

const folder = process.env.SHOTS ?? '../target/shots';
const SIZES = [{ width: 360, height: 800 }, { width: 1440, height: 900 }];

/** Takes the page as it stands at both sizes, once nothing is being fetched any more. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    // The page of components shows that face among others.
    if (!name.endsWith('-ui')) await expect(page.getByText('正在打开')).toHaveCount(0);
    await page.screenshot({ path: join(folder, `${name}-${size.width}.png`) });
  }
}

test.describe.serial('pictures', () => {
  let server: Server;
  test.beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    server = await demoOffice();
  });
  test.afterAll(async () => { await server?.dispose(); });

  test('of the phone', async () => {
    const phone = new Phone(server.url);
    await phone.start('/enrol');
    await expect(phone.page.getByLabel('启用码')).toBeVisible();
    await shoot(phone.page, 'phone-enrol');
    await phone.device.kill();
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    for (const path of PHONE_PAGES) {
      // The words for the device in hand are chosen as a page is built.
      await phone.page.setViewportSize(SIZES[0]!);
      await phone.go(path);
      await expect(phone.page.getByRole('heading').first()).toBeVisible();
      await shoot(phone.page, `phone-${pageName(path)}`);
    }
    await phone.go('/recipients');
    await phone.page.setViewportSize(SIZES[0]!);
    await phone.page.getByRole('list').getByRole('link').first().click();
    await expect(phone.page.getByRole('button', { name: '开始走访' })).toBeVisible();
    await shoot(phone.page, 'phone-file');
    await phone.page.setViewportSize(SIZES[0]!);
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(phone.page);
    await form.choose('A01', '入户');
    await shoot(phone.page, 'phone-form-start');
    await form.choose('A10', '重病');
    await form.question('A28').scrollIntoViewIfNeeded();
    await shoot(phone.page, 'phone-form');
    await phone.page.setViewportSize(SIZES[0]!);
    await phone.page.getByRole('button', { name: '完成走访' }).click();
    await expect(phone.page.getByText(/还差 \d+ 题/)).toBeVisible();
    await shoot(phone.page, 'phone-form-missing');
    await phone.device.kill();
    await phone.start('/');
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
    await shoot(phone.page, 'phone-unlock');
    await phone.device.dispose();
  });

  test('of the desk', async ({ browser }) => {
    const desk = await Desk.open(browser, server.url);
    await desk.page.goto('/login');
    await expect(desk.page.getByLabel('用户名')).toBeVisible();
    await shoot(desk.page, 'desk-login');
    await desk.page.setViewportSize(SIZES[1]!);
    await desk.login(CLERK.user, CLERK.password);
    for (const path of DESK_PAGES) {
      await desk.page.setViewportSize(SIZES[1]!);
      await desk.open(path);
      await expect(desk.page.getByRole('heading').first()).toBeVisible();
      await shoot(desk.page, `desk-${pageName(path)}`);
    }
    await desk.page.setViewportSize(SIZES[1]!);
    await desk.open('/office/devices');
    await desk.page.getByRole('button', { name: /^处理/ }).first().click();
    await shoot(desk.page, 'desk-device');
    await desk.page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    await shoot(desk.page, 'desk-device-revoke');
    await desk.page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await desk.page.getByRole('tab', { name: '启用码' }).click();
    await shoot(desk.page, 'desk-devices-code');
    await desk.page.getByRole('tab', { name: '导入资料' }).click();
    await shoot(desk.page, 'desk-devices-rescue');
    await desk.page.setViewportSize(SIZES[1]!);
    await desk.open('/office/import');
    await desk.chooseFile(join(FIXTURES, 'township-list.xlsx'));
    await expect(desk.page.getByText('第 3 行是表头')).toBeVisible();
    await shoot(desk.page, 'desk-import-preview');
    await desk.context.close();
  });

  test('of whoever runs the server', async ({ browser }) => {
    const desk = await countyDesk(browser, server);
    await desk.open('/office/health');
    await expect(desk.page.getByRole('heading', { name: '运行状况' })).toBeVisible();
    await shoot(desk.page, 'desk-health');
    await desk.context.close();
  });
});
