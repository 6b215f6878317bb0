import { expect, test, type Page } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { count, rows, values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { pick, shoot } from './support/look.ts';
import { CLERK, cleanOffice } from './support/office.ts';
import { change, type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { readWorkbook, writeWorkbook } from './support/workbook.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** A list with faults: a heading that nobody knows, a number that cannot be, a category that is none. */
const LIST = [
  ['姓名', '身份证号', '类别', '哪个村', '住址', '联系电话', '银行账号'],
  ['李伟', '339999194803120019', '参战', '红旗村', '3组12号', '13800000001', '6222021001122334556'],
  ['孙丽', '339999193508090028', '参战', '红旗村', '3组14号', '13800000002', ''],
  ['王强', '33999919710117215X', '参占', '红旗村', '3组13号', '13800000003', ''],
];

async function choose(desk: Desk, name: string, rows: string[][]): Promise<void> {
  const { page } = desk;
  await desk.go('导入');
  const again = page.getByRole('button', { name: '换一份文件' });
  const input = page.locator('input[type=file]');
  await expect(input.or(again)).toBeAttached();
  if (await again.isVisible()) await again.click();
  await input.setInputFiles({ name, mimeType: XLSX, buffer: writeWorkbook(rows) });
}

/** A figure above the rows. */
const figure = (page: Page, name: string) =>
  page.locator('.count').filter({ has: page.getByText(name, { exact: true }) }).getByRole('definition');

test.describe.serial('a list with faults is mended, written and undone', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a column is named by hand, a cell is mended, and each is judged at once', async () => {
    const { page } = desk;
    await desk.go('导入');
    await expect(page.getByText('这里还没有导入过名单。')).toBeVisible();
    await shoot(page, 'imports-choose');
    await choose(desk, '花名册.xlsx', LIST);
    await expect(figure(page, '不能导入')).toHaveText('2', { timeout: 30_000 });
    await expect(page.getByText('没有村名').first()).toBeVisible();
    await page.getByText(/列的对应/).click();
    await expectAccessible(page, 'the columns of a list');
    await shoot(page, 'imports-columns');
    await pick(page, /D 列 哪个村/, /^村（社区）$/);
    await expect(page.getByText('没有村名')).toHaveCount(0);
    await shoot(page, 'imports-preview');

    await page.getByRole('button', { name: '改 C4 类别' }).click();
    const sheet = page.getByRole('dialog', { name: '改这一格' });
    await expect(sheet.getByRole('textbox')).toHaveValue('参占');
    await sheet.getByRole('textbox').fill('参战');
    await expectAccessible(page, 'a cell that is mended');
    await shoot(page, 'imports-mend');
    await sheet.getByRole('button', { name: '改好，重新核对' }).click();
    await expect(sheet).toBeHidden();
    await expect(figure(page, '不能导入')).toHaveText('1');
    await page.getByRole('button', { name: '改 B3 身份证号' }).click();
    await expect(sheet.getByRole('textbox'), 'a number is not sent to the screen').toHaveValue('');
    await page.keyboard.press('Escape');
    await expect(sheet).toBeHidden();
  });

  test('the refused lines come as a workbook, and mended they are a list again', async () => {
    const { page } = desk;
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载不能导入的行' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('不能导入的行-花名册.xlsx');
    const path = join(tmpdir(), `refused-${process.pid}.xlsx`);
    await download.saveAs(path);
    const { text, formulas } = readWorkbook(path);
    for (const word of ['原因', '身份证号校验位不对', '339999193508090028', '3组14号']) expect(text).toContain(word);
    expect(text).not.toContain('李伟');
    expect(formulas).toBe(0);

    await page.getByRole('button', { name: '写入 2 人' }).click();
    await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'a list that was written');
    await shoot(page, 'imports-done');
    writeFileSync(path, readFileSync(path));
    await desk.chooseList(path);
    await expect(figure(page, '不能导入')).toHaveText('1', { timeout: 30_000 });
    await expect(page.getByText(/人工指定/)).toBeAttached();
    await page.getByRole('button', { name: '改 B2 身份证号' }).click();
    const sheet = page.getByRole('dialog', { name: '改这一格' });
    await sheet.getByRole('textbox').fill('339999193508090027');
    await sheet.getByRole('button', { name: '改好，重新核对' }).click();
    await page.getByRole('button', { name: '写入 1 人' }).click();
    await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 30_000 });
  });

  test('the phone gets the people; the list is undone, and the phone shows them gone', async () => {
    phone = await workersPhone(server);
    await phone.go('/recipients');
    const link = (name: string) => phone.page.getByRole('list').getByRole('link', { name: new RegExp(name) });
    await expect(link('孙丽')).toBeVisible({ timeout: 40_000 });
    await expect(link('王强')).toBeVisible();
    const { page } = desk;
    await page.getByRole('button', { name: '换一份文件' }).click();
    await expect(page.getByRole('heading', { name: '导入记录' })).toBeVisible();
    await shoot(page, 'imports-past');
    await page.getByRole('button', { name: /^不能导入的行|refused-/ }).first().click();
    const sheet = page.getByRole('dialog').filter({ has: page.getByRole('button', { name: '撤销这次导入' }) });
    await expect(sheet).toBeVisible();
    await expectAccessible(page, 'a list that can be undone');
    await shoot(page, 'imports-undo');
    await sheet.getByRole('button', { name: '撤销这次导入' }).click();
    await expect(page.getByText('已撤销，1 户回到导入前')).toBeVisible();
    await expect(page.getByRole('button', { name: /refused-.*已撤销/ })).toBeVisible();
    await phone.syncNow();
    await phone.go('/recipients');
    await expect(link('孙丽')).toHaveCount(0, { timeout: 40_000 });
    await expect(link('王强')).toBeVisible();
  });

  test('the preview says what would change and what stays', async () => {
    const { page } = desk;
    const moved = [LIST[0]!, ['李伟', '339999194803120019', '参战', '红旗村', '4组1号', '', '6222021001122334999']];
    await choose(desk, '更正.xlsx', moved);
    const row = page.getByRole('row', { name: /李伟/ });
    await expect(row.getByText('3组12号')).toBeVisible({ timeout: 30_000 });
    await expect(row.getByText('4组1号')).toBeVisible();
    await expect(row).not.toContainText('6222021001122334999');
    await row.getByText(/项名单里空着/).click();
    await expect(row.getByText('手机：保留 13800000001')).toBeVisible();
    await expectAccessible(page, 'the difference');
    await shoot(page, 'imports-diff');
    await page.getByRole('button', { name: '换一份文件' }).click();
  });

  test('a family on which a phone worked keeps a list from being undone', async () => {
    const { page } = phone;
    await page.getByRole('list').getByRole('link', { name: /李伟/ }).click();
    await change(page, '联系和住址', '其他联系方式', '0570-1111111');
    await until(() => count(server, "changeset WHERE body LIKE '%0570-1111111%'") > 0, 'the change is at the office', 40_000);
    const at = desk.page;
    await desk.go('导入');
    await at.getByRole('button', { name: /^花名册\.xlsx/ }).click();
    await at.getByRole('button', { name: '撤销这次导入' }).click();
    await expect(at.getByText('1 户在导入后有人动过，所以什么也没有撤销')).toBeVisible();
    await expect(at.getByText(/李伟：worker .* 改过/)).toBeVisible();
    await expectAccessible(at, 'a list that cannot be undone');
    await shoot(at, 'imports-touched');
    expect(count(server, "record WHERE kind = 'recipient' AND del = 0")).toBe(2);
    await at.getByRole('button', { name: '只撤销没人动过的 1 户' }).click();
    await expect(at.getByText('已撤销，1 户回到导入前')).toBeVisible();
    expect(count(server, "record WHERE kind = 'recipient' AND del = 0")).toBe(1);
    await phone.syncNow();
    await phone.go('/recipients');
    await expect(page.getByRole('list').getByRole('link', { name: /王强/ })).toHaveCount(0, { timeout: 40_000 });
    await expect(page.getByRole('list').getByRole('link', { name: /李伟/ })).toBeVisible();
  });
});

