import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { expectAccessible } from './support/axe.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import type { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import type { Server } from './support/server.ts';
import { writeWorkbook } from './support/workbook.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const HEADINGS = ['type', 'name', 'label', 'relevant', 'required', 'appearance'];
/** A form of one sheet; its name is the checklist's code. */
const GOOD = [HEADINGS, ['integer', 'rooms', '几间房', '', 'yes', 'minimal'], ['text', 'why', '为什么没有', '${rooms} = 0', 'yes']];
const BAD = [HEADINGS, ['integer', 'rooms', '几间房', '', 'yes'], ['text', 'why', '为什么', '${room} = 0', 'yes'], ['range', 'how', '多少'], ['text', 'a', 'A', '1 +']];

test.describe.serial('a checklist from a spreadsheet, at the desk', () => {
  let server: Server;
  let desk: Desk;

  const upload = async (page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
    await desk.open('/office/checklists');
    await page.getByRole('button', { name: '上传 XLSForm' }).click();
    await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
  };
  const form = (name: string, rows: string[][]) => ({ name, mimeType: XLSX, buffer: writeWorkbook(rows) });

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(10);
    desk = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('what is wrong is said with sheet, row and column, and what to do', async () => {
    const { page } = desk;
    await upload(page, form('HOUSE.xlsx', BAD));
    const said = page.getByRole('dialog');
    await expect(said.getByText('有 2 处要改，改好再上传')).toBeVisible();
    await expect(said.getByText('表里没有 ${room} 这道题：请改正名称，或加上这道题')).toBeVisible();
    await expect(said.getByText('survey 工作表第 3 行，relevant 列')).toBeVisible();
    await expect(said.getByText('不支持类型“range”：可用的类型见 docs/checklists.md')).toBeVisible();
    await expect(said.getByText('survey 工作表第 4 行，type 列')).toBeVisible();
    await expect(said.getByRole('button', { name: '放进草稿' })).toHaveCount(0);
    await expectAccessible(page, 'the faults of a form');
    await shoot(page, 'xlsform-bad');
    await said.locator('input[type=file]').setInputFiles({ name: '名单.xlsx', mimeType: XLSX, buffer: Buffer.from('no workbook') });
    await expect(said.getByText(/不是 Excel|打不开/).first()).toBeVisible();
  });

  test('a good form is taken in as a draft and published', async () => {
    const { page } = desk;
    await upload(page, form('HOUSE.xlsx', GOOD));
    const said = page.getByRole('dialog');
    await expect(said.getByText('《HOUSE》没有错，可以用')).toBeVisible();
    await expect(said.getByText('appearance 在这里不起作用')).toBeVisible();
    await expect(said.getByText('survey 工作表第 2 行，appearance 列')).toBeVisible();
    await shoot(page, 'xlsform-good');
    await said.getByRole('button', { name: '放进草稿' }).click();
    await expect(page.getByRole('heading', { name: '改：HOUSE' })).toBeVisible();
    await upload(page, form('HOUSE.xlsx', GOOD));
    await expect(page.getByRole('dialog').getByText(/HOUSE 在这台电脑里有没发布的修改/)).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /HOUSE/ }).click();
    await page.getByRole('link', { name: '接着改' }).click();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText(/第 1 版已发布|已发布第 1 版/).first()).toBeVisible();
  });

  for (const [name, code] of [['HOUSE', 'HOUSE'], ['定期回访表', 'FOLLOWUP']] as const) {
    test(`${code} is downloaded, and uploaded again it changes nothing`, async () => {
      const { page } = desk;
      await desk.open('/office/checklists');
      await page.getByRole('link', { name: new RegExp(name) }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: '下载 XLSForm' }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe(`${code}-1.xlsx`);
      const path = join(tmpdir(), `${process.pid}-${code}-1.xlsx`);
      await file.saveAs(path);
      await shoot(page, `xlsform-${code}`);
      await upload(page, path);
      await expect(page.getByRole('dialog').getByText('和第 1 版一样，没有改动')).toBeVisible();
    });
  }
});
