import { expect, test, type Locator, type Page } from '@playwright/test';
import { demoOffice } from './support/demo.ts';
import { values } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { see } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

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
    phone = await workersPhone(server);
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
    await see(page, 'file');
    await bar().click();
    const sheet = page.getByRole('dialog', { name: '还缺这些' });
    await see(page, 'file-gaps');
    await sheet.getByRole('button', { name: '劳动能力' }).click();
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '部分丧失');
    await see(page, 'file-gap');
    await sheet.getByRole('button', { name: '保存' }).click();
    // The sheet stays, with one gap less.
    await expect(sheet.getByRole('button', { name: '劳动能力' })).toBeHidden();
    await sheet.getByRole('button', { name: /属别/ }).click();
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '在乡');
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet.getByRole('button', { name: /属别/ })).toBeHidden();
    await expect(sheet.getByText('责任人')).toBeVisible();
    // Only the office names the person.
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
    await see(page, 'file-members');
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
    await see(page, 'file-grade');
    await page.keyboard.press('Escape');
  });

  test('what is typed of a new file outlives a killed browser, and is gone once discarded', async () => {
    await phone.go('/new-file');
    await phone.page.getByLabel('姓名').fill('高远');
    await phone.page.getByLabel('身份证号').fill('3399991948');
    await phone.page.getByLabel('实际居住地址').fill('红旗村9组');
    await expect(phone.page.locator('[data-kept]')).toBeVisible();
    await phone.killAndReopen('/new-file');
    const { page } = phone;
    await expect(page.getByText('上次有一份没填完：高远')).toBeVisible();
    await see(page, 'new-file-unfinished');
    await page.getByRole('button', { name: '接着填' }).click();
    await expect(page.getByLabel('身份证号'), 'no device keeps a number, not even a part').toHaveValue('');
    await expect(page.getByLabel('实际居住地址')).toHaveValue('红旗村9组');
    await phone.go('/recipients');
    await expect(page.getByRole('searchbox')).toBeVisible();
    await phone.go('/new-file');
    await page.getByRole('button', { name: '丢弃' }).click();
    await expect(page.getByLabel('姓名')).toHaveValue('');
  });

  test('a file begun in the village stops at who is alike, and the clerk sees what to decide', async () => {
    const { page } = phone;
    await phone.go('/recipients');
    await page.getByRole('button', { name: '新建档案' }).click();
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('这一项要填').first()).toBeVisible();
    await see(page, 'new-file-missing');
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
    await see(page, 'new-file-alike');
    await page.getByRole('button', { name: '都不是，照样建档' }).click();
    await expect(page.getByRole('heading', { name: '高远山' })).toBeVisible();
    await page.getByRole('tab', { name: /困难 1/ }).click();
    await expect(page.getByText('本人说是：参战退役军人')).toBeVisible();
    await see(page, 'new-file-task');
    // What was begun is no draft any more.
    await phone.go('/new-file');
    await expect(page.getByLabel('姓名')).toHaveValue('');
  });

  test('whoever lives at a door that has a file is taken for one of that household', async () => {
    const { page } = phone;
    await page.getByLabel('姓名').fill('钱小燕');
    await page.getByLabel('身份证号').fill('33999919660905108X');
    await pick(page, page.getByRole('button', { name: /^村（社区）/ }), '红旗村');
    await page.getByLabel('实际居住地址').fill('9组 64 号');
    await pick(page, page.getByRole('button', { name: /^类别/ }), '参战退役军人');
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByText('这个门牌已经有 1 份档案')).toBeVisible();
    await expect(page.getByText('点“同户再建一份档案”')).toBeVisible();
    await see(page, 'new-file-same-door');
    await page.getByRole('link', { name: /高远山/ }).click();
    await expect(page.getByRole('link', { name: '同户再建一份档案' }).or(page.getByRole('button', { name: '同户再建一份档案' }))).toBeVisible();
    await phone.go('/new-file');
    await page.getByRole('button', { name: '丢弃' }).click();
  });

  test('a death is proposed in one act, with what follows said before', async () => {
    const { page } = phone;
    await phone.go('/recipients');
    await phone.openFile(0);
    await page.getByRole('button', { name: '去世登记' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet.getByText('请选今天或以前的日子')).toBeVisible();
    await see(page, 'death');
    await sheet.getByRole('button', { name: '昨天' }).click();
    await expect(sheet.getByText(/残疾军人：发到/)).toBeVisible();
    await see(page, 'death-follows');
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet).toBeHidden();
    await expect(page.getByText('待审核：已去世')).toBeVisible();
    await phone.syncNow();
  });

  test('a move to a place that the phone does not know is the office\'s to do, and the address is new at once', async () => {
    const { page } = phone;
    await phone.openFile(1);
    await page.getByRole('button', { name: '迁移登记' }).click();
    const sheet = page.getByRole('dialog').first();
    await pick(page, sheet.getByRole('button', { name: /搬到哪里/ }), '本县别的地方');
    await expect(sheet.getByText(/给镇里记一件“迁移登记”/)).toBeVisible();
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet.getByText('请写新住址')).toBeVisible();
    await see(page, 'move');
    await sheet.getByLabel('新住址').fill('清水乡上湾村3组');
    await sheet.getByRole('button', { name: '送镇里审核' }).click();
    await expect(sheet).toBeHidden();
    await expect(page.getByText('清水乡上湾村3组')).toBeVisible();
    await page.getByRole('tab', { name: /^困难/ }).click();
    await expect(page.getByText('搬到：清水乡上湾村3组')).toBeVisible();
    await see(page, 'move-task');
    await phone.syncNow();
    await until(() => values(server, 'task', 'kind').includes('D2'), 'the office has the task');
  });

  test('the clerk writes the category into the new file and decides on the death as one', async () => {
    const { page } = desk;
    await page.getByRole('searchbox').fill('高远山');
    await page.getByText('高远山', { exact: true }).first().click();
    await page.getByRole('tab', { name: /困难 1/ }).click();
    await see(page, 'desk-task');
    await page.getByRole('button', { name: '写进档案' }).click();
    await expect(page.getByText('没有记着的困难')).toBeVisible();
    await page.getByRole('tab', { name: '档案', exact: true }).click();
    await expect(page.getByRole('heading', { name: '身份类别：参战退役军人' })).toBeVisible();
    await desk.go('待处理');
    const death = page.getByRole('article').filter({ has: page.getByRole('heading', { name: /去世登记$/ }) });
    await expect(death).toHaveCount(1);
    await expect(death.getByText(/^人员状态：.*已去世$/)).toBeVisible();
    await expect(death.getByText(/^残疾军人结束：/)).toBeVisible();
    // What is proposed for an entitlement is told with the person's name.
    await expect(page.getByText('陈光荣 的属别')).toBeVisible();
    await see(page, 'desk-death');
    const before = values(server, 'recipient', 'died_on').length;
    await death.getByRole('button', { name: '同意', exact: true }).click();
    await expect(death).toHaveCount(0);
    await until(() => values(server, 'recipient', 'died_on').length === before + 1, 'the death is written');
    expect(values(server, 'recipient', 'status')).toContain('died');
    expect(values(server, 'entitlement', 'state')).toContain('died');
  });

  test('what contradicts in one sitting is refused, and the one who answers for the family is named at the hand-over', async () => {
    const { page } = desk;
    await desk.open('/new-file');
    await page.getByLabel('姓名').fill('高远河');
    await page.getByLabel('身份证号').fill('33999919660905108X');
    await pick(page, page.getByRole('button', { name: /^村（社区）/ }), '红旗村');
    await page.getByLabel('实际居住地址').fill('红旗村9组65号');
    await pick(page, page.getByRole('button', { name: /^类别/ }), '残疾军人');
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByRole('heading', { name: '高远河' })).toBeVisible();
    await page.getByRole('button', { name: /档案完整/ }).click();
    const sheet = page.getByRole('dialog', { name: '还缺这些' });
    await sheet.getByRole('button', { name: '伤残性质' }).click();
    await pick(page, sheet.locator('button[aria-haspopup=dialog]'), '因病');
    await sheet.getByRole('button', { name: '保存' }).click();
    await sheet.getByRole('button', { name: '伤残等级' }).click();
    await sheet.getByRole('textbox').fill('8');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet.getByText('因病只评 1 到 6 级')).toBeVisible();
    await sheet.getByRole('textbox').fill('6');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet.getByRole('button', { name: '伤残等级' })).toBeHidden();
    // The office must have the file before somebody is named for it.
    await until(() => values(server, 'recipient', 'name').includes('高远河'), 'the file is at the office', 60_000);
    await sheet.getByRole('button', { name: '责任人' }).click();
    await expect(page.getByRole('tab', { name: '交接', exact: true })).toHaveAttribute('aria-selected', 'true');
    const families = page.getByRole('group', { name: /^交哪些人/ });
    await expect(families.getByRole('checkbox', { checked: true })).toHaveCount(1, { timeout: 30_000 });
    await expect(families.getByRole('checkbox', { name: /高远河/ })).toBeChecked();
    await page.getByRole('button', { name: /交给谁/ }).click();
    await page.getByRole('dialog').last().locator('.sheet__option').first().click();
    await page.getByLabel('原因').fill('新建的户');
    await see(page, 'desk-names');
    await page.getByRole('button', { name: '交接', exact: true }).click();
    await expect(page.getByText('已交接')).toBeVisible({ timeout: 60_000 });
  });

  test('of a certificate lists show the end of its number, the opened file all of it', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('searchbox').fill('高远河');
    await page.getByText('高远河', { exact: true }).first().click();
    const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '优待和其他', exact: true }) });
    await group.getByRole('button', { name: '修改' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '证件' }).click();
    await sheet.getByLabel('证件种类').fill('退役军人优待证');
    await sheet.getByLabel('证号').fill('YD19750012');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet).toBeHidden();
    await expect(group.getByText('退役军人优待证 YD19750012')).toBeVisible();
    await until(() => values(server, 'recipient', 'certs').length > 0, 'the office has it', 60_000);
    await page.getByRole('tab', { name: '变更' }).click();
    await expect(page.getByText('证件加了 退役军人优待证 ******0012')).toBeVisible({ timeout: 60_000 });
  });

  test('every picker of a file speaks English', async () => {
    test.setTimeout(5 * 60_000);
    const { page } = desk;
    const file = page.url();
    await page.getByRole('link', { name: '我的' }).click();
    await page.getByLabel('English').check();
    await desk.open(new URL(file).pathname);
    const groups = page.locator('section.cell-group').filter({ has: page.getByRole('button', { name: 'Change', exact: true }) });
    await expect(groups.first()).toBeVisible();
    let pickers = 0;
    for (let group = 0; group < await groups.count(); group++) {
      const change = groups.nth(group).getByRole('button', { name: 'Change', exact: true });
      await change.click();
      const sheet = page.getByRole('dialog').first();
      const fields = await sheet.locator('button.cell .cell__label').allInnerTexts();
      await page.keyboard.press('Escape');
      for (const field of fields) {
        await change.click();
        await sheet.locator('button.cell').filter({ has: page.getByText(field, { exact: true }) }).first().click();
        // Of a field with rows each column; a day's sheet has no options, and the names of villages are as they are.
        for (const button of await sheet.locator('button.pick').all()) {
          await button.click();
          const options = await page.getByRole('dialog').last().locator('.sheet__option').allInnerTexts();
          await page.keyboard.press('Escape');
          if (options.length > 0) pickers++;
          if (/region code|domicile code/i.test(field)) continue;
          for (const option of options) expect(option, field).not.toMatch(/\p{Script=Han}/u);
        }
        await page.keyboard.press('Escape');
        await expect(sheet).toBeHidden();
      }
    }
    expect(pickers).toBeGreaterThan(30);
    await page.getByRole('navigation').getByRole('link', { name: /^Me/ }).click();
    await page.getByLabel('中文').check();
  });

  test('the areas say that they need the office, where it is out of reach', async () => {
    const { page } = desk;
    await page.route(/\/api\/v1\/areas$/, (route) => route.abort());
    await desk.open('/office/staff');
    await page.getByRole('tab', { name: '区划' }).click();
    await expect(page.getByText('连不上服务器')).toBeVisible();
    await expect(page.getByText('这个要连上服务器才行。看看这台电脑有没有网，过一会儿再试。')).toBeVisible();
    await expect(page.getByText('人员没能取来')).toHaveCount(0);
    await page.unroute(/\/api\/v1\/areas$/);
    await page.getByRole('button', { name: '再试' }).click();
    await expect(page.getByText('红旗村').first()).toBeVisible();
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
    await see(page, 'desk-views');
  });
});