test.describe.serial('an old workbook, and a browser that is closed while a list is written', () => {
  let server: Server;
  let desk: Desk;
  const families = () => count(server, "record WHERE kind = 'recipient' AND del = 0");
  const past = () => desk.page.getByRole('button', { name: /^township-list\.xlsx/ });
  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('a real .xls is read with its dates, its numbers and its merged cells', async () => {
    const { page } = desk;
    await desk.chooseList(join(import.meta.dirname, 'fixtures', 'township-list.xls'));
    await expect(figure(page, '可导入')).toHaveText('7', { timeout: 30_000 });
    await expect(figure(page, '不能导入')).toHaveText('1');
    await expect(page.getByText(/身份证号校验位不对.*E10 身份证号/)).toBeVisible();
    await expect(page.getByRole('row', { name: /戚大海/ })).toContainText('石桥村');
    await expect(page.getByText('合计', { exact: false }).first()).toBeAttached();
    await expectAccessible(page, 'an old workbook');
    await shoot(page, 'imports-xls');
    await page.getByRole('button', { name: '写入 7 人' }).click();
    await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 30_000 });
    expect(families()).toBe(7);
    expect(values(server, 'recipient', 'mobile')).toContain('13800000102');
    const births = rows(server, "SELECT json_extract(body, '$.f.birth') FROM record WHERE kind = 'recipient'").join();
    expect(births, 'a date of the sheet is a day').toContain('1938');
    await page.getByRole('button', { name: '换一份文件' }).click();
    await page.getByRole('button', { name: /^township-list\.xls/ }).click();
    await expect(page.getByText('新建 7 人，更新 0 人，不能导入 1 行')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  test('whoever comes back finds all of the list or nothing, and the history says which', async ({ browser }) => {
    const { page } = desk;
    await desk.chooseList(join(FIXTURES, 'township-list.xlsx'));
    const write = page.getByRole('button', { name: /^写入 \d+ 人/ });
    await expect(write).toBeVisible({ timeout: 30_000 });
    const people = Number(/\d+/.exec(await write.innerText())![0]);
    const sent = page.waitForRequest(/\/imports\/[^/]+\/commit$/);
    await write.click();
    await sent;
    await desk.context.close();

    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    const seen = new Set<number>();
    const isThere = () => seen.add(families() - 7).has(people);
    const isWritten = await until(isThere, 'the list is written', 10_000).then(() => true, () => false);
    expect([0, people], 'never a part of it').toEqual(expect.arrayContaining([...seen]));
    await desk.go('导入');
    await expect(desk.page.getByRole('heading', { name: '导入记录' })).toBeVisible();
    await expect(past()).toHaveCount(isWritten ? 1 : 0);
    await shoot(desk.page, 'imports-after-closing');

    await desk.chooseList(join(FIXTURES, 'township-list.xlsx'));
    await expect(figure(desk.page, '新增')).toHaveText(String(isWritten ? 0 : people), { timeout: 30_000 });
    if (!isWritten) {
      await desk.page.getByRole('button', { name: /^写入 \d+ 人/ }).click();
      await expect(desk.page.getByText('已写入档案')).toBeVisible({ timeout: 60_000 });
    }
    expect(families(), 'nobody is there twice').toBe(7 + people);
  });
});
