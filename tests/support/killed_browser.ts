import { expect, type Locator, type Page } from '@playwright/test';
import { Chance, report } from './chance.ts';
import { Claims } from './claims.ts';
import { count, incidents, newestDevice } from './database.ts';
import { demoOffice } from './demo.ts';
import { deviceCode, WORKER } from './office.ts';
import { Phone } from './phone.ts';
import { until, type Server } from './server.ts';
import { VisitForm } from './visit_form.ts';

const KILL_WITHIN_MS = 400;

/** One phone whose browser is killed again and again, and what it had claimed before each kill. */
class Victim {
  readonly phone: Phone;
  claims = new Claims();
  claimed = 0;
  /** The numbers that the file was given, in order, with whether the page called them saved. */
  readonly numbers: { text: string; claimed: boolean }[] = [];
  readonly finished: string[] = [];

  constructor(readonly server: Server, readonly chance: Chance) {
    this.phone = new Phone(server.url);
  }

  get page(): Page {
    return this.phone.page;
  }

  async enrol(): Promise<void> {
    await this.phone.enrol(deviceCode(this.server, WORKER.user), WORKER.user, WORKER.password);
    await this.phone.isReadyForTheVillage();
  }

  /** Kills at a random moment after what was tapped just now, and starts the browser on the page of before. */
  async killSoon(): Promise<Claims> {
    const path = new URL(this.page.url()).pathname;
    // Early moments are likelier: a save is over soon.
    const after = KILL_WITHIN_MS * this.chance.next() * this.chance.next();
    await new Promise((resolve) => setTimeout(resolve, after));
    await this.phone.device.kill();
    const before = this.claims;
    await this.phone.start(path);
    await this.phone.unlock();
    this.claims = new Claims();
    await this.claims.watch(this.page);
    return before;
  }

  async file(index: number): Promise<void> {
    await this.phone.openFile(index);
  }

  /** Starts a visit to the family at this place of the list, or to the next one without a visit under way. */
  async startVisit(index: number): Promise<VisitForm> {
    await this.file(index);
    if (await this.page.getByRole('link', { name: '接着填' }).isVisible()) return this.startVisit(index + 1);
    await this.page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(this.page);
    await expect(form.question('A01')).toBeVisible();
    return form;
  }

  /** A telephone number is saved into the file of one family. */
  async changeNumber(round: number): Promise<void> {
    const text = `0570-${1_000_000 + round}`;
    const { page } = this;
    const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '联系和住址', exact: true }) });
    // A sync that ends meanwhile builds the page anew and takes the open sheet with it: then it is opened again.
    await expect(async () => {
      const soon = { timeout: 2_000 };
      const sheet = page.getByRole('dialog').first();
      if (!(await sheet.isVisible())) await group.getByRole('button', { name: '修改' }).click(soon);
      const row = sheet.getByRole('button', { name: '其他联系方式' });
      if (await row.isVisible()) await row.click(soon);
      await sheet.getByRole('textbox').fill(text, soon);
      await tap(sheet.getByRole('button', { name: '保存' }));
    }).toPass({ timeout: 60_000 });
    const { notices } = await this.killSoon();
    const claimed = notices.some((notice) => notice.includes('已存到手机'));
    this.claimed += Number(claimed);
    this.numbers.push({ text, claimed });
    await expect(this.page.getByRole('button', { name: '开始走访' })).toBeVisible();
    const shown = await this.page.locator('main').innerText();
    const last = this.numbers.findLast((number) => shown.includes(number.text));
    const due = this.numbers.findLastIndex((number) => number.claimed);
    expect(last ? this.numbers.indexOf(last) : -1, `round ${round}: a number that was called saved is gone; the file shows ${last?.text}`)
      .toBeGreaterThanOrEqual(due);
  }

  /** An answer is typed sign by sign. */
  async typeAnswer(round: number): Promise<void> {
    const form = new VisitForm(this.page);
    const text = `第${round}次：屋顶漏雨，${'想问修房的补助怎么申请。'.repeat(1 + this.chance.below(8))}`;
    const box = form.question('A27').getByRole('textbox').last();
    await box.fill('');
    await form.isSaved();
    this.claims.form.length = 0;
    await box.focus();
    const typing = this.page.keyboard.type(text, { delay: 4 }).catch(() => undefined);
    const { form: saved } = await this.killSoon();
    await typing;
    const said = saved.at(-1) ?? '';
    this.claimed += Number(said !== '');
    const again = new VisitForm(this.page).question('A27').getByRole('textbox').last();
    await expect(again).toBeVisible();
    const kept = await again.inputValue();
    expect(kept.startsWith(said), `round ${round}: the form had called 「${said}」 saved and shows 「${kept}」`).toBe(true);
    expect(text.startsWith(kept), `round ${round}: 「${kept}」 was never typed`).toBe(true);
  }

  /** A whole visit is finished: its draft goes and its changeset comes, or neither. */
  async finishVisit(index: number): Promise<void> {
    const form = await this.startVisit(index);
    const visit = new URL(this.page.url()).pathname.split('/')[2]!;
    await form.choose('A01', '电话');
    await form.choose('A02', '未见到');
    await form.choose('A03', '搬迁', '去世');
    await form.question('A04').getByRole('button', { name: '昨天' }).click();
    await form.sign('A30.1');
    await form.question('A30.2').getByRole('button', { name: '三个月后' }).click();
    await form.isSaved();
    await tap(this.page.getByRole('button', { name: '完成走访' }));
    const { notices } = await this.killSoon();
    const claimed = notices.some((notice) => notice.includes('走访已完成'));
    this.claimed += Number(claimed);
    const draft = this.page.getByRole('button', { name: '完成走访' });
    const done = this.page.getByRole('heading', { name: /走访/ }).first();
    const gone = this.page.getByText('这次走访没有没填完的表');
    await expect(draft.or(gone).or(done).first()).toBeVisible();
    if (await draft.isVisible()) {
      expect(claimed, 'a visit that was called finished is a draft again').toBe(false);
      await draft.click();
      await expect(this.page.getByText('走访已完成，存在手机里')).toBeVisible();
    }
    this.finished.push(visit);
  }
}

