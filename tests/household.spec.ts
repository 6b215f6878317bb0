import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { count, rows, values } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { validNumber } from './support/id_numbers.ts';
import { pick, see, shoot } from './support/look.ts';
import { CLERK, cleanOffice } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { Planter } from './support/planter.ts';
import { until, type Server } from './support/server.ts';
import { writeWorkbook } from './support/workbook.ts';

const LIST = [
  ['姓名', '身份证号', '类别', '村', '住址', '与户主关系', '联系电话'],
  ['李伟', '339999194803120019', '参战', '红旗村', '红旗村3组12号', '户主', '13800000001'],
  ['孙丽', '339999193508090027', '参战', '红旗村', '三组12号', '配偶', '13800000002'],
  ['王强', '33999919710117215X', '参战', '红旗村', '3组13号', '户主', '13800000003'],
  ['赵云', '33999919660905108X', '参战', '石桥村', '1组2号', '户主', '13800000004'],
];

async function openByName(page: Page, name: string): Promise<void> {
  await page.getByRole('searchbox').fill(name);
  await page.getByText(name, { exact: true }).first().click();
  await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
}

const group = (page: Page, title: RegExp) =>
  page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: title }) });

test.describe.serial('who lives behind one door, and two files of one person', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  const ids = new Map<string, string>();
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

  test('a list proposes a household, and the clerk confirms it', async () => {
    const { page } = desk;
    await desk.go('导入');
    await page.locator('input[type=file]').setInputFiles({
      name: '花名册.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: writeWorkbook(LIST),
    });
    const proposed = page.getByRole('group', { name: /可能是一户的 · 1/ });
    await expect(proposed).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: '写入 4 人', exact: true })).toBeVisible();
    await proposed.getByRole('checkbox', { name: /李伟、孙丽/ }).check();
    await expectAccessible(page, 'the preview with a household');
    await shoot(page, 'household-import');
    await page.getByRole('button', { name: '写入 4 人，1 户并好' }).click();
    await expect(page.getByText('并为一户 1 处')).toBeVisible({ timeout: 30_000 });
    expect(count(server, "record WHERE kind = 'household'")).toBe(1);
  });

  test('the phone counts households and people, and shows who lives together', async () => {
    phone = await workersPhone(server);
    const { page } = phone;
    await expect(page.getByText(/可以下乡：2 个村 3 户 4 人/)).toBeVisible();
    await phone.tab('对象');
    await expect(page.getByText('共 3 户 4 人')).toBeVisible();
    await openByName(page, '孙丽');
    const together = group(page, /^同户 · 2 人$/);
    await expect(together.getByRole('link', { name: /李伟.*户主/ })).toBeVisible();
    await shoot(page, 'household-file');
    await expectAccessible(page, 'a file with its household');
  });

  test('without a server the next person of a household takes over address, house and its photo', async () => {
    const { page } = phone;
    await server.kill();
    await phone.go('/recipients');
    await openByName(page, '王强');
    await phone.change('住房', '住房状况', '完好');
    await group(page, /^附件/).getByRole('button', { name: '加附件' }).click();
    const dialog = page.getByRole('dialog').first();
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog.getByText('请选是什么')).toBeVisible();
    await pick(page, /^附件种类/, /^房屋照片$/);
    await dialog.locator('input[type=file]').setInputFiles({ name: 'house.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await expect(dialog.locator('img')).toHaveCount(1);
    await see(page, 'attachment-add');
    await expectAccessible(page, 'a new attachment');
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(group(page, /^附件 · 1 份$/)).toBeVisible();

    await page.getByRole('link', { name: /同户再建一份档案/ }).click();
    await expect(page.getByText(/和王强住在一起/)).toBeVisible();
    await expect(page.getByLabel('实际居住地址')).toHaveValue('3组13号');
    await see(page, 'household-new-file');
    await page.getByLabel('姓名').fill('钱多多');
    await page.getByLabel('身份证号').fill('339999200402280060');
    await pick(page, /^类别/, /^参战退役军人$/);
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByRole('heading', { name: '钱多多', exact: true })).toBeVisible();
    await expect(group(page, /^同户 · 2 人$/).getByRole('link', { name: /王强/ })).toBeVisible();
    await expect(group(page, /^住房$/).getByText('完好')).toBeVisible();
    await expect(group(page, /^附件 · 1 份$/)).toBeVisible();
    await phone.tab('对象');
    await page.getByRole('searchbox').fill('');
    await expect(page.getByText('共 3 户 5 人')).toBeVisible();
  });

  test('the desk sees both behind one door, and the house on both', async () => {
    await server.start();
    await phone.syncNow();
    await until(() => count(server, "record WHERE kind = 'household'") === 2, 'the household is at the office');
    await until(() => count(server, "blob WHERE state = 'verified'") === 1, 'the photo is at the office, once');
    const { page } = desk;
    await desk.go('对象');
    await openByName(page, '钱多多');
    await expect(group(page, /^同户 · 2 人$/).getByRole('link', { name: /王强/ })).toBeVisible({ timeout: 30_000 });
    await expect(group(page, /^附件 · 1 份$/)).toBeVisible();
    await see(page, 'household-desk');
  });

  test('who lives elsewhere leaves, and joins whom he lives with', async () => {
    const { page } = phone;
    await phone.go('/recipients');
    await openByName(page, '钱多多');
    await page.getByRole('button', { name: '退出这一户' }).click();
    await expect(group(page, /^同户$/)).toBeVisible();
    await page.getByRole('button', { name: '撤销' }).click();
    await expect(group(page, /^同户 · 2 人$/)).toBeVisible();
    await page.getByRole('button', { name: '退出这一户' }).click();
    await expect(group(page, /^同户$/)).toBeVisible();
    await page.getByRole('button', { name: /和同村的人并为一户/ }).click();
    const sheet = page.getByRole('dialog', { name: '和谁住在一起' });
    await see(page, 'household-join');
    await expectAccessible(page, 'the choice of whom one lives with');
    await sheet.getByRole('searchbox').fill('sunli');
    await sheet.getByRole('button', { name: /孙丽/ }).click();
    await expect(group(page, /^同户 · 3 人$/)).toBeVisible();
    await page.getByRole('button', { name: /户主.*李伟/ }).click();
    await page.getByRole('dialog', { name: '谁是户主' }).getByRole('button', { name: /孙丽/ }).click();
    await expect(page.getByRole('button', { name: /户主.*孙丽/ })).toBeVisible();
  });

  test('a photo of the year stands beside those of other years; taken again it takes the place', async () => {
    const { page } = phone;
    const yearly = group(page, /^年度照片$/);
    for (const button of ['拍今年的照片', '重拍今年的照片']) {
      await yearly.getByRole('button', { name: button }).click();
      const dialog = page.getByRole('dialog').first();
      await dialog.locator('input[type=file]').setInputFiles({ name: 'face.png', mimeType: 'image/png', buffer: await page.screenshot() });
      await expect(dialog.locator('img')).toHaveCount(1);
      await dialog.getByRole('button', { name: '保存' }).click();
      await expect(yearly.locator('figure')).toHaveCount(1);
    }
    await see(page, 'attachments-yearly');
    await expectAccessible(page, 'a file with attachments');
  });

  test('a paper goes to the office and to no phone', async () => {
    const { page } = phone;
    await group(page, /^附件/).getByRole('button', { name: '加附件' }).click();
    const dialog = page.getByRole('dialog').first();
    await pick(page, /^附件种类/, /^诊断证明$/);
    await expect(dialog.getByText(/这一类只有镇里看得到/)).toBeVisible();
    await dialog.locator('input[type=file]').setInputFiles({ name: 'paper.png', mimeType: 'image/png', buffer: await page.screenshot() });
    await expect(dialog.locator('img')).toHaveCount(1);
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(group(page, /^附件 · 2 份$/)).toBeVisible();
    await phone.syncNow();
    await until(() => count(server, "record WHERE kind = 'paper'") === 1, 'the paper is at the office');
    await desk.go('对象');
    await openByName(desk.page, '钱多多');
    await expect(group(desk.page, /^附件 · 2 份$/).getByText(/诊断证明/)).toBeVisible({ timeout: 60_000 });
    await see(desk.page, 'attachments-desk');
    await phone.go('/recipients');
    await openByName(page, '钱多多');
    await expect(group(page, /^附件 · 1 份$/)).toBeVisible({ timeout: 60_000 });
  });

  test('a file that is there already is said before another is made', async () => {
    const { page } = desk;
    await desk.open('/new-file');
    await page.getByLabel('姓名').fill('李维');
    await page.getByLabel('身份证号').fill(validNumber('339999', '19481105'));
    await pick(page, /^村（社区）/, /红旗村/);
    await page.getByLabel('实际居住地址').fill('3组12号');
    await page.getByLabel('手机').fill('13900000009');
    await pick(page, /^类别/, /^参战退役军人$/);
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('同村、同音、同年生')).toBeVisible();
    await page.getByRole('button', { name: '都不是，照样建档' }).click();
    await expect(page.getByRole('heading', { name: '李维', exact: true })).toBeVisible();
    await expect(group(page, /^重复的档案$/).getByRole('link', { name: /李伟/ })).toBeVisible();
  });

  test('two who are not one person are told apart for good, and that is taken back', async () => {
    const { page } = desk;
    const doubles = group(page, /^重复的档案$/);
    await doubles.getByRole('button', { name: '不是同一个人' }).click();
    const dialog = page.getByRole('dialog', { name: '这两份档案不是同一个人？' });
    await dialog.getByRole('textbox').fill('堂兄弟，同年生');
    await dialog.getByRole('button', { name: '不是同一个人' }).click();
    await expect(doubles.getByRole('link', { name: /李伟/ })).toHaveCount(0);
    const apart = group(page, /^认定不是同一个人的$/);
    await expect(apart.getByText(/原因：堂兄弟，同年生/)).toBeVisible();
    await expectAccessible(page, 'a file told apart from another');
    await shoot(page, 'told-apart');
    await until(() => values(server, 'recipient', 'not_same').length === 1, 'it is at the office', 60_000);
    await phone.syncNow();
    await phone.go('/recipients');
    await openByName(phone.page, '李伟');
    await expect(group(phone.page, /^认定不是同一个人的$/).getByRole('link', { name: /李维/ })).toBeVisible({ timeout: 60_000 });
    await expect(group(phone.page, /^重复的档案$/)).toHaveCount(0);
    await apart.getByRole('button', { name: '撤回，再提示重复' }).click();
    await expect(doubles.getByRole('link', { name: /李伟/ })).toBeVisible();
    await expect(apart).toHaveCount(0);
    await until(() => values(server, 'recipient', 'not_same').join('').length < 10, 'it is taken back at the office', 60_000);
  });

  test('the village asks for the merge', async () => {
    const { page } = phone;
    await until(() => values(server, 'recipient', 'name').some((name) => name.includes('李维')), 'the second file is at the office', 60_000);
    await phone.syncNow();
    await phone.go('/recipients');
    await expect(async () => {
      await page.getByRole('searchbox').fill('李维');
      await expect(page.getByText('李维', { exact: true }).first()).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await openByName(page, '李维');
    await group(page, /^重复的档案$/).getByRole('button', { name: /李伟/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '请镇里合并' }).click();
    await expect(group(page, /^重复的档案$/).getByText('已请镇里合并')).toBeVisible();
    await phone.syncNow();
    await until(() => values(server, 'task', 'kind').includes('T-MERGE'), 'the office is asked');
  });

  test('each of the two was visited', async () => {
    const clerk = new Planter(server);
    await clerk.login(CLERK.user, CLERK.password);
    for (const name of ['李伟', '李维']) {
      const [file, area] = rows(server, `SELECT e || ' ' || area FROM record WHERE kind = 'recipient' AND json_extract(body, '$.f.name[1]') = '${name}'`)[0]!.split(' ');
      ids.set(name, file!);
      const done = { kind: 'follow_up', completed_at: Date.now(), answers: {} };
      await clerk.create('visit', area!, file, done);
    }
  });

  test('the desk lays both side by side, chooses, and one remains with what was chosen', async () => {
    const { page } = desk;
    await desk.go('对象');
    await openByName(page, '李维');
    await expect(page.getByRole('tab', { name: '困难 1' })).toBeVisible({ timeout: 60_000 });
    await page.getByRole('tab', { name: '困难 1' }).click();
    await page.getByRole('link', { name: '去合并' }).click();
    await expect(page.getByRole('heading', { name: '合并档案' })).toBeVisible();
    await page.getByRole('radio', { name: /李伟/ }).first().check();
    await expect(page.getByRole('heading', { name: /两边不一样的 · \d+ 项/ })).toBeVisible();
    await expectAccessible(page, 'two files side by side');
    await shoot(page, 'merge');
    await page.getByRole('group', { name: '手机' }).getByRole('radio', { name: '13900000009' }).check();
    await page.getByText(/不用选的/).click();
    await shoot(page, 'merge-chosen');
    await page.getByRole('button', { name: '合并', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: '为什么合并？' });
    await dialog.getByRole('textbox').fill('身份证核对过，是同一个人');
    await dialog.getByRole('button', { name: '合并' }).click();
    await expect(page.getByRole('heading', { name: '李伟', exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('13900000009').first()).toBeVisible();
    await expect(group(page, /^重复的档案$/).getByRole('link')).toHaveCount(0);
    await until(() => count(server, "record WHERE kind = 'recipient' AND merged_into IS NOT NULL") === 1, 'one file became a part of the other');
    await expect(group(page, /^同户 · 3 人$/)).toBeVisible();
    await shoot(page, 'merge-done');
    await phone.syncNow();
    await phone.go('/recipients');
    await phone.page.getByRole('searchbox').fill('');
    await expect(phone.page.getByText('共 3 户 5 人')).toBeVisible({ timeout: 60_000 });
    await openByName(phone.page, '李伟');
    await expect(phone.page.getByRole('tab', { name: '走访 2' })).toBeVisible({ timeout: 60_000 });
  });

  const apart = async (what: string) => {
    await until(() => count(server, "record WHERE kind = 'recipient' AND merged_into IS NOT NULL") === 0, what);
    await until(() => rows(server, "SELECT parent FROM record WHERE kind = 'visit'").sort().join() === [...ids.values()].sort().join(), 'each has its visit again');
  };

  test('a mistaken merge is taken back from the changes of the file, and a phone sees both with their visits', async () => {
    const { page } = desk;
    const told = page.locator('.file__changes');
    // The notice offers the same for a while.
    await expect(page.locator('.toast')).toHaveCount(0, { timeout: 30_000 });
    await page.getByRole('tab', { name: '变更' }).click();
    await expect(told.getByText('和另一份档案合并了')).toBeVisible({ timeout: 30_000 });
    await see(page, 'merge-told');
    await told.getByRole('button', { name: '撤销合并' }).click();
    const dialog = page.getByRole('dialog', { name: '为什么撤销合并？' });
    await expectAccessible(page, 'why a merge is taken back');
    await see(page, 'unmerge-why');
    await dialog.getByRole('textbox').fill('本人来过，是堂兄弟');
    await dialog.getByRole('button', { name: '撤销合并' }).click();
    await expect(page.getByText('已撤销合并，又是两份档案')).toBeVisible({ timeout: 30_000 });
    await apart('they are two at the office');
    await page.getByRole('tab', { name: '变更' }).click();
    await expect(told.getByText('撤销了和另一份档案的合并')).toBeVisible({ timeout: 60_000 });
    await see(page, 'unmerged');
    await expect(told.getByRole('button', { name: '撤销合并' })).toHaveCount(0);
    expect(values(server, 'recipient', 'mobile')).toContain('13800000001');
    await phone.syncNow();
    await phone.go('/recipients');
    await phone.page.getByRole('searchbox').fill('');
    await expect(phone.page.getByText('共 4 户 6 人')).toBeVisible({ timeout: 60_000 });
    for (const [name, mobile] of [['李维', '13900000009'], ['李伟', '13800000001']] as const) {
      await openByName(phone.page, name);
      await expect(phone.page.getByRole('tab', { name: '走访 1' })).toBeVisible({ timeout: 60_000 });
      await expect(phone.page.getByText(mobile).first()).toBeVisible();
      await phone.go('/recipients');
    }
  });

  test('right after a merge the notice takes it back', async () => {
    const { page } = desk;
    await desk.open(`/office/merge/${ids.get('李伟')}?with=${ids.get('李维')}`);
    await page.getByRole('radio', { name: /李伟/ }).first().check();
    await page.getByRole('button', { name: '合并', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: '为什么合并？' });
    await dialog.getByRole('textbox').fill('看错了一行');
    await dialog.getByRole('button', { name: '合并' }).click();
    const notice = page.locator('.toast').filter({ hasText: '已合并成一份' });
    await expect(notice).toBeVisible({ timeout: 30_000 });
    await shoot(page, 'merge-notice');
    await notice.getByRole('button', { name: '撤销合并' }).click();
    await expect(page.getByText('已撤销合并，又是两份档案')).toBeVisible({ timeout: 30_000 });
    await until(() => rows(server, "SELECT body FROM changeset WHERE body LIKE '%\"unmerge\"%'").length === 2, 'the office heard of it');
    await apart('they are two again');
  });
});
