import { expect, test } from '@playwright/test';
import { count, rows, values } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { demoOffice } from './support/demo.ts';
import { shoot } from './support/look.ts';
import { CLERK } from './support/office.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { Planter } from './support/planter.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const of = (kind: string): string => `record WHERE kind = '${kind}' AND del = 0`;

/** A follow-up at which somebody is gravely ill, to the end. */
async function ill(phone: Phone): Promise<void> {
  await phone.page.getByRole('button', { name: '开始走访' }).click();
  const form = new VisitForm(phone.page);
  await form.choose('A01', '电话');
  for (const [code, answer] of [['A02', '本人'], ['A05', '是'], ['A07', '否'], ['A09', '按时足额'], ['A10', '重病'], ['A11', '否'],
    ['A14', '自理'], ['A16', '居民医保'], ['A18', '持平'], ['A19', '无'], ['A21', '无在读'], ['A23', '已领'], ['A26', '无']] as const) {
    if (await form.question(code).count()) await form.choose(code, answer);
  }
  for (const code of ['A13', 'A24', 'A25']) {
    const mark = form.question(code).getByRole('radio').first();
    if (await mark.count()) await mark.check();
  }
  await form.sign('A30.1');
  await form.question('A30.2').getByRole('button', { name: '三个月后' }).click();
  await form.isSaved();
  await form.finish();
}

test.describe.serial('a need that the office deletes behind a visit', () => {
  test.setTimeout(300_000);
  let server: Server;
  let phone: Phone;
  let desk: Desk | undefined;
  let before = { visits: 0, needs: 0 };

  test.beforeAll(async () => {
    server = await demoOffice(30);
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a visit opens it', async () => {
    before = { visits: count(server, of('visit')), needs: count(server, of('need')) };
    await phone.openFile(0);
    await ill(phone);
    await phone.syncNow();
    await until(() => count(server, of('need')) === before.needs + 1, 'the need is at the office', 60_000);
    expect(count(server, of('visit'))).toBe(before.visits + 1);
  });

  test('the next visit sees it again where there is no signal, and meanwhile it is deleted', async () => {
    await server.kill();
    await phone.openFile(0);
    await ill(phone);
    await phone.device.kill();
    await server.start();
    const newest = rows(server, `SELECT e FROM ${of('need')} ORDER BY rev DESC LIMIT 1`)[0]!;
    const clerk = new Planter(server);
    await clerk.login(CLERK.user, CLERK.password);
    await clerk.save({ op: 'delete', e: newest, base: { rev: '1.1000000', ops: [] }, reason: '误录' });
    expect(count(server, of('need'))).toBe(before.needs);
  });

  test('the visit arrives, and what it says of the need waits for a person', async ({ browser }) => {
    await phone.start();
    await phone.unlock();
    await phone.syncNow();
    await until(() => count(server, of('visit')) === before.visits + 2, 'the visit is at the office', 60_000);
    await until(() => count(server, of('held')) === 1, 'what it says of the need is held', 60_000);
    expect(values(server, 'held', 'why').join()).toContain('deleted');
    await until(() => count(server, of('need')) === before.needs + 1, 'what another visit says anew is a need of its own');
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
    await desk.go('待处理');
    await desk.page.getByRole('tab', { name: /搁置/ }).click();
    await expect(desk.page.locator('article.decide')).toHaveCount(1, { timeout: 30_000 });
    await shoot(desk.page, 'deleted-need');
  });
});
