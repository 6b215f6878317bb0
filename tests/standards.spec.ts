import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { pick, pickDay, see, shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import type { Server } from './support/server.ts';
import { readWorkbook, writeWorkbook } from './support/workbook.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const YEAR = new Date(Date.now() + 8 * 3_600_000).getUTCFullYear();
const HEADINGS = ['项目', '对象', '标准（元）', '计发方式', '提前退役', '文号', '执行日期'];
const DOC = `双拥〔${YEAR}〕3号`;
const SHEET = [
  HEADINGS,
  ['优待金', '农村', '14272', '按年', '按实际月数', DOC, `${YEAR}-01-01`],
  ['进藏倍数', '西藏', '2.5倍', '', '', DOC, `${YEAR}-01-01`],
  ['立功奖励', '三等功', '2000', '', '', DOC, `${YEAR}-01-01`],
];
/** A conscript's family of whom all is known, and one of whom the day of enlistment is not. */
const FAMILIES = [
  ['姓名', '身份证号', '类别', '村', '住址', '户口性质', '义务兵姓名', '义务兵入伍时间', '进藏进疆', '领款人'],
  ['李建军', '339999194803120019', '义务兵家庭', '红旗村', '3组12号', '农村', '李小军', `${YEAR - 1}-01-01`, '西藏', '李建军'],
  ['孙家明', '33999919710117215X', '义务兵家庭', '红旗村', '3组14号', '农村', '', '', '', ''],
];

test.describe.serial('stipends by published standards', () => {
  test.setTimeout(180_000);
  let server: Server;
  let county: Desk;
  let township: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(20);
    county = await countyDesk(browser, server);
    township = await Desk.open(browser, server.url);
    await township.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await county?.context.close();
    await township?.context.close();
    await server?.dispose();
  });

  const upload = (rows: string[][]) =>
    county.page.getByRole('dialog').first().locator('input[type=file]').setInputFiles({ name: '标准.xlsx', mimeType: XLSX, buffer: writeWorkbook(rows) });

  test('a sheet with a fault names the cell and enters nothing', async () => {
    const { page } = county;
    await county.open('/office/standards');
    await expect(page.getByText('还没有标准')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'no standards');
    await shoot(page, 'standards-none');
    await page.getByRole('button', { name: '从表格读入' }).click();
    const sheet = page.getByRole('dialog').first();
    await upload([['姓名', '身份证号'], ['李伟', '1']]);
    await expect(sheet.getByText(/没找到表头/)).toBeVisible({ timeout: 30_000 });
    await upload([SHEET[0]!, SHEET[1]!.with(2, '约一万'), SHEET[2]!.with(5, '')]);
    await expect(sheet.getByText('C2“标准（元）”：要写金额')).toBeVisible({ timeout: 30_000 });
    await expect(sheet.getByText('F3“文号”：要填')).toBeVisible();
    await expectAccessible(page, 'a sheet with faults');
    await see(page, 'standards-sheet-bad');
    await upload(SHEET);
    await sheet.getByRole('button', { name: '存为草稿（3 条）' }).click({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: /^优待金（农村）/ })).toContainText('14272 元');
    await expect(sheet).toBeHidden();
  });

  test('what is typed wrong says so at its field', async () => {
    const { page } = county;
    await page.getByRole('button', { name: '录入标准' }).click();
    const sheet = page.getByRole('dialog').first();
    await pick(sheet, /^项目/, /^立功增发/);
    await pick(sheet, /^对象/, /^三等功/);
    await sheet.getByLabel(/^标准/).fill('10');
    await sheet.getByLabel(/^文号/).fill(DOC);
    await pickDay(sheet, /^起始日期/, new Date(`${YEAR}-01-01T00:00:00+08:00`));
    await sheet.getByRole('button', { name: '存为草稿' }).click();
    await expect(sheet.getByText(/要写不超过 100% 的百分比/)).toBeVisible();
    await expectAccessible(page, 'a standard with a fault');
    await see(page, 'standards-form');
    await sheet.getByLabel(/^标准/).fill('10%');
    await sheet.getByRole('button', { name: '存为草稿' }).click();
    await expect(page.getByRole('button', { name: /^立功增发（三等功）/ })).toContainText('10%');
  });

  test('a township sees nothing before the county publishes', async () => {
    await township.open('/office/standards');
    await expect(township.page.getByText('还没有标准')).toBeVisible({ timeout: 30_000 });
    const { page } = county;
    await page.getByRole('button', { name: '公布全部草稿（4 条）' }).click();
    const ask = page.getByRole('dialog', { name: '公布 4 条标准？' });
    await expectAccessible(page, 'before standards are published');
    await ask.getByRole('button', { name: '公布', exact: true }).click();
    await expect(page.getByRole('heading', { name: '已公布' })).toBeVisible();
    await expect(page.getByRole('heading', { name: /^草稿/ })).toHaveCount(0);
    await expectAccessible(page, 'the published standards');
    await shoot(page, 'standards-published');
    await township.open('/office/plan');
    await township.open('/office/standards');
    await expect(township.page.getByRole('button', { name: /^优待金（农村）/ })).toBeVisible({ timeout: 30_000 });
    await expect(township.page.getByRole('button', { name: '录入标准' })).toHaveCount(0);
  });

  test('a published one is not changed but corrected', async () => {
    const { page } = county;
    await page.getByRole('button', { name: /^优待金（农村）/ }).click();
    await page.getByRole('dialog').first().getByRole('button', { name: '更正' }).click();
    const sheet = page.getByRole('dialog', { name: '更正：优待金（农村）' });
    await sheet.getByLabel(/^标准/).fill('14000');
    await expectAccessible(page, 'a correction');
    await see(page, 'standards-correct');
    await sheet.getByRole('button', { name: '存为草稿' }).click();
    await page.getByRole('button', { name: '公布全部草稿（1 条）' }).click();
    await page.getByRole('dialog', { name: '公布 1 条标准？' }).getByRole('button', { name: '公布', exact: true }).click();
    await expect(page.getByRole('heading', { name: /^已更正/ })).toBeVisible();
    const rows = page.getByRole('button', { name: /^优待金（农村）/ });
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toContainText('14000 元');
    await rows.first().click();
    await expect(page.getByRole('dialog').first().getByText(/^我，今天/)).toHaveCount(2);
    await see(page, 'standards-one');
    await page.keyboard.press('Escape');
  });

  test('the list of payment goes by it, and says whom it cannot compute', async () => {
    const { page } = township;
    await township.go('导入');
    await page.locator('input[type=file]').setInputFiles({ name: '义务兵.xlsx', mimeType: XLSX, buffer: writeWorkbook(FAMILIES) });
    await page.getByRole('button', { name: /^写入/ }).click({ timeout: 30_000 });
    await expect(page.getByText('已写入档案')).toBeVisible({ timeout: 60_000 });
    await township.go('台账');
    await page.getByLabel('哪本台账').selectOption('优待金发放表');
    const line = page.getByRole('row').filter({ hasText: '李建军' });
    await expect(line).toContainText('35000.00', { timeout: 30_000 });
    await expect(line).toContainText('21000.00');
    await expect(line).toContainText('李小军');
    await expect(line).toContainText(`优待金（农村） 14000.00 元，${DOC}`);
    await expect(page.getByRole('row').filter({ hasText: '孙家明' })).toContainText('没有填义务兵的服役开始日期');
    await expect(page.getByText(/已到期应发 1 户，合计 35000 元/)).toBeVisible();
    await expectAccessible(page, 'the list of stipends');
    await shoot(page, 'standards-ledger');
    await page.getByRole('button', { name: '算不出' }).click();
    await expect(line).toHaveCount(0);
    await page.getByRole('button', { name: '可发放' }).click();
    await expect(line).toBeVisible();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '导出 .xlsx' }).click();
    const book = readWorkbook(await (await download).path());
    for (const word of ['优待金发放表', '进藏（进疆）增发', '李建军', `优待金（农村） 14000.00 元，${DOC}`]) expect(book.text).toContain(word);
    expect(book.formulas).toBe(0);
    await page.getByRole('link', { name: '打印' }).click();
    await expect(page.getByRole('heading', { name: '优待金发放表' })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'the paper of stipends');
    await shoot(page, 'standards-paper');
  });
});
