import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { readWorkbook } from './support/workbook.ts';
import { demoOffice } from './support/demo.ts';
import { values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { arrowTo, pressOn, tabTo } from './support/keyboard.ts';
import { see } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { until, type Server } from './support/server.ts';

const VIEW = '红旗村没责任人的';

test.describe.serial('who answers for whom, from the list', () => {
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  const status = () => desk.page.getByRole('status').filter({ hasText: '户' });

  test('those for whom nobody answers are found, and the look at them is kept by name', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('combobox', { name: '责任人', exact: true }).selectOption('没有责任人');
    await page.getByRole('combobox', { name: '村', exact: true }).selectOption('红旗村');
    await expect(status()).toHaveText(/ 3 人$/, { timeout: 30_000 });
    await page.getByRole('button', { name: '选列' }).click();
    await page.getByRole('dialog').getByRole('switch', { name: '责任人' }).click();
    await page.getByRole('button', { name: '好', exact: true }).click();
    await page.getByRole('button', { name: '存为常用' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '存', exact: true }).click();
    await expect(dialog.getByText('请写名字')).toBeVisible();
    await dialog.getByLabel('取个名字').fill(VIEW);
    await dialog.getByRole('button', { name: '存', exact: true }).click();
    await expect(page.getByText(`已存为“${VIEW}”`)).toBeVisible();
    await expect(page.getByRole('combobox', { name: '常用查看' })).toHaveValue(VIEW);
    await expectAccessible(page, 'the list with a saved view');
    await see(page, 'assign-list');
  });

  test('they are given to somebody, and are found no more', async () => {
    const { page } = desk;
    await page.getByRole('checkbox', { name: '全选' }).check();
    await page.getByRole('button', { name: '交给责任人' }).click();
    const families = page.getByRole('group', { name: /^交哪些人/ });
    await expect(families.getByRole('checkbox', { checked: true })).toHaveCount(3, { timeout: 30_000 });
    await page.getByRole('button', { name: /交给谁/ }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: /^worker（|^worker$|^worker / }).first().click();
    await page.getByLabel('原因').fill('定责任人');
    await see(page, 'assign-handover');
    await page.getByRole('button', { name: '交接', exact: true }).click();
    await expect(page.getByText('已交接')).toBeVisible({ timeout: 60_000 });
    await desk.go('对象');
    await page.getByRole('combobox', { name: '常用查看' }).selectOption(VIEW);
    await expect(page.getByRole('combobox', { name: '村', exact: true }).locator('option:checked')).toHaveText('红旗村');
    await expect(page.getByText('没有找到')).toBeVisible({ timeout: 60_000 });
  });

  test('people of two villages go one village after the other', async () => {
    const { page } = desk;
    await page.getByRole('combobox', { name: '村', exact: true }).selectOption('全部村');
    await page.getByRole('checkbox', { name: '全选' }).check();
    await page.getByRole('button', { name: '交给责任人' }).click();
    await expect(page.getByText('一次只能交一个村的人。请先在上面选村。')).toBeVisible();
  });

  test('the look is there at another PC, until it is deleted', async ({ browser }) => {
    const other = await Desk.open(browser, server.url);
    const { page } = other;
    await other.login(CLERK.user, CLERK.password);
    await other.go('对象');
    await page.getByRole('combobox', { name: '常用查看' }).selectOption(VIEW);
    await expect(page.getByRole('columnheader', { name: '责任人' }).or(page.getByText('没有找到'))).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: '删掉这个常用' }).click();
    await expect(page.getByText(`已删掉“${VIEW}”`)).toBeVisible();
    await expect(page.getByRole('combobox', { name: '常用查看' })).toHaveCount(0);
    await other.context.close();
  });

  test('out of reach the list is there, and what cannot be kept is said', async () => {
    const { page } = desk;
    await server.kill();
    await page.getByRole('button', { name: '存为常用' }).click();
    await page.getByLabel('取个名字').fill('该走访的');
    await page.getByRole('button', { name: '存', exact: true }).click();
    await expect(page.getByText(/这个要连上服务器/)).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('grid')).toBeVisible();
    await server.start();
  });
});

test('a clerk’s day without a mouse: login, list in, families given out, ledger out', async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await demoOffice();
  const desk = await Desk.open(browser, server.url);
  const { page } = desk;
  await page.goto('/login');
  await tabTo(page, page.getByLabel('用户名'));
  await page.keyboard.type(CLERK.user);
  await tabTo(page, page.getByLabel('密码'));
  await page.keyboard.type(CLERK.password);
  await page.keyboard.press('Enter');
  const nav = (name: string) => page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) }).first();

  await pressOn(page, nav('导入'));
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, page.locator('input[type=file]'));
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(join(FIXTURES, 'township-list.xlsx'));
  await pressOn(page, page.getByRole('button', { name: /^写入/ }));
  await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 60_000 });

  await pressOn(page, nav('对象'));
  await arrowTo(page, page.getByRole('combobox', { name: '村', exact: true }), '石桥村');
  await arrowTo(page, page.getByRole('combobox', { name: '责任人', exact: true }), '没有责任人');
  await tabTo(page, page.getByRole('grid'));
  for (const key of ['ArrowDown', 'Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
  await pressOn(page, page.getByRole('button', { name: '交给责任人' }));
  await pressOn(page, page.getByRole('button', { name: /交给谁/ }));
  await pressOn(page, page.getByRole('dialog').last().getByRole('button', { name: /^worker/ }).first());
  await tabTo(page, page.getByLabel('原因'));
  await page.keyboard.type('定责任人');
  await pressOn(page, page.getByRole('button', { name: '交接', exact: true }));
  await expect(page.getByText('已交接')).toBeVisible({ timeout: 60_000 });
  await until(() => values(server, 'recipient', 'responsible').length > 0, 'who answers stands in the files');

  await pressOn(page, nav('台账'));
  await arrowTo(page, page.getByRole('combobox', { name: '哪本台账' }), '优抚对象花名册');
  await expect(page.getByText(/\d+ 人，\d+ 户/).first()).toBeVisible({ timeout: 30_000 });
  const download = page.waitForEvent('download');
  await pressOn(page, page.getByRole('button', { name: '导出 .xlsx' }));
  expect(readWorkbook(await (await download).path()).text).toContain('优抚对象花名册');
  await desk.context.close();
  await server.dispose();
});
