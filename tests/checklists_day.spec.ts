import { expect, test, type Page } from '@playwright/test';
import { count, values } from './support/database.ts';
import type { Desk } from './support/desk.ts';
import { listedOffice } from './support/listed_office.ts';
import { shoot } from './support/look.ts';
import { openFile, type Phone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** What a worker fills in by a checklist, and what the desk reads of it. 定期回访 is the day of `story.spec.ts`, 困难核查 that of `help.spec.ts`. */
interface Errand {
  checklist: string;
  /** The kind of visit that asks by it, as the office has it. */
  kind: string;
  /** A question that 完成 misses at first. */
  missing: string;
  choose: Record<string, string[]>;
  write?: Record<string, string>;
  days?: Record<string, string>;
  photos?: string[];
  sign?: string[];
  seen: string[];
}

const ERRANDS: Errand[] = [
  {
    checklist: '节日慰问表', kind: 'festival', missing: 'F10',
    choose: { F02: ['入户'], F03: ['本人'], F06: ['有慢性病'], F07: ['有'] },
    write: { F01: '双桥镇政府', F04: '600', 'F05.1': '大米一袋', 'F05.2': '80', F08: '屋顶漏雨' },
    photos: ['F09'], sign: ['F10'], seen: ['双桥镇政府', '大米一袋', '屋顶漏雨'],
  },
  {
    checklist: '年度确认表', kind: 'annual_confirmation', missing: 'C13',
    choose: { C01: ['入户'], C02: ['在世'], C04: ['是'], C06: ['一致'], C07: ['无变化'], C11: ['无变化'], C13: ['暂缓'] },
    write: { C14: '等户籍证明' }, sign: ['C15.1', 'C15.2'], seen: ['暂缓', '等户籍证明'],
  },
  {
    checklist: '光荣牌悬挂登记表', kind: 'plaque', missing: 'P06.2',
    choose: { P01: ['更换'], P02: ['褪色'], P05: ['大门'] },
    photos: ['P06.1', 'P06.2'], sign: ['P07'], seen: ['更换', '褪色', '大门'],
  },
  {
    checklist: '送喜报登记表', kind: 'merit_notice', missing: 'M01',
    choose: { M02: ['三等功'], 'M03.2': ['县级'], M06: ['无'] },
    write: { M01: '喜2026-17', 'M03.1': '县退役军人事务局', 'M04.1': '2000' },
    photos: ['M05'], sign: ['M04.2'], seen: ['喜2026-17', '三等功', '县退役军人事务局'],
  },
  {
    checklist: '去世、丧葬登记表', kind: 'sick_or_death', missing: 'D01',
    choose: { 'D02.1': ['死亡证明', '火化证'], D04: ['待乡镇核定'], D05: ['是'], D07: ['保留'], D08: ['优待证'] },
    write: { D06: '李秀兰，妻子' }, days: { D01: '昨天', D03: '昨天' },
    photos: ['D02.2'], sign: ['D09'], seen: ['待乡镇核定', '李秀兰，妻子'],
  },
  {
    checklist: '新退役报到走访表', kind: 'new_report', missing: 'R01',
    choose: { R05: ['自主就业'], R06: ['创业'], R07: ['创业培训'], 'R08.1': ['已办'], 'R08.2': ['未办'], 'R08.3': ['不是党员'], R09: ['优待证', '光荣牌'] },
    days: { R01: '昨天', R02: '今天' }, sign: ['R10'], seen: ['自主就业', '创业培训', '不是党员'],
  },
];

async function fill(form: VisitForm, errand: Errand): Promise<void> {
  for (const [code, options] of Object.entries(errand.choose)) await form.choose(code, ...options);
  for (const [code, text] of Object.entries(errand.write ?? {})) await form.write(code, text);
  for (const [code, day] of Object.entries(errand.days ?? {})) await form.question(code).getByRole('button', { name: day, exact: true }).click();
  for (const code of errand.photos ?? []) await form.photograph(code);
  for (const code of errand.sign ?? []) await form.sign(code);
  await form.isSaved();
}

/** Writes the name of somebody without an account. */
async function comeAlong(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^同行人/ }).click();
  await page.getByRole('dialog').first().getByLabel('没有账号的人，写姓名').fill(name);
  await page.getByRole('dialog').first().getByRole('button', { name: '加上' }).click();
  await page.keyboard.press('Escape');
}

test.describe.serial('a day with every checklist', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;
  const families: string[] = [];

  test.beforeAll(async ({ browser }) => {
    ({ server, desk, phone } = await listedOffice(browser));
    await server.kill();
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  for (const [index, errand] of ERRANDS.entries()) {
    test(`${errand.checklist}, without a line`, async () => {
      const { page } = phone;
      await openFile(page, index);
      families.push((await page.getByRole('heading', { level: 1 }).innerText()).trim());
      await page.getByRole('button', { name: '其他走访' }).click();
      await page.getByRole('dialog').getByRole('button', { name: errand.checklist, exact: true }).click();
      const form = new VisitForm(page);
      if (index === 0) await comeAlong(page, '王强');
      await expect(page.getByRole('button', { name: /^同行人.*王强/ }), 'whoever came along does so all day').toBeVisible();
      const first = Object.entries(errand.choose)[0]!;
      await form.choose(first[0], ...first[1]);
      await form.isSaved();
      await page.getByRole('button', { name: '完成走访' }).click();
      await expect(page.getByText(/还差 \d+ 题/)).toBeVisible();
      await expect(page.getByRole('dialog').getByRole('button', { name: new RegExp(`${errand.missing.replace('.', '\\.')} ·`) })).toBeVisible();
      await page.keyboard.press('Escape');
      await fill(form, errand);
      await form.finish();
      await expect(page).toHaveURL(/\/visits\/[0-9a-f-]+$/);
    });
  }

  test('back in the office the desk reads what was answered', async () => {
    test.setTimeout(120_000);
    await server.start();
    await until(() => count(server, "record WHERE kind = 'visit'") === ERRANDS.length, 'every visit is at the office', 60_000);
    expect(count(server, "record WHERE kind = 'held'")).toBe(0);
    expect(values(server, 'visit', 'kind').sort()).toEqual(ERRANDS.map((errand) => errand.kind).sort());
    for (const visitors of values(server, 'visit', 'visitors')) expect(JSON.parse(visitors)).toEqual([expect.any(String), '王强']);
    const { page } = desk;
    for (const [index, errand] of ERRANDS.entries()) {
      await desk.go('审核');
      const row = page.getByText(families[index]!).first();
      await expect(row).toBeVisible({ timeout: 60_000 });
      await row.click();
      for (const words of errand.seen) await expect(page.getByText(words).first(), `${errand.checklist}: ${words}`).toBeVisible({ timeout: 30_000 });
    }
  });

  test('the plaque that was hung stands in the file once the office accepts it', async () => {
    expect(values(server, 'recipient', 'plaque_hung_on')).toEqual([]);
    const { page } = desk;
    await desk.go('待处理');
    const plaque = page.locator('.decide').filter({ hasText: '光荣牌悬挂登记' });
    await expect(plaque).toHaveCount(1, { timeout: 60_000 });
    await shoot(page, 'plaque-proposal');
    await plaque.getByRole('button', { name: '同意', exact: true }).click();
    await expect(page.getByText('已同意，档案已改')).toBeVisible();
    await until(() => values(server, 'recipient', 'plaque_hung_on').length === 1, 'the day stands in the file', 60_000);
    expect(values(server, 'recipient', 'plaque')).toContain('hung');
  });
});
