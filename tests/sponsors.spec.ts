import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { count, rows, values } from './support/database.ts';
import { pick, shoot } from './support/look.ts';
import { cleanOffice, CLERK } from './support/office.ts';
import { Planter } from './support/planter.ts';
import { until, type Server } from './support/server.ts';
import { writeWorkbook } from './support/workbook.ts';

const FIRM = '红日粮油有限公司';
/** Of the standard itself (GB 32100-2015), and with its check one off. */
const CODE = '91350100M000100Y43';
const WRONG = '91350100M000100Y44';

const live = (kind: string): string => `record WHERE kind = '${kind}' AND del = 0`;
const dialog = (page: Page) => page.getByRole('dialog').first();
const save = (page: Page) => dialog(page).getByRole('button', { name: '保存' }).click();

async function choose(page: Page, name: string, rows: string[][]): Promise<void> {
  const file = { name, mimeType: 'application/octet-stream', buffer: writeWorkbook(rows) };
  await dialog(page).locator('input[type=file]').setInputFiles(file);
}

/** The fact of a file, by its label. */
const fact = (page: Page, label: string) => page.locator('.fact').filter({ has: page.getByText(label, { exact: true }) });

test.describe.serial('a firm that helps', () => {
  test.setTimeout(120_000);
  let server: Server;
  let desk: Desk;
  let planter: Planter;
  let family: { id: string; area: string };
  let need: string;

  test.beforeAll(async ({ browser }) => {
    server = await cleanOffice();
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    const named = (name: string) => {
      const [id, area] = rows(server, `SELECT e || ' ' || area FROM record WHERE kind = 'recipient' AND json_extract(body, '$.f.name[1]') = '${name}'`)[0]!.split(' ');
      return { id: id!, area: area! };
    };
    family = named('李凯冬');
    planter = new Planter(server);
    await planter.login(CLERK.user, CLERK.password);
    need = await planter.create('need', family.area, family.id, { kind: 'N-MED', urgency: '急', state: 'found' });
  });
  test.afterAll(async () => {
    await desk?.context.close();
    await server?.dispose();
  });

  test('nobody is registered yet', async () => {
    const { page } = desk;
    await page.getByRole('navigation').getByRole('link', { name: '帮扶企业' }).click();
    await expect(page.getByText('还没有帮扶企业')).toBeVisible();
    await expectAccessible(page, 'no sponsors');
    await shoot(page, 'sponsors-none');
  });

  test('a wrong credit code is refused in words, and nothing typed is lost', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: '登记企业' }).click();
    await save(page);
    await expect(dialog(page).getByText('请写名称')).toBeVisible();
    await expect(dialog(page).getByText('请选类型')).toBeVisible();
    await dialog(page).getByLabel('名称').fill(FIRM);
    await pick(page, /^类型/, /^民营企业$/);
    const code = dialog(page).getByLabel('统一社会信用代码');
    await code.fill('9135O100M000100Y43');
    await expect(dialog(page).getByText('代码里不会有“O”')).toBeVisible();
    await code.fill(WRONG);
    await expect(dialog(page).getByText('这个代码对不上校验码')).toBeVisible();
    await dialog(page).getByLabel('联系人').fill('陈立');
    await dialog(page).getByLabel('电话').fill('12345');
    await save(page);
    await expect(dialog(page).getByText('这个代码对不上校验码')).toBeVisible();
    await expectAccessible(page, 'the form of a sponsor');
    await shoot(page, 'sponsors-wrong-code');
    expect(count(server, live('sponsor'))).toBe(0);
    await code.fill(CODE.toLowerCase());
    await dialog(page).getByLabel('电话').fill('13800001234');
    await dialog(page).getByRole('button', { name: '今天' }).click();
    await dialog(page).getByRole('button', { name: '1 年' }).click();
    await dialog(page).getByLabel('协议内容').fill('每年助学 3 人');
    await save(page);
    await expect(page.getByRole('heading', { name: FIRM })).toBeVisible();
    await expect(fact(page, '统一社会信用代码')).toContainText(CODE);
    await expect(fact(page, '协议', ).first()).toContainText('有效');
    await expectAccessible(page, 'a new sponsor');
  });

  test('it adopts a need, and the need says so', async () => {
    const { page } = desk;
    await desk.open(`/needs/${need}`);
    await page.getByRole('button', { name: '企业认领' }).click();
    await save(page);
    await expect(dialog(page).getByText('请选哪家企业')).toBeVisible();
    await expect(dialog(page).getByText('请写金额或物品，至少写一样')).toBeVisible();
    await pick(page, /^哪家企业/, new RegExp(FIRM));
    await dialog(page).getByLabel('金额').fill('五千');
    await dialog(page).getByRole('textbox', { name: '物品' }).fill('米'.repeat(201));
    await save(page);
    await expect(dialog(page).getByText('金额要写成数字')).toBeVisible();
    await expect(dialog(page).getByText('太长了')).toBeVisible();
    await dialog(page).getByLabel('金额').fill('5000');
    await dialog(page).getByRole('textbox', { name: '物品' }).fill('');
    await dialog(page).getByRole('button', { name: '30 天后' }).click();
    await shoot(page, 'sponsors-adopt');
    await save(page);
    await expect(page.getByText('5000 元')).toBeVisible();
    await expect(page.getByText('未兑现')).toBeVisible();
    await expectAccessible(page, 'an adopted need');
    await shoot(page, 'sponsors-need');
    await page.getByRole('main').getByRole('link', { name: FIRM }).click();
    await expect(page.getByText('李凯冬 · ').first()).toContainText('医疗');
  });

  test('what it gives keeps the promise, first in part and then whole', async () => {
    const { page } = desk;
    const gives = async (amount: string, receipt: string) => {
      await page.getByRole('button', { name: '记一笔捐赠' }).first().click();
      await dialog(page).getByLabel('金额').fill(amount);
      await dialog(page).getByLabel('票据号').fill(receipt);
      await shoot(page, 'sponsors-donation');
      await save(page);
      await expect(page.getByText(`票据号 ${receipt}`)).toBeVisible();
    };
    await gives('2000.50', 'SJ-001');
    await expect(page.getByText('部分兑现', { exact: true })).toBeVisible();
    await gives('2999.50', 'SJ-002');
    await expect(page.getByText('已兑现', { exact: true })).toBeVisible();
    await until(() => count(server, live('donation')) === 2, 'both donations are at the office', 60_000);
    expect(values(server, 'donation', 'amount').map(Number).sort((a, b) => a - b)).toEqual([200_050, 299_950]);
  });

  test('goods for a family are found by its door, and are whole when somebody says so', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: '记一笔承诺' }).click();
    await dialog(page).getByLabel('物品').fill('大米 20 袋');
    await dialog(page).getByRole('radio', { name: '某一户' }).check();
    await save(page);
    await expect(dialog(page).getByText('请从下面选一户')).toBeVisible();
    await dialog(page).getByLabel('哪一户').fill('lkd');
    await dialog(page).getByRole('button', { name: /李凯冬/ }).click();
    await shoot(page, 'sponsors-pledge');
    await save(page);
    await expect(page.getByText('大米 20 袋')).toBeVisible();
    await expectAccessible(page, 'a sponsor with promises');
    await shoot(page, 'sponsors-one');
  });

  test('on paper a promise says name, village and kind of need, no more', async () => {
    const { page } = desk;
    const adopted = page.locator('.file__two').filter({ hasText: '医疗' }).first();
    await adopted.getByRole('link', { name: '打印认领单' }).click();
    const sheet = page.getByRole('article');
    await expect(sheet.getByRole('heading', { name: '帮扶认领单' })).toBeVisible();
    for (const said of [FIRM, '5000 元', '李凯冬', '医疗']) await expect(sheet).toContainText(said);
    const file = JSON.parse(rows(server, `SELECT body FROM record WHERE e = '${family.id}'`)[0]!) as { f: Record<string, unknown> };
    const phone = /-(\d+)"/.exec(JSON.stringify(file.f.phone2))?.[1];
    const tail = /"show":"\*+(\w+)"/.exec(JSON.stringify(file.f.id_no))?.[1];
    expect([phone, tail], 'a telephone and a number to look for').toEqual(['5354555', '014X']);
    for (const digits of [phone!, tail!]) await expect(sheet).not.toContainText(digits.slice(-4));
    await expectAccessible(page, 'a promise on paper');
    await shoot(page, 'sponsors-paper');
    await page.getByRole('link', { name: '返回' }).click();
    await expect(page.getByRole('heading', { name: FIRM })).toBeVisible();
  });

  test('without the office the desk goes on, and says what is not sent', async () => {
    const { page } = desk;
    await until(() => count(server, live('pledge')) === 2, 'both promises are at the office', 60_000);
    await server.kill();
    const rice = page.locator('.file__two').filter({ hasText: '大米 20 袋' });
    await rice.getByRole('button', { name: '记一笔捐赠' }).click();
    await dialog(page).getByRole('textbox', { name: '物品' }).fill('大米 20 袋');
    await dialog(page).getByLabel('物品都送齐了').check();
    await pick(page, /^兑现哪笔承诺/, /^没有承诺，直接捐的$/);
    await expect(dialog(page).getByLabel('物品都送齐了')).toHaveCount(0);
    await pick(page, /^兑现哪笔承诺/, /大米 20 袋/);
    await expect(dialog(page).getByLabel('物品都送齐了')).not.toBeChecked();
    await dialog(page).getByLabel('物品都送齐了').check();
    await save(page);
    await expect(page.getByText('没有票据号')).toBeVisible();
    await expect(page.getByText('还没传到镇里').first()).toBeVisible();
    await expect(rice.first()).toContainText('已兑现');
    await desk.open('/office/sponsors');
    await expect(page.getByRole('row', { name: new RegExp(FIRM) })).toBeVisible();
    await expectAccessible(page, 'the list out of reach');
    await server.start();
    await until(() => count(server, live('donation')) === 3, 'all donations are at the office', 60_000);
  });

  test('the figures count what was promised, given and adopted', async () => {
    const { page } = desk;
    const figure = (label: string) => page.locator('.sponsors__figure').filter({ hasText: label });
    await expect(figure('企业')).toContainText('1 家');
    await expect(figure('承诺')).toContainText('5000 元、物品 1 项');
    await expect(figure('已捐')).toContainText('5000 元、物品 1 项');
    await expect(figure('认领困难')).toContainText('1 件');
    await page.getByRole('searchbox').fill('hrly');
    await expect(page.getByRole('row', { name: new RegExp(FIRM) })).toBeVisible();
    await page.getByRole('searchbox').fill('银行');
    await expect(page.getByText('没有找到')).toBeVisible();
    await page.getByRole('searchbox').fill('');
    await expectAccessible(page, 'the list of sponsors');
    await shoot(page, 'sponsors-list');
  });

  test('a measure says which firm pays for it', async () => {
    const { page } = desk;
    await planter.create('measure', family.area, family.id,
      { need, kind: 'cash', what: '补助药费', provider: 'sponsor', due_on: '2027-01-31', sponsor: rows(server, `SELECT e FROM ${live('sponsor')}`)[0] });
    await desk.open(`/needs/${need}`);
    await expect(page.getByText(new RegExp(`补助药费 · ${FIRM}`))).toBeVisible({ timeout: 60_000 });
  });

  test('what was deleted meanwhile is said in words', async () => {
    const { page } = desk;
    const rev = rows(server, `SELECT json_extract(body, '$.rev') FROM record WHERE e = '${need}'`)[0];
    await planter.save({ op: 'delete', e: need, base: { rev, ops: [] }, reason: '重复登记' });
    await desk.open('/office/sponsors');
    await page.getByRole('row', { name: new RegExp(FIRM) }).getByRole('link').click();
    await expect(page.getByText('对象不在这里').first()).toBeVisible({ timeout: 60_000 });
    await expect(fact(page, '认领困难')).toContainText('0 件');
    await page.getByRole('button', { name: '撤回' }).first().click();
    await dialog(page).getByLabel('原因').fill('记错了一笔');
    await dialog(page).getByRole('button', { name: '撤回' }).click();
    await until(() => count(server, live('pledge')) === 1, 'one promise is left', 60_000);
    await shoot(page, 'sponsors-gone');
    await desk.open('/office/sponsors/01900000-0000-7000-8000-000000000000');
    await expect(page.getByText('这家企业不在这台电脑里')).toBeVisible();
    await expectAccessible(page, 'no such sponsor');
  });

  test('a list with faults says each by row and column, and nothing of it is written', async () => {
    const { page } = desk;
    await desk.open('/office/sponsors');
    await page.getByRole('button', { name: '导入名单' }).click();
    await choose(page, '名单.xlsx', [['名称', '联系人'], ['远大建材', '赵六']]);
    await expect(dialog(page).getByText('找不到表头里的「类型」')).toBeVisible({ timeout: 30_000 });
    const head = ['名称', '类型', '统一社会信用代码', '电话', '备注'];
    await choose(page, '名单.xlsx', [head, ['远大建材', '合伙', WRONG, '123', ''], ['', '个人', '', '', '']]);
    await expect(dialog(page).getByText('有 4 处要改')).toBeVisible({ timeout: 30_000 });
    await expect(dialog(page).getByText(/第 2 行 B 列（类型）「合伙」：类型只能是/)).toBeVisible();
    await expect(dialog(page).getByText(/第 2 行 C 列.*对不上校验码/)).toBeVisible();
    await expect(dialog(page).getByText(/第 2 行 D 列.*不是电话号码/)).toBeVisible();
    await expect(dialog(page).getByText(/第 3 行 A 列（名称）：空着/)).toBeVisible();
    await expect(dialog(page).getByText('这几列没有用到：备注')).toBeVisible();
    await expect(dialog(page).getByRole('button', { name: /^登记/ })).toHaveCount(0);
    await expectAccessible(page, 'a list of sponsors with faults');
    await shoot(page, 'sponsors-list-faults');
  });

  test('mended it shows who is new and who is there, and is written whole', async () => {
    const { page } = desk;
    const before = count(server, live('sponsor'));
    const head = ['名称', '类型', '统一社会信用代码', '联系人', '电话', '协议开始', '协议结束', '协议内容'];
    await choose(page, '名单.xlsx', [
      head,
      ['红日集团', '民企', CODE, '', '', '', '', ''],
      [FIRM, '民企', '', '', '', '', '', ''],
      ['远大建材', '私营企业', '91110000600037341L', '赵六', '13900001111', '2026-01-01', '2027-12-31', '修房'],
      ['周大海', '爱心人士', '', '', '13900002222', '', '长期', ''],
    ]);
    await expect(dialog(page).getByText('2 家可以登记，没有错；另外 2 家登记过了')).toBeVisible({ timeout: 30_000 });
    await expect(dialog(page).getByText(`代码和“${FIRM}”的相同，登记过了`)).toBeVisible();
    await expect(dialog(page).getByText('同名的登记过了')).toBeVisible();
    await expectAccessible(page, 'a list of sponsors');
    await shoot(page, 'sponsors-list-found');
    await dialog(page).getByRole('button', { name: '登记 2 家' }).click();
    await expect(page.getByRole('row', { name: /远大建材/ })).toContainText('赵六');
    await expect(page.getByRole('row', { name: /周大海/ })).toContainText('个人');
    await until(() => count(server, live('sponsor')) === before + 2, 'both are at the office', 60_000);
    await page.getByRole('button', { name: '导入名单' }).click();
    await choose(page, '名单.xlsx', [head, ['远大建材', '私企', '', '', '', '', '', '']]);
    await expect(dialog(page).getByText('名单里的都登记过了')).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('Escape');
  });
});
