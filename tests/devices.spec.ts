import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { CLERK, cleanOffice, deviceCode, TOWNSHIP, WORKER } from './support/office.ts';
import { count, rows, values } from './support/database.ts';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';
import { readWorkbook } from './support/workbook.ts';

const LEAD = { user: 'lead', password: 'cold-stone-orchard-23' };

const OFFICE = /\/(api\/|healthz)/;

/** No signal, as far as the phone can tell. */
async function cutOff(phone: Phone): Promise<void> {
  await phone.page.route(OFFICE, (route) => route.abort());
}

async function reconnect(phone: Phone): Promise<void> {
  await phone.page.unroute(OFFICE);
}

/** Saves what is unsent to a file. */
async function rescue(page: Page): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出未发送资料' }).click();
  return (await download).path();
}

async function exported(phone: Phone): Promise<string> {
  await phone.go('/outbox');
  return rescue(phone.page);
}

test.describe.serial('the office looks after its devices', () => {
  let server: Server;
  let desk: Desk;
  let phone: Phone;
  let file: string;

  test.beforeAll(async () => { server = await cleanOffice(); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  async function lookAtDevices(): Promise<Page> {
    const { page } = desk;
    await desk.open('/');
    await desk.go('设备');
    await expect(page.getByRole('tab', { name: /^设备/ })).toHaveAttribute('aria-selected', 'true');
    return page;
  }

  async function chooseRescue(path: string): Promise<Page> {
    const page = await lookAtDevices();
    await page.getByRole('tab', { name: '导入资料' }).click();
    await desk.chooseFile(path);
    await expect(page.getByRole('heading', { name: `${WORKER.user} 的手机` })).toBeVisible();
    return page;
  }

  async function importRescue(path: string): Promise<Page> {
    const page = await chooseRescue(path);
    await page.getByRole('button', { name: /^(导入|仍然导入一遍)$/ }).click();
    await expect(page.getByRole('heading', { name: /已导入|没有新的/ })).toBeVisible({ timeout: 30_000 });
    return page;
  }

  /** Everything an import could double. */
  const stock = () => ['record', 'changeset', 'blob', 'seq_id'].map((table) => count(server, table));

  test('a phone is enrolled by a code that is chosen for its person', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    const page = await lookAtDevices();
    await expect(page.getByText('还没有设备')).toBeVisible();
    await expectAccessible(page, 'no devices');
    await page.getByRole('tab', { name: '启用码' }).click();
    await page.getByRole('button', { name: /给谁用/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${WORKER.user}（`) }).click();
    await page.getByRole('button', { name: '生成启用码' }).click();
    const code = (await page.getByRole('status').getByLabel('启用码', { exact: true }).innerText()).replaceAll(/\s/g, '-');
    await expectAccessible(page, 'a code');
    phone = new Phone(server.url);
    await phone.enrol(code, WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
  });

  test('what waits on the phone and its last contact are seen at the desk', async () => {
    // A line that carries texts and no photos.
    await phone.page.route(/\/api\/v1\/blobs\//, (route) => route.abort());
    await phone.openFile(0);
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(phone.page);
    await form.choose('A01', '入户');
    await form.photograph('A28');
    await form.isSaved();
    await phone.openFile(1);
    await phone.change('联系和住址', '其他联系方式', '0570-1111111');
    await phone.syncNow();
    await until(() => values(server, 'recipient', 'phone2').includes('0570-1111111'), 'the text is at the office');
    const page = await lookAtDevices();
    const row = page.getByRole('row').filter({ hasText: WORKER.user });
    await expect(row).toContainText(/今天 \d\d:\d\d/);
    await expect(row).toContainText('1 份草稿');
    await expectAccessible(page, 'the devices');
    await row.getByRole('button', { name: /^处理/ }).click();
    await expect(page.getByRole('dialog').getByText('版本')).toBeVisible();
    await expectAccessible(page, 'one device');
    await page.keyboard.press('Escape');
  });

  test('records that are not what the office has are taken again, of which both sides are told', async () => {
    const { page } = phone;
    let spoilt = 0;
    await page.route('**/api/v1/sync', async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      const digests = Object.values((json.pull?.digest ?? {}) as Record<string, { n: number; h: string }>).filter(({ n }) => n > 0);
      if (spoilt === 0 && digests.length > 0) digests.forEach((digest) => { digest.h = '0'.repeat(64); spoilt += 1; });
      // Another text has another sum; without one it is taken as it is.
      const { 'huifang-sum': _, ...headers } = response.headers();
      await route.fulfill({ response, headers, json });
    });
    await phone.syncNow();
    await expect(page.getByText(/资料和镇里对不上，会自动重新下载/)).toBeVisible({ timeout: 30_000 });
    // What is pulled again is through: a button that becomes quiet changes its colour.
    await expect(page.getByRole('button', { name: '现在同步' })).toHaveAttribute('aria-busy', 'false');
    await expectAccessible(page, 'a phone whose records differed');
    await shoot(page, 'outbox-diverged');
    await page.unroute('**/api/v1/sync');
    await until(() => count(server, "audit WHERE action = 'diverged'") === 1, 'the office was told');
    await phone.syncNow();
    await phone.openFile(0);
    const desktop = await lookAtDevices();
    const row = desktop.getByRole('row').filter({ hasText: WORKER.user });
    await expect(row).toContainText(/手机上的资料和镇里对不上，已自动重新下载（红旗村/);
    await shoot(desktop, 'devices-diverged');
    await row.getByRole('button', { name: /^处理/ }).click();
    await expectAccessible(desktop, 'a device whose records differed');
    await expect(desktop.getByRole('dialog')).toContainText('手机自己会补齐，没传的不会丢');
    await shoot(desktop, 'device-diverged');
    await desktop.getByRole('dialog').getByRole('button', { name: '处理完了' }).click();
    const dialog = desktop.getByRole('dialog').filter({ hasText: '这件事处理完了' });
    await dialog.getByRole('textbox').fill('已看过');
    await dialog.getByRole('button', { name: '处理完了' }).click();
    await expect(row).not.toContainText('对不上');
    expect(count(server, "audit WHERE action = 'diverged'")).toBe(1);
  });

  test('what it cannot send is brought as a file, twice, and sent later too: nothing is doubled', async () => {
    await cutOff(phone);
    await phone.openFile(1);
    await phone.change('联系和住址', '其他联系方式', '0570-2222222');
    file = await exported(phone);
    let page = await chooseRescue(file);
    await expect(page.getByText('1 件，其中 0 件已经在这里').first()).toBeVisible();
    await expectAccessible(page, 'the preview of a rescue file');
    page = await importRescue(file);
    await expect(page.getByText('1 条已写入档案')).toBeVisible();
    await expectAccessible(page, 'the outcome of a rescue file');
    expect(values(server, 'recipient', 'phone2')).toContain('0570-2222222');
    expect(count(server, "record WHERE kind = 'held'")).toBe(1);
    const before = stock();

    page = await importRescue(file);
    await expect(page.getByText('没有新的，什么也没变')).toBeVisible();
    await expect(page.getByText('1 条早已在这里，没有再写')).toBeVisible();
    expect(stock()).toEqual(before);

    await reconnect(phone);
    await phone.syncNow();
    await expect(phone.page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 30_000 });
    expect(stock()).toEqual(before);
    await importRescue(file);
    expect(stock()).toEqual(before);
  });

  test('a file that is none, or another office’s, is refused in words', async () => {
    const page = await lookAtDevices();
    await page.getByRole('tab', { name: '导入资料' }).click();
    const bad = async (text: string, says: string) => {
      await page.locator('input[type=file]').setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from(text) });
      await expect(page.getByText(says)).toBeVisible();
      await page.getByRole('button', { name: '换一份文件' }).click();
    };
    await bad('%PDF-1.7', '这不是导出的未发送资料');
    await bad('{"huifang": "rescue-1", "device": "0', '文件不完整，可能没复制完');
    await bad('{"huifang": "rescue-9"}', '文件的格式比服务器新');
    const stranger = { huifang: 'rescue-1', device: '0'.repeat(32), inc: '0'.repeat(16), keys: [], out: [], drafts: [], blobs: [] };
    await bad(JSON.stringify(stranger), '这份文件不是你管辖的手机的');
  });

  test('whose files it holds is written for whoever tells them of its loss', async () => {
    const page = await lookAtDevices();
    await page.getByRole('row').filter({ hasText: WORKER.user }).getByRole('button', { name: /^处理/ }).click();
    const sheet = page.getByRole('dialog').first();
    await expect(sheet.getByRole('heading', { name: '设备丢失告知名单' })).toBeVisible();
    await sheet.getByRole('button', { name: '做名单' }).scrollIntoViewIfNeeded();
    await shoot(page, 'device-concerned');
    await sheet.getByRole('button', { name: '做名单' }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: '这台设备上有哪些家庭的档案' });
    await dialog.getByRole('button', { name: '做名单' }).click();
    await expect(dialog.getByText('至少')).toBeVisible();
    await dialog.getByRole('textbox').fill('手机在集市上丢了');
    await expectAccessible(page, 'why the list of a lost device is made');
    await shoot(page, 'device-concerned-reason');
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: '做名单' }).click();
    const made = await download;
    expect(made.suggestedFilename()).toMatch(/^设备丢失告知名单-worker-/);
    const { text, formulas } = readWorkbook(await made.path());
    expect(formulas).toBe(0);
    const opened = rows(server, "SELECT json_extract(body, '$.detail.files[0].on') FROM audit WHERE action = 'view' LIMIT 1")[0]!;
    for (const part of ['手机在集市上丢了', '红旗村', '石桥村', '没有报来', opened]) expect(text).toContain(part);
    expect(text, 'a village of others').not.toContain('柳河村');
    expect(text, 'a whole telephone number').not.toMatch(/1[3-9]\d{9}/);
    await expect(page.getByText('名单已保存到下载文件夹')).toBeVisible();
    expect(count(server, "audit WHERE action = 'export' AND body LIKE '%device_concerned%' AND body LIKE '%手机在集市上丢了%'")).toBe(1);
  });

  test('the rules on the phones are read by whoever answers for them, with who changes them', async ({ browser }) => {
    server.must('account', 'add', LEAD.user, '--role', 'township_lead', '--scope', TOWNSHIP, '--password', LEAD.password);
    server.must('settings', 'set', 'offline_days', '10');
    const lead = await Desk.open(browser, server.url);
    await lead.login(LEAD.user, LEAD.password);
    await lead.go('设备');
    const rules = lead.page.locator('section.cell-group').filter({ has: lead.page.getByRole('heading', { name: '手机和密码的规定' }) });
    await expect(rules).toContainText('10 天');
    await expect(rules).toContainText('12 小时内最多一次');
    await expect(rules).toContainText('由系统管理员改');
    await expect(lead.page.getByRole('button', { name: '改规定' })).toHaveCount(0);
    await rules.scrollIntoViewIfNeeded();
    await expectAccessible(lead.page, 'the rules on the phones');
    await shoot(lead.page, 'device-rules');
    await lead.context.close();
    await expect((await lookAtDevices()).getByText('手机和密码的规定'), 'a clerk').toHaveCount(0);
  });

  test('a revoked phone says so, its files are gone, and what it had not sent is held', async () => {
    await cutOff(phone);
    await phone.openFile(2);
    await phone.change('联系和住址', '其他联系方式', '0570-3333333');
    let page = await lookAtDevices();
    await page.getByRole('row').filter({ hasText: WORKER.user }).getByRole('button', { name: /^处理/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '停用' }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: '停用这台设备' });
    await expect(dialog.getByText('不能撤销')).toBeVisible();
    await expectAccessible(page, 'a decision about a device');
    await dialog.getByRole('button', { name: '停用' }).click();
    await expect(dialog.getByText('请写一句原因')).toBeVisible();
    await dialog.getByLabel('原因').fill('手机丢了');
    await dialog.getByRole('button', { name: '停用' }).click();
    await expect(page.getByText('已停用').first()).toBeVisible();
    await until(() => rows(server, 'SELECT state FROM device WHERE shared = 0')[0] === 'revoked', 'the device is revoked');

    await phone.go('/outbox');
    await reconnect(phone);
    await expect(phone.page.getByText('已被镇里停用，里面的档案打不开了')).toBeVisible({ timeout: 60_000 });
    await expect(phone.page.getByRole('navigation')).toHaveCount(0);
    await expectAccessible(phone.page, 'a revoked phone');
    await phone.device.kill();
    await phone.start('/recipients');
    await expect(phone.page.getByText('已被镇里停用，里面的档案打不开了')).toBeVisible({ timeout: 30_000 });
    file = await rescue(phone.page);

    page = await importRescue(file);
    await expect(page.getByText('1 条先搁置，在「待处理」里由你定')).toBeVisible();
    expect(values(server, 'recipient', 'phone2')).not.toContain('0570-3333333');
    await page.getByRole('link', { name: '去待处理' }).click();
    await page.getByRole('tab', { name: /搁置/ }).click();
    const card = page.getByRole('article').filter({ hasText: '0570-3333333' });
    await expect(card.getByText('来自导入的未发送资料')).toBeVisible({ timeout: 30_000 });
    await expect(card.getByText('设备已停用')).toBeVisible();
    await expectAccessible(page, 'what is held');
    await card.getByRole('button', { name: '照他的写入' }).click();
    await until(() => values(server, 'recipient', 'phone2').includes('0570-3333333'), 'what was held is written');
  });

  test('the same phone begins anew with a new code, and is wiped after it handed everything over', async () => {
    const code = deviceCode(server, WORKER.user);
    await phone.device.kill();
    await phone.start(`/enrol#${code}`);
    await phone.page.getByRole('button', { name: '用新的启用码重新启用' }).click();
    await phone.page.getByRole('dialog').getByRole('button', { name: '用新的启用码重新启用' }).click();
    await phone.takeCode(code, WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await phone.openFile(3);
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(phone.page);
    await form.choose('A01', '入户');
    await form.isSaved();
    const held = count(server, "record WHERE kind = 'held'");

    let page = await lookAtDevices();
    const row = page.getByRole('row').filter({ hasText: WORKER.user });
    await row.getByRole('button', { name: /^处理/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: '清除' }).click();
    const dialog = page.getByRole('dialog').filter({ hasText: '清除这台设备' });
    await dialog.getByLabel('原因').fill('换了手机');
    await dialog.getByRole('button', { name: '清除' }).click();
    await expect(row.getByText('等它清除')).toBeVisible();
    await phone.hearOfTheEnd();
    // What is left is the vault that was revoked before, whose work went to the office in a file.
    await expect(phone.page.getByRole('button', { name: '用新的启用码重新启用' })).toBeVisible({ timeout: 60_000 });
    await expect(phone.page.getByText(/号用户/)).toHaveCount(0);
    expect(count(server, "record WHERE kind = 'held'")).toBe(held + 1);
    page = await lookAtDevices();
    await page.getByRole('button', { name: '看已停用的 2 台' }).click();
    await expect(page.getByText('已清除')).toBeVisible();
  });
});
