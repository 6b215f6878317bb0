import { expect, test, type Locator, type Page } from '@playwright/test';
import { join } from 'node:path';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { CLERK, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import type { Server } from './support/server.ts';

const shots = process.env.SHOTS;

async function shoot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** Chooses one of a picker's options. */
async function pick(page: Page, field: Locator, option: string): Promise<void> {
  await field.click();
  await page.getByRole('dialog').last().getByRole('button', { name: option, exact: true }).click();
}

test.describe.serial('a file is made whole', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  test.beforeAll(async ({ browser }) => {
    server = await demoOffice();
    phone = new Phone(server.url);
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await phone.openFile(0);
    desk = await Desk.open(browser, server.url);
    await desk.page.goto('/login');
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  const bar = () => phone.page.getByRole('button', { name: /档案完整/ });
  const missing = async () => Number(/还缺 (\d+) 项/.exec(await bar().innerText())![1]);

  test('each gap is filled where it is named, and the next is at hand', async () => {
    const { page } = phone;
    const before = await missing();
    await shoot(page, 'file');
    await bar().click();
    const sheet = page.getByRole('dialog', { name: '还缺这些' });
    await shoot(page, 'file-gaps');
    await sheet.getByRole('button', { name: '劳动能力' }).click();
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '部分丧失');
    await shoot(page, 'file-gap');
    await sheet.getByRole('button', { name: '保存' }).click();
    // The sheet stays, with one gap less.
    await expect(sheet.getByRole('button', { name: '劳动能力' })).toBeHidden();
    await sheet.getByRole('button', { name: /属别/ }).click();
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '在乡');
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet.getByRole('button', { name: /属别/ })).toBeHidden();
    await expect(sheet.getByText('责任人')).toBeVisible();
    await expect(sheet.getByRole('button', { name: '责任人' })).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect.poll(missing).toBe(before - 2);
    await expect(page.getByText('待审核：在乡')).toBeVisible();
  });

  test('the family is a list of rows; what is begun and not added is not lost', async () => {
    const { page } = phone;
    const household = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '家庭和收入', exact: true }) });
    await household.getByRole('button', { name: '修改' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '家庭成员' }).click();
    await sheet.getByLabel('出生年份').fill('1975');
    await sheet.getByRole('button', { name: '加上这一行' }).click();
    await expect(sheet.getByRole('alert')).toHaveText('先填姓名');
    await sheet.getByLabel('姓名').fill('陈小强');
    await sheet.getByRole('button', { name: '加上这一行' }).click();
    await expect(sheet.getByText('陈小强 1975')).toBeVisible();
    await sheet.getByLabel('姓名').fill('陈小兰');
    await shoot(page, 'file-members');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet).toBeHidden();
    await expect(household.getByText('陈小强 1975、陈小兰')).toBeVisible();
  });

  test('a grade that illness cannot give is refused in words', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('searchbox').fill('陈光荣 红旗');
    await page.getByText('陈光荣', { exact: true }).first().click();
    const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: /身份类别：残疾军人/ }) });
    const change = async (field: string) => {
      await group.getByRole('button', { name: '修改' }).click();
      await page.getByRole('dialog').first().getByRole('button', { name: field }).first().click();
      return page.getByRole('dialog').first();
    };
    let sheet = await change('等级');
    await sheet.getByRole('spinbutton').or(sheet.getByRole('textbox')).fill('8');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet).toBeHidden();
    sheet = await change('性质');
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '因病');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet.getByText('因病只评 1 到 6 级')).toBeVisible();
    await shoot(page, 'file-grade');
    await page.keyboard.press('Escape');
  });

  test('a file begun in the village stops at who is alike, and the clerk sees what to decide', async () => {
    const { page } = phone;
    await phone.go('/recipients');
    await page.getByRole('button', { name: '新建档案' }).click();
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('这一项要填').first()).toBeVisible();
    await shoot(page, 'new-file-missing');
    await page.getByLabel('姓名').fill('高远山');
    await page.getByLabel('身份证号').fill('339999194803120018');
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('身份证号不对，请对照证件再填')).toBeVisible();
    await page.getByLabel('身份证号').fill('339999194803120019');
    await pick(page, page.getByRole('button', { name: /^村（社区）/ }), '红旗村');
    await page.getByLabel('实际居住地址').fill('红旗村9组64号');
    await page.getByLabel('手机').fill('19900002589');
    await pick(page, page.getByRole('button', { name: /^类别/ }), '参战退役军人');
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('已经有 1 份相像的档案')).toBeVisible();
    await shoot(page, 'new-file-alike');
    await page.getByRole('button', { name: '都不是，照样建档' }).click();
    await expect(page.getByRole('heading', { name: '高远山' })).toBeVisible();
    await page.getByRole('tab', { name: /困难 1/ }).click();
    await expect(page.getByText('本人说是：参战退役军人')).toBeVisible();
    await shoot(page, 'new-file-task');
  });

  test('a death is proposed in one act, with what follows said before', async () => {
    const { page } = phone;
    await phone.go('/recipients');
    await phone.openFile(0);
    await page.getByRole('button', { name: '去世登记' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet.getByText('请选今天或以前的日子')).toBeVisible();
    await shoot(page, 'death');
    await sheet.getByRole('button', { name: '昨天' }).click();
    await expect(sheet.getByText(/残疾军人：发到/)).toBeVisible();
    await shoot(page, 'death-follows');
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet).toBeHidden();
    await expect(page.getByText('待审核：已去世')).toBeVisible();
    await phone.syncNow();
  });

  test('the clerk writes the category into the new file and decides on the death', async () => {
    const { page } = desk;
    await page.getByRole('searchbox').fill('高远山');
    await page.getByText('高远山', { exact: true }).first().click();
    await page.getByRole('tab', { name: /困难 1/ }).click();
    await shoot(page, 'desk-task');
    await page.getByRole('button', { name: '写进档案' }).click();
    await expect(page.getByText('没有记着的困难')).toBeVisible();
    await page.getByRole('tab', { name: '档案', exact: true }).click();
    await expect(page.getByRole('heading', { name: '身份类别：参战退役军人' })).toBeVisible();
    await desk.go('待处理');
    await expect(page.getByText('已去世').first()).toBeVisible();
    // What is proposed for an entitlement is told with the person's name.
    await expect(page.getByText('陈光荣 的属别')).toBeVisible();
    await shoot(page, 'desk-death');
  });

  test('the file says who opened it, on the phone and at the desk', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('searchbox').fill('陈光荣 红旗');
    await page.getByText('陈光荣', { exact: true }).first().click();
    // Devices tell of it when nothing else waits, some moments after a sync.
    await phone.syncNow();
    await expect(async () => {
      await page.getByRole('tab', { name: '档案', exact: true }).click();
      await page.getByRole('tab', { name: '变更' }).click();
      const opened = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '谁打开过这份档案' }) });
      await expect(opened.getByText('共 1 天')).toHaveCount(2, { timeout: 2_000 });
    }).toPass({ timeout: 120_000 });
    await shoot(page, 'desk-views');
  });
});
