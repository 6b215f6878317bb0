import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { openFile, type Phone, workersPhone } from './support/phone.ts';
import type { Server } from './support/server.ts';

/** What the printer gets: the sheet alone, black on white. */
async function expectPrints(page: Page): Promise<void> {
  await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
  await page.getByRole('button', { name: '打印', exact: true }).click();
  expect(await page.evaluate(() => document.documentElement.dataset.printed)).toBe('yes');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('article')).toBeVisible();
  await expect(page.getByRole('button', { name: '打印', exact: true })).toBeHidden();
  await expect(page.getByRole('navigation')).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
}

test.describe.serial('sheets for those who sign by hand', () => {
  let server: Server;
  let phone: Phone;
  let visit = '';
  let photo: Buffer;
  test.beforeAll(async () => {
    server = await demoOffice();
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('a blank form for a family, without the office', async () => {
    await server.kill();
    const { page } = phone;
    await openFile(page, 0);
    await page.getByRole('tab', { name: /走访/ }).click();
    await page.getByRole('link', { name: '打印空白登记表' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByRole('heading', { name: '定期回访表' })).toBeVisible();
    await expect(sheet.getByText('☐ 入户')).toBeVisible();
    await expect(sheet.getByRole('img', { name: /二维码/ })).toBeVisible();
    await expect(sheet).not.toContainText('现场照片');
    await expectAccessible(page, 'a blank form');
    await expectPrints(page);
    await page.getByRole('button', { name: /哪张表/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: /光荣牌/ }).click();
    await expect(sheet.getByRole('heading', { name: /光荣牌/ })).toBeVisible();
    await server.start();
  });

  test('a visit that was recorded', async () => {
    const { page } = phone;
    await phone.tab('走访');
    await page.locator('.named').getByRole('link').last().click();
    await page.getByRole('link', { name: '打印登记表' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByText('回访方式')).toBeVisible();
    await expect(sheet.getByText('走访人签名', { exact: true })).toBeVisible();
    await expectAccessible(page, 'a visit on paper');
    await expectPrints(page);
    visit = page.url().replace('/print', '');
    photo = await sheet.screenshot({ type: 'jpeg' });
  });

  test('the photo of the signed sheet goes to its visit by itself', async () => {
    const { page } = phone;
    await phone.tab('走访');
    await page.getByRole('button', { name: '拍签过字的表' }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page, 'photographing sheets');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'sheet.jpg', mimeType: 'image/jpeg', buffer: photo });
    await dialog.getByRole('link', { name: /已放进走访/ }).click();
    await expect(page).toHaveURL(visit);
    await expect(page.getByRole('img', { name: '签过字的表 1' })).toBeVisible();
  });

  test('where no code can be read a person says which visit it was, and the photo is kept until then', async () => {
    const { page } = phone;
    await server.kill();
    await phone.tab('走访');
    await page.getByRole('button', { name: '拍签过字的表' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles([
      { name: 'other.jpg', mimeType: 'image/jpeg', buffer: await page.screenshot({ type: 'jpeg' }) },
      { name: 'text.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') },
    ]);
    await expect(dialog.getByText('现在连不上镇里，认不了二维码')).toBeVisible();
    await expect(dialog.getByText('没收下')).toBeVisible();
    await dialog.getByRole('heading', { name: '是哪一次走访的表？' }).locator('..').getByRole('button').first().click();
    await expect(dialog.getByRole('link', { name: /已放进走访/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await server.start();
  });

  test('困难帮扶表 of a need, with room for the opinions', async () => {
    const { page } = phone;
    await phone.tab('帮扶');
    await page.locator('.named').getByRole('link').first().click();
    await page.getByRole('link', { name: '打印困难帮扶表' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByRole('heading', { name: '困难帮扶表' })).toBeVisible();
    for (const who of ['申请人', '村（居）委会', '乡镇（街道）', '县（市、区）退役军人事务局']) {
      await expect(sheet.getByRole('rowheader', { name: who })).toBeVisible();
    }
    await expectAccessible(page, '困难帮扶表');
    await expectPrints(page);
  });

  test('a package for a round on paper, from the desk', async ({ browser }) => {
    const desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('checkbox', { name: '全选' }).check();
    await page.getByRole('button', { name: '打印资料包' }).click();
    await expect(page.getByText('一次最多打 60 人的')).toBeVisible();
    await page.getByRole('checkbox', { name: '全选' }).uncheck();
    const boxes = page.getByRole('checkbox', { name: /^选 / });
    for (const at of [0, 1]) await boxes.nth(at).check();
    await page.getByRole('button', { name: '打印资料包' }).click();
    const sheets = page.getByRole('article');
    await expect(sheets).toHaveCount(3);
    await expect(sheets.first().locator('tbody tr')).toHaveCount(2);
    await expect(sheets.nth(1).getByRole('img', { name: /二维码/ })).toBeVisible();
    await expectAccessible(page, 'a package on paper');
    await shoot(page, 'package');
    await desk.context.close();
  });
});