/** Presses a button without waiting for what follows, as Playwright's click does. */
async function tap(button: Locator): Promise<void> {
  await button.evaluate((element) => { setTimeout(() => (element as HTMLElement).click(), 0); }, undefined, { timeout: 2_000 });
}

/** Kills the browser so often while it saves, and checks after each kill what it had called saved. */
export async function killedInMidSave(kills: number): Promise<void> {
  const chance = new Chance();
  console.log(`seed ${chance.seed}`);
  const server = await demoOffice(60);
  const victim = new Victim(server, chance);
  try {
    await victim.enrol();
    await victim.claims.watch(victim.page);
    const finishes = Math.max(1, Math.floor(kills / 10));
    const numbers = Math.floor((kills - finishes) / 2);
    await victim.file(0);
    for (let round = 0; round < numbers; round += 1) await victim.changeNumber(round);
    console.log(`${numbers} kills while a number was saved into a file`);
    const form = await victim.startVisit(1);
    await form.choose('A26', '住房');
    await form.isSaved();
    for (let round = numbers; round < kills - finishes; round += 1) await victim.typeAnswer(round);
    console.log(`${kills - finishes - numbers} kills while an answer was typed`);
    for (let index = 0; index < finishes; index += 1) await victim.finishVisit(2 + (index % 8));
    console.log(`${finishes} kills while a visit was finished`);
    await arrived(victim);
    expect(incidents(server), 'false storage incidents').toEqual([]);
    const device = `device = '${newestDevice(server)}'`;
    expect(count(server, `device_seq WHERE ${device}`), 'incarnations').toBe(1);
    report('F7', {
      kills, 'of them after the page had said saved': victim.claimed, 'called saved and lost': 0, torn: 0,
      'false incidents': incidents(server).length, 'changesets at the office': count(server, `seq_id WHERE ${device}`),
    });
  } catch (error) {
    await tellState(victim.phone);
    throw error;
  } finally {
    await victim.phone.device.dispose();
    await server.dispose();
  }
}

/** Everything is at the office, once. */
async function arrived(victim: Victim): Promise<void> {
  const { server, phone } = victim;
  await phone.syncNow();
  await expect(phone.page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 60_000 });
  const times = (text: string) => count(server, `changeset WHERE body LIKE '%${text}%'`);
  for (const { text, claimed } of victim.numbers) {
    if (claimed) expect(times(text), `${text} at the office`).toBe(1);
    else expect(times(text), `${text} at the office`).toBeLessThan(2);
  }
  for (const visit of victim.finished) {
    await until(() => count(server, `record WHERE e = '${visit}' AND kind = 'visit'`) === 1, `the visit ${visit} is at the office`);
    expect(times(`"e":"${visit}"%"type":"visit"`), `the visit ${visit} at the office`).toBe(1);
  }
}

/** What a page that did not come shows, and how far it got. */
async function tellState(phone: Phone): Promise<void> {
  const state = phone.page.evaluate(() => ({
    at: location.href, ready: document.readyState, shows: document.body?.innerText.slice(0, 200), html: document.documentElement.outerHTML.length,
    controlled: navigator.serviceWorker?.controller?.scriptURL, after: performance.now(),
    loaded: performance.getEntriesByType('resource').map((entry) => `${entry.name.split('/').pop()} ${Math.round(entry.startTime)}+${Math.round(entry.duration)}`),
  }));
  const late = new Promise<string>((resolve) => { setTimeout(() => resolve('the page does not answer'), 10_000); });
  console.log(JSON.stringify(await Promise.race([state.catch(String), late]), undefined, 1));
  console.log(phone.complaints.join('\n'));
}
