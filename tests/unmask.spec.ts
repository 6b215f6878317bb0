import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { see } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import type { Server } from './support/server.ts';

const WHOLE = /^339999\d{11}[\dX]$/;

test.describe.serial('a number in full, for a reason', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(30);
    phone = await workersPhone(server);
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  const fact = (page: Page) => page.locator('.fact').filter({ hasText: '身份证号' }).first();
  const told = () => rows(server, "SELECT json_extract(body, '$.detail.f') || ' ' || json_extract(body, '$.detail.reason') FROM audit WHERE action = 'unmask'");

  async function ask(page: Page, reason: string): Promise<void> {
    await fact(page).getByRole('button', { name: '看全' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(reason);
    await dialog.getByRole('button', { name: '看全' }).click();
  }

  test('a worker sees it once he has said why, and hides it again', async () => {
    const { page } = phone;
    await phone.openFile(0);
    await expect(fact(page)).toContainText('已遮住');
    await ask(page, '看');
    await expect(page.getByText('请写明原因，至少 4 个字')).toBeVisible();
    expect(told(), 'nothing was asked').toEqual([]);
    await page.keyboard.press('Escape');
    await ask(page, '银行核对证件');
    await expect(fact(page).locator('.fact__value')).toHaveText(WHOLE);
    await expectAccessible(page, 'a number in full');
    await see(page, 'unmask');
    expect(told()).toEqual(['id_no 银行核对证件']);
    await fact(page).getByRole('button', { name: '遮住' }).click();
    await expect(fact(page)).toContainText('已遮住');
  });

  test('it is gone with the page', async () => {
    const { page } = phone;
    await ask(page, '银行核对证件');
    await expect(fact(page).locator('.fact__value')).toHaveText(WHOLE);
    await phone.tab('今日');
    await phone.openFile(0);
    await expect(fact(page)).toContainText('已遮住');
  });

  test('without the office it says so, and shows nothing', async () => {
    const { page } = phone;
    await server.kill();
    await ask(page, '银行核对证件');
    await expect(page.getByText('完整号码要向办公室取，现在连不上')).toBeVisible({ timeout: 40_000 });
    await expect(fact(page)).toContainText('已遮住');
    await server.start();
  });

  test('the desk does the same, one number at a time', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('grid').getByRole('link').first().click();
    await ask(page, '县局抽查核对');
    await expect(fact(page).locator('.fact__value')).toHaveText(WHOLE, { timeout: 30_000 });
    await expect(page.getByText(WHOLE)).toHaveCount(1);
    await see(page, 'unmask-desk');
    expect(told()).toHaveLength(3);
  });
});
