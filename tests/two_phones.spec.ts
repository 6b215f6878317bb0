import { expect, test } from '@playwright/test';
import { join } from 'node:path';
import { cleanOffice, CLERK, deviceCode, WORKER, WORKER2 } from './support/office.ts';
import { count, values } from './support/database.ts';
import { expectAccessible } from './support/axe.ts';
import { Desk, FIXTURES } from './support/desk.ts';
import { Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';

const FAMILY = '查斌振';

/** Opens the file of the family by the sound of its name: as a surname 查 is read zha. */
async function openFile(phone: Phone): Promise<void> {
  await phone.tab('对象');
  await phone.page.getByRole('searchbox').fill('zbz');
  await phone.page.getByRole('link', { name: new RegExp(FAMILY) }).click();
  await expect(phone.page.getByRole('heading', { name: new RegExp(FAMILY) })).toBeVisible();
}

test.describe.serial('two phones change one family where there is no signal', () => {
  let server: Server;
  let desk: Desk;
  const first = () => phones[0]!;
  const second = () => phones[1]!;
  let phones: Phone[] = [];

  test.beforeAll(async () => { server = await cleanOffice(); });
  test.afterAll(async () => {
    for (const phone of phones) await phone.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('both hold the family', async ({ browser }) => {
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.importList(join(FIXTURES, 'township-list.xlsx'));
    phones = [new Phone(server.url), new Phone(server.url)];
    await first().enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await second().enrol(deviceCode(server, WORKER2.user), WORKER2.user, WORKER2.password);
    for (const phone of phones) await phone.isReadyForTheVillage();
  });

  test('each saves without a server', async () => {
    await server.kill();
    for (const phone of phones) await openFile(phone);
    await first().change('联系和住址', '手机', '13900000001');
    await first().change('联系和住址', '其他联系方式', '0570-1111111');
    await second().change('联系和住址', '其他联系方式', '0570-2222222');
    await second().change('健康和保障', '健康状况', '有慢性病');
    await expect(first().page.getByText('0570-1111111')).toBeVisible();
    await expect(second().page.getByText('0570-2222222')).toBeVisible();
  });

  test('different fields merge, the same field leaves both values to a person', async () => {
    await server.start();
    await until(() => count(server, "record WHERE kind = 'conflict'") === 1, 'the conflict is at the office', 30_000);
    await until(() => values(server, 'recipient', 'health').includes('30'), 'the health is at the office');
    for (const phone of phones) {
      await phone.syncNow();
      await phone.go('/attention');
      await phone.page.getByRole('tab', { name: /两处不同/ }).click();
      await expect(phone.page.getByText('0570-1111111')).toBeVisible({ timeout: 30_000 });
      await expect(phone.page.getByText('0570-2222222')).toBeVisible();
      await expectAccessible(phone.page, 'a conflict');
      await openFile(phone);
      await expect(phone.page.getByText('139****0001').or(phone.page.getByText('13900000001'))).toBeVisible({ timeout: 30_000 });
      await expect(phone.page.getByText('有慢性病')).toBeVisible();
    }
  });

  test('the desk sees both values and decides; both phones show it', async () => {
    await desk.go('待处理');
    const { page } = desk;
    await page.getByRole('tab', { name: /两处不同/ }).click();
    await expect(page.getByText('0570-1111111')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('0570-2222222')).toBeVisible();
    await page.getByRole('button', { name: '改用这个' }).click();
    await until(() => values(server, 'conflict', 'state')[0] === 'other', 'the decision is at the office');
    const [value] = values(server, 'recipient', 'phone2').filter((value) => ['0570-1111111', '0570-2222222'].includes(value));
    for (const phone of phones) {
      await phone.syncNow();
      await openFile(phone);
      await expect(phone.page.getByText(value!)).toBeVisible({ timeout: 30_000 });
    }
  });

  test('what was decided is written otherwise by a new write', async () => {
    const { page } = desk;
    const before = values(server, 'recipient', 'phone2');
    await page.getByRole('button', { name: '最近定过的 1 件' }).click({ timeout: 30_000 });
    await expect(page.getByText('档案里现在是这个')).toHaveCount(1);
    await expectAccessible(page, 'decided conflicts');
    await page.getByRole('button', { name: /^改用 0570-/ }).click();
    await until(() => String(values(server, 'recipient', 'phone2')) !== String(before), 'the other value is at the office');
    expect(values(server, 'conflict', 'state')).toEqual(['other']);
  });

  test('a proposal that cannot be is not sent, one that is refused comes back with the reason', async () => {
    const phone = first();
    await openFile(phone);
    await expect(phone.change('身份', '身份证号', '123')).rejects.toThrow();
    await expect(phone.page.getByText('身份证号不对')).toBeVisible();
    await phone.page.keyboard.press('Escape');
    await phone.change('身份', '姓名', '查斌正');
    await phone.syncNow();
    await until(() => count(server, "record WHERE kind = 'proposal'") === 1, 'the proposal is at the office');
    const { page } = desk;
    await desk.go('待处理');
    await page.getByRole('tab', { name: /变更待定/ }).click();
    await page.getByRole('button', { name: '不同意' }).click({ timeout: 70_000 });
    await page.getByLabel('原因').fill('户口簿上是振字');
    await page.getByRole('dialog').getByRole('button', { name: '不同意' }).click();
    await until(() => values(server, 'proposal', 'state')[0] === 'refused', 'the refusal is at the office');
    await phone.syncNow();
    await phone.go('/attention');
    await expect(phone.page.getByText('户口簿上是振字')).toBeVisible({ timeout: 30_000 });
  });

  test('the file tells who changed what, and a change is changed back by a new one', async () => {
    const { page } = desk;
    await desk.go('对象');
    await page.getByRole('searchbox').fill('zbz');
    await page.getByText(FAMILY).first().click();
    await page.getByRole('tab', { name: '变更' }).click();
    const mobile = page.getByRole('listitem').filter({ hasText: '手机改成 13900000001' });
    await expect(mobile).toContainText(`${WORKER.user} · `, { timeout: 30_000 });
    await expect(mobile).toContainText('手机');
    await expect(page.getByRole('listitem').filter({ hasText: '（送审）' })).toHaveCount(0);
    await expectAccessible(page, 'the changes of a file');
    await expect(page.getByRole('listitem').filter({ hasText: '其他联系方式：0570-6657248 → 0570-1111111' })).toContainText('手机');
    await mobile.getByRole('button', { name: '改回去' }).click();
    await expect(page.getByRole('dialog')).toContainText('把手机改回 （空）？');
    await page.getByRole('dialog').getByRole('button', { name: '改回去' }).click();
    await until(() => !values(server, 'recipient', 'mobile').includes('13900000001'), 'it is changed back at the office');
    await expect(page.getByRole('listitem').filter({ hasText: '手机：13900000001 → （空）' })).toBeVisible({ timeout: 30_000 });
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/changes-1440.png` });
    const phone = first();
    await openFile(phone);
    await phone.page.getByRole('tab', { name: '变更' }).click();
    await expect(phone.page.getByRole('listitem').filter({ hasText: '手机：13900000001 → （空）' })).toBeVisible({ timeout: 30_000 });
    if (process.env.SHOTS) await phone.page.screenshot({ path: `${process.env.SHOTS}/changes-360.png` });
    await server.kill();
    await phone.page.getByRole('tab', { name: /走访/ }).click();
    await phone.page.getByRole('tab', { name: '变更' }).click();
    await expect(phone.page.getByText('连不上镇里，看不了变更')).toBeVisible({ timeout: 60_000 });
  });
});
