import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { expectAccessible } from './support/axe.ts';
import { count, dayEarlier, values } from './support/database.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { pick, pickDay, shoot } from './support/look.ts';
import { deviceCode, TOWNSHIP, VILLAGES } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { Server, until } from './support/server.ts';
import { totp } from './support/totp.ts';
import { writeWorkbook } from './support/workbook.ts';

const OFFICE = /\/(api\/|healthz)/;
const ADMIN = { user: '系统管理', password: 'quiet-mill-harbour-12' };
const LIST = [`${TOWNSHIP}000 双桥镇`, ...VILLAGES.map(({ code, name }) => `${code}\t${name}`)].join('\n');
test.describe.serial('a new office and its people', () => {
  let server: Server;
  let desk: Desk;
  let secret = '';
  const passwords = new Map<string, string>();
  let first: Phone;
  let second: Phone;

  test.beforeAll(async () => {
    server = await Server.prepare();
    await server.start();
  });
  test.afterAll(async () => {
    await first?.device.dispose();
    await second?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('an empty folder becomes an office, and the door closes', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    const { page } = desk;
    await until(() => server.log.includes('/setup#'), 'the link is printed');
    const link = /http:\S+\/setup#\S+/.exec(server.log)![0];
    await page.goto('/');
    await expect(page.getByText('这台服务器还没有设置')).toBeVisible();
    await page.goto(link);
    await page.getByLabel('县级代码').fill('339999');
    await page.getByLabel('县（市、区）名称').fill('示范县');
    await page.getByLabel('乡镇和村').fill(`${LIST}\n33999910020 短了\n${VILLAGES[0]!.code} 又一个`);
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('有 2 行要改')).toBeVisible();
    await expect(page.getByText('第 12 行「33999910020 短了」：代码不是 12 位')).toBeVisible();
    await expect(page.getByText(/第 13 行.*和第 2 行的代码重复/)).toBeVisible();
    await expectAccessible(page, 'a list with faults');
    await shoot(page, 'setup-faults');
    const sheet = async (name: string, buffer: Buffer) => {
      await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    };
    const good = writeWorkbook([['区划代码', '名称'], ...LIST.split('\n').map((line) => line.split(/[ \t]/))]);
    await sheet('空.xlsx', Buffer.alloc(0));
    await expect(page.getByText('这个表格是空的')).toBeVisible();
    await sheet('名单.xlsx', good.subarray(0, good.length / 2));
    await expect(page.getByText('这个表格读不了')).toBeVisible();
    await sheet('长.xlsx', writeWorkbook(Array.from({ length: 20_001 }, () => ['339999100201', '红旗村'])));
    await expect(page.getByText('最多 5000 行')).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page, 'a sheet that is too long');
    await shoot(page, 'setup-sheet-bad');
    await expect(page.getByLabel('乡镇和村'), 'what was typed stays').toHaveValue(/又一个/);
    await sheet('只有村名.xlsx', writeWorkbook([['村名'], ['红旗村'], ['石桥村']]));
    await expect(page.getByLabel('乡镇和村')).toHaveValue(/石桥村/);
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('第 2 行「红旗村」：没有代码')).toBeVisible();
    await page.getByLabel('乡镇和村').fill('');
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('名单里没有乡镇和村')).toBeVisible();
    await page.getByLabel('乡镇和村').fill(`乡镇\t村\t代码\n双桥镇\t红旗村\t${VILLAGES[0]!.code}\n双桥镇,红旗村,甲`);
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('有 1 行要改')).toBeVisible();
    await page.getByLabel('乡镇和村').fill(`乡镇\t村\t代码\n双桥镇\t红旗村\t${VILLAGES[0]!.code}`);
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('双桥镇（1 个村）：红旗村')).toBeVisible();
    await sheet('名单.xlsx', good);
    await expect(page.getByLabel('乡镇和村')).toHaveValue(/桃花社区/);
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText('1 个乡镇、10 个村，没有错')).toBeVisible();
    await expect(page.getByText(/双桥镇（10 个村）：.*桃花社区/)).toBeVisible();
    await expectAccessible(page, 'a list without faults');
    await shoot(page, 'setup-sheet');
    await page.getByLabel('县级代码').fill('339998');
    await expect(page.getByRole('button', { name: '下一步' }), 'what was judged is no longer what stands there').toHaveCount(0);
    await page.getByLabel('县级代码').fill('339999');
    await page.getByRole('button', { name: '检查' }).click();
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('用户名').fill(ADMIN.user);
    await page.getByLabel('新密码', { exact: true }).fill('12345678');
    await page.getByLabel('再输一遍新密码').fill('12345678');
    await page.getByRole('button', { name: '完成设置' }).click();
    await expect(page.getByText('这个密码太常见')).toBeVisible();
    await shoot(page, 'setup-admin');
    await page.getByLabel('新密码', { exact: true }).fill(ADMIN.password);
    await page.getByLabel('再输一遍新密码').fill(ADMIN.password);
    await page.getByRole('button', { name: '完成设置' }).click();
    await expect(page.getByText('设置好了')).toBeVisible();
    await page.reload();
    await expect(page.getByText('已经设置过了')).toBeVisible();
    await expectAccessible(page, 'a closed door');
  });

  test('the first administrator sets up his login codes', async () => {
    const { page } = desk;
    await page.goto('/login');
    await page.getByLabel('用户名').fill(ADMIN.user);
    await page.getByLabel('密码').fill(ADMIN.password);
    await page.getByRole('button', { name: '登录' }).click();
    secret = await page.getByTestId('totp-secret').innerText();
    await expectAccessible(page, 'the login codes are set up');
    await shoot(page, 'login-codes');
    await page.getByLabel('验证码').fill(totp(secret));
    await page.getByRole('button', { name: '登录' }).click();
    const codes = page.getByRole('list', { name: '恢复码' }).getByRole('listitem');
    await expect(codes).toHaveCount(10);
    await shoot(page, 'recovery-codes');
    await page.getByRole('button', { name: '已抄好，进入' }).click();
    await expect(page.getByRole('tab', { name: '人员' })).toBeVisible();
    await expect(page.getByRole('link', { name: '走访' })).toHaveCount(0);
  });

  test('he makes accounts, each with a one-time password', async () => {
    const { page } = desk;
    for (const [user, role, place] of [['周敏', '镇经办', '双桥镇'], ['王芳', '走访员', '红旗村'], ['李强', '走访员', '石桥村']] as const) {
      await page.getByRole('button', { name: '开账号' }).click();
      const sheet = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '开账号' }) });
      await sheet.getByLabel('用户名').fill(user);
      await pick(sheet, /^岗位/, new RegExp(`^${role}`));
      await sheet.getByRole('checkbox', { name: place }).check();
      if (user === '王芳') {
        await expectAccessible(page, 'a new account');
        await shoot(page, 'staff-new');
      }
      await sheet.getByRole('button', { name: '开账号' }).click();
      await expect(page.getByRole('heading', { name: `${user} 的一次性密码` })).toBeVisible();
      passwords.set(user, await page.getByTestId('one-time').innerText());
      if (user === '王芳') {
        await shoot(page, 'staff-one-time');
        await page.keyboard.press('Escape');
        await expect(page.getByTestId('one-time'), 'it is shown this once').toHaveText(passwords.get(user)!);
      }
      await page.getByRole('button', { name: '已告诉他' }).click();
      await expect(page.getByRole('button', { name: new RegExp(`^${user}`) })).toBeVisible();
    }
    await expectAccessible(page, 'the people');
    await shoot(page, 'staff-people');
    await page.getByRole('button', { name: /^王芳/ }).click();
    await expect(page.getByRole('dialog').getByRole('button', { name: '离岗停用' })).toBeVisible();
    await shoot(page, 'staff-person');
    await page.keyboard.press('Escape');
  });

  test('people of a sheet are looked at first, made together, and their passwords shown once', async () => {
    const { page } = desk;
    const people = count(server, 'account');
    await page.getByRole('button', { name: '导入名单' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '导入名单' }) });
    const choose = (rows: string[][]) =>
      dialog.locator('input[type=file]').setInputFiles({ name: '人员.xlsx', mimeType: 'application/octet-stream', buffer: writeWorkbook(rows) });
    const head = ['姓名', '用户名', '岗位', '管哪里', '电话'];
    await choose([['姓名', '电话'], ['赵敏', '13900001111']]);
    await expect(dialog.getByText('找不到表头里的「岗位」')).toBeVisible({ timeout: 30_000 });
    await choose([head,
      ['赵敏', '', '镇经办', '桃花社区', '13900001111'], ['钱七', '王芳', '走访员', '东风村', '139'], ['孙丽', '', '队长', '桃花社区', '']]);
    await expect(dialog.getByText('有 5 处要改')).toBeVisible({ timeout: 30_000 });
    await expect(dialog.getByText(/第 2 行 D 列（管哪里）「桃花社区」：地方和岗位对不上/)).toBeVisible();
    await expect(dialog.getByText(/第 3 行 D 列（管哪里）「东风村」：没有这个地方/)).toBeVisible();
    await expect(dialog.getByText(/第 3 行 E 列（电话）「139」：不是电话号码/)).toBeVisible();
    await expect(dialog.getByText(/第 4 行 C 列（岗位）「队长」：岗位只能是/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: /^开 / })).toHaveCount(0);
    await expectAccessible(page, 'people with faults');
    await shoot(page, 'staff-list-faults');
    await choose([head,
      ['赵敏', 'zhaomin', '镇经办', TOWNSHIP, '13900001111'], ['钱七', '', '走访员', '双桥镇/桃花社区', '13900002222']]);
    await expect(dialog.getByText('2 个人，没有错')).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, 'people without faults');
    await shoot(page, 'staff-list-sound');
    expect(count(server, 'account')).toBe(people);
    await dialog.getByRole('button', { name: '开 2 个账号' }).click();
    await expect(page.getByText('开好了 2 个账号')).toBeVisible({ timeout: 30_000 });
    const row = page.getByRole('row', { name: /钱七/ });
    await expect(row).toContainText('13900002222');
    passwords.set('钱七', (await row.getByRole('cell').last().innerText()).trim());
    expect(passwords.get('钱七')).toMatch(/^\S{10,}$/);
    expect(count(server, 'account')).toBe(people + 2);
    await expectAccessible(page, 'passwords that are shown once');
    await shoot(page, 'staff-handed');
    await page.getByRole('button', { name: '都记下了' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '都记下了' }).click();
    await expect(page.getByRole('button', { name: /^zhaomin/ })).toContainText('双桥镇');
    await expect(page.getByText(passwords.get('钱七')!)).toHaveCount(0);
  });

  test('he adds a village', async () => {
    const { page } = desk;
    await page.getByRole('tab', { name: '区划' }).click();
    await page.getByLabel('加村或乡镇').fill('339999100211 红旗村');
    await page.getByRole('button', { name: '检查' }).click();
    await expect(page.getByText(/第 1 行「339999100211 红旗村」：同一个乡镇（或县）里已经有同名的/)).toBeVisible();
    await expect(page.getByRole('button', { name: '加进去' })).toHaveCount(0);
    await shoot(page, 'staff-areas-alike');
    await page.getByLabel('加村或乡镇').fill('339999100211 新建村');
    await page.getByRole('button', { name: '检查' }).click();
    await page.getByRole('button', { name: '加进去' }).click();
    await expect(page.getByText('新建村')).toBeVisible();
    await expectAccessible(page, 'the areas');
    await shoot(page, 'staff-areas');
  });

  test('he changes what phones lock and show', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '设备' }).click();
    await page.getByRole('button', { name: '改规定' }).click();
    const sheet = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: '改规定' }) });
    await expect(sheet.getByLabel('多久没联系就打不开')).toHaveValue('14');
    await sheet.getByLabel('多久不动自己锁上').fill('0');
    await expect(sheet.getByText('填 1 到 60 的整数')).toBeVisible();
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(sheet.getByText('上面有一项不对')).toBeVisible();
    await sheet.getByLabel('多久不动自己锁上').fill('30');
    await sheet.getByRole('radio', { name: '年和月' }).check();
    await sheet.getByRole('radio', { name: /^至少 2 种/ }).check();
    await expectAccessible(page, 'the rules on the phones are changed');
    await shoot(page, 'phone-rules-change');
    await sheet.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已改，手机下次联系时照办')).toBeVisible();
    const rules = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '手机和密码的规定' }) });
    await expect(rules).toContainText('30 分钟');
    await expect(rules).toContainText('年和月');
    await shoot(page, 'phone-rules-admin');
    await page.getByRole('link', { name: '我的' }).click();
    await page.getByRole('button', { name: /^退出登录/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click();
  });

  test('a one-time password opens nothing but its own change', async () => {
    const { page } = desk;
    await page.goto('/login');
    await page.getByLabel('用户名').fill('周敏');
    await page.getByLabel('密码').fill(passwords.get('周敏')!);
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByText('这是一次性密码')).toBeVisible();
    for (const label of ['新密码', '再输一遍新密码']) await page.getByLabel(label, { exact: true }).fill('春风化雨润物细无声');
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByText('要求密码混用几种字符')).toBeVisible();
    await page.getByLabel('新密码', { exact: true }).fill('双桥镇的好日子2026');
    await page.getByLabel('再输一遍新密码').fill('双桥镇的好日子');
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByText('两遍不一样')).toBeVisible();
    await expectAccessible(page, 'a password to be changed');
    await shoot(page, 'login-change');
    await page.getByLabel('再输一遍新密码').fill('双桥镇的好日子2026');
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByRole('link', { name: '导入', exact: true })).toBeVisible({ timeout: 30_000 });
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
  });

  /** A worker's phone, enrolled with his one-time password. */
  async function enrol(user: string): Promise<Phone> {
    const phone = new Phone(server.url);
    await phone.start(`/enrol#${deviceCode(server, user)}`);
    const { page } = phone;
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('账号').fill(user);
    await page.getByLabel('密码').fill(passwords.get(user)!);
    await page.getByRole('button', { name: '登录' }).click();
    const mine = `${user}自己的密码2026`;
    await page.getByLabel('新密码', { exact: true }).fill(mine);
    await page.getByLabel('再输一遍新密码').fill(mine);
    await page.getByRole('button', { name: '登录' }).click();
    await phone.confirmCode();
    await phone.isReadyForTheVillage();
    passwords.set(user, mine);
    return phone;
  }

  test('a village goes from one worker to the other, and nothing unsent is lost', async () => {
    test.setTimeout(300_000);
    first = await enrol('王芳');
    second = await enrol('李强');
    await first.page.route(OFFICE, (route) => route.abort());
    await first.openFile(0);
    await first.change('联系和住址', '其他联系方式', '0570-7654321');

    const { page } = desk;
    await page.getByRole('navigation').getByRole('link', { name: '人员' }).click();
    await page.getByRole('tab', { name: '交接' }).click();
    await pick(page, /^哪个村/, /^红旗村/);
    await pick(page, /^从谁那里/, /^王芳/);
    await pick(page, /^交给谁/, /^李强/);
    await expect(page.getByText(/王芳：交出 \d+ 人/)).toBeVisible();
    await expect(page.getByText(/李强：接过 \d+ 人/)).toBeVisible();
    await page.getByLabel('原因').fill('王芳调走');
    await expectAccessible(page, 'a hand-over');
    await shoot(page, 'handover-before');
    await page.getByRole('button', { name: '交接', exact: true }).click();
    await expect(page.getByText('已交接')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/红旗村 \d+ 人；村已不归他/).first()).toBeVisible();
    await shoot(page, 'handover-after');

    await second.syncNow();
    await second.tab('今日');
    await expect(second.page.getByText(/王芳 把红旗村 \d+ 人交给了你/)).toBeVisible({ timeout: 60_000 });
    await shoot(second.page, 'handover-notice');
    await second.page.getByRole('button', { name: '知道了' }).click();
    await second.go('/handovers');
    await expect(second.page.getByText(/红旗村 \d+ 人；村也归他了/)).toBeVisible();
    await expectAccessible(second.page, 'the hand-overs');
    await shoot(second.page, 'handovers');

    await first.page.unroute(OFFICE);
    await first.syncNow();
    await until(() => values(server, 'held', 'why').length > 0, 'what was unsent is held');
    // Most of what the phone holds leaves: it asks its worker first.
    await first.page.getByRole('button', { name: '看看要不要放行' }).click({ timeout: 60_000 });
    await first.page.getByRole('dialog').getByRole('button', { name: '放行', exact: true }).click();
    await first.go('/recipients');
    await expect(first.page.getByText('红旗村')).toHaveCount(0, { timeout: 60_000 });
    await first.tab('今日');
    await expect(first.page.getByText(/这个村不再在你手机上/)).toBeVisible({ timeout: 60_000 });
    await desk.go('待处理');
    await page.getByRole('tab', { name: /^搁置/ }).click();
    await expect(page.getByText('0570-7654321').first()).toBeVisible({ timeout: 60_000 });
  });

  test('the file says who answers for the family, and a password is changed on the phone', async () => {
    await second.openFile(0);
    await expect(second.page.getByText('责任人')).toBeVisible();
    await second.tab('我的');
    await second.page.getByRole('button', { name: /^改密码/ }).click();
    const dialog = second.page.getByRole('dialog');
    await dialog.getByLabel('现在的密码').fill('不是这个');
    await dialog.getByLabel('新密码', { exact: true }).fill('石桥村新的密码2026');
    await dialog.getByLabel('再输一遍新密码').fill('石桥村新的密码2026');
    await dialog.getByRole('button', { name: '改密码' }).click();
    await expect(dialog.getByText('原密码不对')).toBeVisible();
    await expectAccessible(second.page, 'a password is changed');
    await shoot(second.page, 'password');
    await dialog.getByLabel('现在的密码').fill(passwords.get('李强')!);
    await dialog.getByRole('button', { name: '改密码' }).click();
    await expect(dialog).toBeHidden({ timeout: 30_000 });
    await second.syncNow();
  });

  test('a deputy is named at the desk, and nothing is there before the day', async () => {
    const { page } = desk;
    await page.getByRole('navigation').getByRole('link', { name: '人员' }).click();
    await page.getByRole('button', { name: /^李强/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '代管' }).click();
    const dialog = page.getByRole('dialog').filter({ has: page.getByRole('heading', { name: /李强 请假/ }) });
    await pick(dialog, /^谁代管/, /^王芳/);
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog.getByText('请选代管的人和起止日期')).toBeVisible();
    await expectAccessible(page, 'a leave');
    const day = (days: number) => new Date(Date.now() + days * 86_400_000);
    await pickDay(dialog, /^从哪天/, day(1));
    await pickDay(dialog, /^到哪天/, day(0));
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(dialog.getByText('结束不能早于开始')).toBeVisible();
    await shoot(page, 'staff-leave');
    await pickDay(dialog, /^到哪天/, day(2));
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(page.getByText('已安排，到日子自动生效')).toBeVisible();
    await expect(page.getByRole('button', { name: /^李强/ }).getByText('有人代管')).toBeVisible();
    await first.syncNow();
    await first.go('/recipients');
    await expect(first.page.getByRole('searchbox')).toBeVisible();
    await expect(first.page.getByRole('main').getByRole('list').getByRole('link')).toHaveCount(0);
  });

  test('on the day the deputy sees the families, and works for them', async () => {
    test.setTimeout(300_000);
    dayEarlier(server);
    await first.syncNow();
    await first.go('/recipients');
    await expect(first.page.getByRole('main').getByRole('list').getByRole('link').first()).toBeVisible({ timeout: 60_000 });
    await expectAccessible(first.page, 'families of somebody on leave');
    await shoot(first.page, 'leave-families');
    await first.openFile(0);
    await first.change('联系和住址', '其他联系方式', '0570-1112223');
    await first.syncNow();
    await until(() => values(server, 'recipient', 'phone2').includes('0570-1112223'), 'his change is in the file');
  });

  test('a leave that is ended takes the families back, and what was unsent is kept', async () => {
    test.setTimeout(300_000);
    const held = () => count(server, "record WHERE kind = 'held'");
    const before = held();
    await first.page.route(OFFICE, (route) => route.abort());
    await first.openFile(0);
    await first.change('联系和住址', '其他联系方式', '0570-3332221');
    const { page } = desk;
    await page.getByRole('button', { name: /^李强/ }).click();
    await expect(page.getByRole('dialog').getByText(/王芳 代管/)).toBeVisible();
    await shoot(page, 'staff-on-leave');
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await expect(page.getByText('已取消')).toBeVisible();
    await first.page.unroute(OFFICE);
    await first.syncNow();
    await until(() => held() > before, 'what came late waits for the office', 60_000);
    await first.page.getByRole('button', { name: '看看要不要放行' }).click({ timeout: 60_000 });
    await first.page.getByRole('dialog').getByRole('button', { name: '放行', exact: true }).click();
    await first.go('/recipients');
    await expect(first.page.getByRole('main').getByRole('list').getByRole('link')).toHaveCount(0, { timeout: 60_000 });
    await expect(page.getByRole('button', { name: /^李强/ }).getByText('有人代管')).toHaveCount(0);
  });
});
