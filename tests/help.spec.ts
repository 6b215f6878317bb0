import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { count, values } from './support/database.ts';
import { pick, see, shoot } from './support/look.ts';
import { cleanOffice, CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const FAMILY = /李凯冬/;

/** What the office says of the one need. */
const state = (server: Server): string => values(server, 'need', 'state')[0] ?? '';

async function isAt(server: Server, word: string): Promise<void> {
  await until(() => state(server).includes(word), `the need is ${word} at the office`, 60_000);
}

/** Opens the one need from the list, and waits until it stands there. */
async function openNeed(page: Page, standing: RegExp): Promise<void> {
  await page.getByRole('tab', { name: /^要办的/ }).click();
  await page.getByRole('main').getByRole('link', { name: FAMILY }).first().click();
  await expect(page.getByText(standing).first()).toBeVisible({ timeout: 60_000 });
}

/** The answers of a follow-up that finds nothing new; what differs is given by the test. */
async function followUp(form: VisitForm, insured: string): Promise<void> {
  for (const [code, answer] of [['A01', '入户'], ['A02', '本人'], ['A05', '是'], ['A07', '否'], ['A09', '按时足额'], ['A10', '健康或良好'],
    ['A11', '否'], ['A14', '自理'], ['A16', insured], ['A17', '完好'], ['A18', '持平'], ['A19', '无'], ['A21', '无在读'], ['A22', '完好'],
    ['A23', '已领']] as const) await form.choose(code, answer);
  await form.photograph('A28');
}

async function verify(form: VisitForm): Promise<void> {
  for (const [code, answer] of [['B01', '走访发现'], ['B02', '本人'], ['B05', '家庭变故'], ['B11', '务农'], ['B14', '无'], ['B21', '完好'],
    ['B23', '正常'], ['B25', '生活物资'], ['B26', '无'], ['B28', '属实建议帮扶'], ['B29.1', '一般']] as const) await form.choose(code, answer);
  await form.question('B04').getByRole('button', { name: '昨天' }).click();
  for (const [code, answer] of [['B07', '3'], ['B08', '2'], ['B09', '0'], ['B10', '90000'], ['B12', '0'], ['B27', '邻居王五：情况属实']] as const) {
    await form.write(code, answer);
  }
  await form.question('B29.2').getByRole('button').first().click();
  await form.page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await form.photograph('B22');
  await form.photograph('B22', 1);
  for (const code of ['B30.1', 'B30.2', 'B30.3']) await form.sign(code);
  await form.isSaved();
  await form.finish();
}

test.describe.serial('a difficulty that gets solved', () => {
  test.setTimeout(300_000);
  let server: Server;
  let phone: Phone;
  let desk: Desk;

  test.beforeAll(async () => { server = await cleanOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a visit opens a need', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    phone = await workersPhone(server);
    await phone.tab('对象');
    await phone.page.getByRole('searchbox').fill('lkd');
    await phone.page.getByRole('link', { name: FAMILY }).click();
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(phone.page);
    await followUp(form, '未参加');
    await form.choose('A26', '医疗');
    await form.write('A27', '想参加居民医保，不会办');
    await form.signAndFinish();
    await isAt(server, 'found');
  });

  test('the desk names who is responsible; closing is not offered', async () => {
    const { page } = desk;
    await desk.open('/needs');
    await openNeed(page, /已发现/);
    await expect(page.getByRole('button', { name: '销号' })).toHaveCount(0);
    await page.getByRole('button', { name: '定责任人' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '定责任人' }).click();
    await expect(sheet.getByText('请选责任人')).toBeVisible();
    await pick(page, /^责任人/, /worker$/);
    await sheet.getByRole('button', { name: '定责任人' }).click();
    await expect(page.getByText('已定责任人').first()).toBeVisible();
    await isAt(server, 'assigned');
  });

  test('the worker finds it under 我的, with what was asked for, and checks at home', async () => {
    const { page } = phone;
    await phone.syncNow();
    await phone.tab('帮扶');
    await expect(page.getByRole('heading', { name: '我负责的 1' })).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page, 'the list of needs');
    await shoot(page, 'help-list');
    await page.getByRole('main').getByRole('link', { name: FAMILY }).click();
    await shoot(page, 'help-assigned');
    await page.getByRole('button', { name: '去入户核查' }).click();
    await expect(page.getByText('上次答应的事')).toBeVisible();
    await expect(page.getByText(/上次诉求：想参加居民医保/)).toBeVisible();
    await verify(new VisitForm(page));
    await isAt(server, 'verifying');
  });

  test('the desk plans a measure, and help begins', async () => {
    const { page } = desk;
    await desk.open('/needs');
    await openNeed(page, /核查中/);
    await expect(page.getByRole('button', { name: '措施定好了' })).toBeVisible({ timeout: 60_000 });
    await page.getByRole('button', { name: '措施定好了' }).click();
    await expect(page.getByText('还没有要办的措施。请先加一条措施。')).toBeVisible();
    await page.getByRole('button', { name: '加一条措施' }).click();
    const sheet = page.getByRole('dialog').first();
    await pick(page, /^哪种措施/, /^参保代缴$/);
    await sheet.getByLabel('做什么').fill('代办居民医保，缴当年保费');
    await sheet.getByLabel('金额').fill('400');
    await shoot(page, 'help-plan');
    await sheet.getByRole('button', { name: '加上' }).click();
    await expect(sheet.getByText('请写明措施的期限')).toBeVisible();
    await sheet.getByRole('button', { name: '30 天后' }).click();
    await sheet.getByRole('button', { name: '加上' }).click();
    await expect(page.getByText(/代办居民医保/)).toBeVisible();
    await page.getByRole('button', { name: '措施定好了' }).click();
    await page.getByRole('button', { name: '开始帮扶' }).click();
    await isAt(server, 'in_progress');
    await expectAccessible(page, 'a need with a measure');
    await shoot(page, 'help-in-progress');
  });

  test('the worker shows by a photo that it was done, and plans the follow-up', async () => {
    const { page } = phone;
    await phone.syncNow();
    await phone.go('/needs');
    await openNeed(page, /帮扶中/);
    await page.getByRole('button', { name: '措施都办好了' }).click();
    await expect(page.getByText('还有措施没办好，或者没有照片。')).toBeVisible();
    await page.getByRole('button', { name: '办好了', exact: true }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '办好了', exact: true }).click();
    await expect(sheet.getByText('请拍一张照片，看得出已经办好')).toBeVisible();
    await sheet.locator('input[type=file]').setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await expect(sheet.locator('img')).toHaveCount(1);
    await sheet.getByLabel('办的结果').fill('保费已缴，参保证明已给本人');
    await expect(sheet.getByRole('button', { name: '办好了', exact: true })).toBeEnabled();
    await shoot(page, 'help-done');
  });

  test('a killed browser loses nothing of what was said of the measure', async () => {
    await phone.killAndReopen(new URL(phone.page.url()).pathname);
    const { page } = phone;
    await expect(page.getByText('填了一半，已拍 1 张，都在手机里')).toBeVisible();
    await page.getByRole('button', { name: '办好了', exact: true }).click();
    const sheet = page.getByRole('dialog').first();
    await expect(sheet.locator('img')).toHaveCount(1);
    await expect(sheet.getByLabel('办的结果')).toHaveValue('保费已缴，参保证明已给本人');
    await see(page, 'help-again');
    await sheet.getByRole('button', { name: '办好了', exact: true }).click();
    await expect(page.getByText('保费已缴，参保证明已给本人')).toBeVisible();
    await page.getByRole('button', { name: '措施都办好了' }).click();
    await page.getByRole('button', { name: '安排回访' }).click();
    await page.getByRole('dialog').first().getByRole('button', { name: '7 天后' }).click();
    await page.getByRole('dialog').first().getByRole('button', { name: '安排回访' }).click();
    await expect(page.getByText('待回访').first()).toBeVisible();
    await isAt(server, 'await_follow_up');
    await shoot(page, 'help-await');
  });

  test('closing too early is refused in words', async () => {
    const { page } = desk;
    await desk.open('/needs');
    await openNeed(page, /待回访/);
    await page.getByRole('button', { name: '销号' }).click();
    await expect(page.getByText('还没有帮扶后回访。办好后去回访、签了名，才能销号。')).toBeVisible();
    await shoot(page, 'help-too-early');
    expect(state(server)).toContain('await_follow_up');
  });

  test('the family says that it helped', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '去帮扶后回访' }).click();
    const form = new VisitForm(page);
    await expect(page.getByText(/代办居民医保/).first()).toBeVisible();
    await shoot(page, 'help-before-knocking');
    await followUp(form, '居民医保');
    await form.choose('A24', '已落实');
    await form.question('A25').getByRole('radio').nth(3).check();
    await form.choose('A26', '无');
    await form.signAndFinish();
    await until(() => values(server, 'visit', 'kind').some((kind) => kind.includes('after_help')), 'the follow-up is at the office', 60_000);
  });

  test('the desk closes it, and its history tells who did what', async () => {
    const { page } = desk;
    await desk.open('/needs');
    await openNeed(page, /待回访/);
    const closes = page.getByRole('button', { name: '销号' });
    await expect(async () => {
      await desk.open('/needs');
      await openNeed(page, /待回访/);
      await expect(page.getByRole('button', { name: '去帮扶后回访' })).toHaveCount(0, { timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
    await closes.click();
    await isAt(server, 'closed');
    await expect(page.getByText('已销号').first()).toBeVisible();
    for (const step of ['已定责任人', '核查中', '已定措施', '帮扶中', '措施完成', '待回访']) await expect(page.getByText(step, { exact: true }).first()).toBeVisible();
    await shoot(page, 'help-closed');
    expect(count(server, "record WHERE kind = 'held'")).toBe(0);
    await page.goBack();
    await page.getByRole('tab', { name: /^办结的/ }).click();
    await expect(page.getByRole('main').getByRole('link', { name: FAMILY })).toBeVisible();
    await expectAccessible(page, 'what is done with');
  });
});
