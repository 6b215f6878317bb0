import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import type { Server } from './support/server.ts';
import { readWorkbook } from './support/workbook.ts';

/** Each ledger with a word of its first page, and heads that it has. */
const LEDGERS: [name: string, says: RegExp, heads: string[]][] = [
  ['困难帮扶台账', /这段时间帮扶 \d+ 人/, ['致困原因', '措施', '责任人', '期限', '满意度']],
  ['优抚对象花名册', /218 人，\d+ 户/, ['身份证号', '等级', '住址', '责任人']],
  ['增减变动表', /上期 \d+ 人，增加 [1-9]\d* 人，减少 0 人，本期 \d+ 人/, ['增减', '原因', '发生日期', '登记日期']],
  ['走访慰问情况统计表', /慰问 \d+ 户次、\d+ 人次，慰问金 \d+ 元/, ['节日', '户数', '人数', '慰问品']],
  ['年度确认进度表', /应确认 \d+ 人，已确认 \d+ 人/, ['应确认', '现场', '入户', '其中逾期']],
  ['光荣牌悬挂统计表', /应挂 218 户，已挂 \d+ 户/, ['应挂户数', '破损待换', '未登记']],
];

test.describe.serial('the ledgers that an office hands up', () => {
  test.setTimeout(180_000);
  let server: Server;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('台账');
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  const choose = (name: string) => desk.page.getByLabel('哪本台账').selectOption(name);

  for (const [name, says, heads] of LEDGERS) {
    test(`${name} is shown with what it counts`, async () => {
      const { page } = desk;
      await choose(name);
      if (name === '增减变动表') await page.getByLabel('月份').selectOption({ index: 3 });
      await expect(page.getByText(says)).toBeVisible({ timeout: 30_000 });
      for (const head of heads) await expect(page.getByRole('columnheader', { name: head })).toBeVisible();
      await expectAccessible(page, name);
      await shoot(page, `report-${name}`);
    });
  }

  test('one village alone is chosen, and the lines are ordered by a column', async () => {
    const { page } = desk;
    await choose('优抚对象花名册');
    await page.getByLabel('范围').selectOption('红旗村');
    await expect(page.getByText(/^22 人，\d+ 户/)).toBeVisible({ timeout: 30_000 });
    const births = () => page.getByRole('row').evaluateAll((lines) => lines.slice(1).map((line) => line.querySelectorAll('td')[4]!.innerText));
    await page.getByRole('button', { name: '出生' }).click();
    await expect(page.getByRole('columnheader', { name: '出生' })).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(births).toEqual((await births()).toSorted());
    await page.getByRole('button', { name: '出生' }).click();
    await expect(page.getByRole('columnheader', { name: '出生' })).toHaveAttribute('aria-sort', 'descending');
    await expect.poll(births).toEqual((await births()).toSorted().toReversed());
  });

  test('a line leads to its file, and back to the same lines', async () => {
    const { page } = desk;
    const link = page.getByRole('row').nth(1).getByRole('link');
    const name = await link.innerText();
    await link.click();
    await expect(page.getByRole('heading', { name }).first()).toBeVisible({ timeout: 30_000 });
    await page.goBack();
    await expect(page.getByText(/^22 人，\d+ 户/)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByLabel('哪本台账')).toHaveValue('roster');
  });

  test('what is on the screen goes into the file, and into the audit chain', async () => {
    const { page } = desk;
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出 .xlsx' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^优抚对象花名册-\d{4}-\d\d-\d\d\.xlsx$/);
    const book = readWorkbook(await file.path());
    for (const word of ['优抚对象花名册', '填报单位：红旗村', '制表：', '审核：', '负责人：', '合计：22 人']) expect(book.text).toContain(word);
    expect(book.text, 'a full ID number').not.toMatch(/339999\d{11}[\dX]/);
    expect(book.formulas).toBe(0);
    const told = rows(server, "SELECT json_extract(body, '$.detail.ledger') || ' ' || json_extract(body, '$.detail.rows') FROM audit WHERE action = 'export'");
    expect(told).toEqual(['roster 22']);
  });

  test('it comes out of the printer across, with all its lines and lines to sign on', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '打印' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByRole('heading', { name: '优抚对象花名册' })).toBeVisible({ timeout: 30_000 });
    await expect(sheet.getByRole('row')).toHaveCount(23);
    for (const word of ['填报单位：红旗村', '制表：', '审核：', '负责人：']) await expect(sheet.getByText(word)).toBeVisible();
    await expect(sheet.getByText(new RegExp(`^打印：${CLERK.user}，\\d{4} 年 \\d+ 月 \\d+ 日 \\d\\d:\\d\\d$`))).toBeVisible();
    const told = rows(server, "SELECT json_extract(body, '$.detail.ledger') || ' ' || json_extract(body, '$.detail.rows') FROM audit WHERE action = 'list_print'");
    expect(told).toEqual(['roster 22']);
    await expectAccessible(page, 'a ledger on paper');
    await shoot(page, 'report-paper');
    await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
    await page.getByRole('button', { name: '打印', exact: true }).click();
    expect(await page.evaluate(() => document.documentElement.dataset.printed)).toBe('yes');
    await page.emulateMedia({ media: 'print' });
    await expect(sheet).toBeVisible();
    await expect(page.getByRole('button', { name: '打印', exact: true })).toBeHidden();
    await expect(page.getByRole('navigation')).toBeHidden();
    // Of what is told to look like a screen, a printer makes one.
    await page.emulateMedia({ media: null });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf)!;
    expect(Number(width), 'the sheet lies across').toBeGreaterThan(Number(height));
    await page.getByRole('link', { name: '返回' }).click();
    await expect(page.getByLabel('哪本台账')).toHaveValue('roster');
  });

  test('out of reach of the office it says so', async () => {
    const { page } = desk;
    await server.kill();
    await choose('光荣牌悬挂统计表');
    await expect(page.getByText('台账要从服务器取，现在连不上')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'a ledger out of reach');
    await server.start();
  });
});
