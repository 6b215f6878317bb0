import { expect, test } from '@playwright/test';
import { Chance, repetitions, report } from '../support/chance.ts';
import { count, rows } from '../support/database.ts';
import { demoOffice } from '../support/demo.ts';
import { ALL_VILLAGES, deviceCode, WORKER } from '../support/office.ts';
import { Phone } from '../support/phone.ts';
import { until, type Server } from '../support/server.ts';
import { SlowLink } from '../support/slow_link.ts';
import { greetByPost, VisitForm } from '../support/visit_form.ts';

const SAVES = 20;

function percentile(figures: number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

const kb = (bytes: number): string => (bytes / 1024).toFixed(1);

test.describe.serial('F13: 40 kbit/s, 800 ms round trip, a reset every 30 s', () => {
  let server: Server;
  let link: SlowLink;
  let phone: Phone;
  const chance = new Chance();

  test.beforeAll(async () => {
    console.log(`seed ${chance.seed}`);
    server = await demoOffice(70);
    server.must('account', 'assign', WORKER.user, '--scope', ALL_VILLAGES);
    link = await SlowLink.before(server.port);
    phone = new Phone(link.url);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await link?.dispose();
    await server?.dispose();
  });

  test('the first sync of 70 families', async () => {
    const code = deviceCode(server, WORKER.user);
    await phone.start(`/enrol#${code}`);
    await phone.enrolUpToTheEnd(WORKER.user, WORKER.password);
    await link.become('slow');
    link.forgetTraffic();
    const begun = Date.now();
    await phone.page.getByRole('button', { name: '开始使用' }).click();
    await phone.isReadyForTheVillage(180_000);
    const seconds = (Date.now() - begun) / 1000;
    const families = count(server, "record WHERE kind = 'recipient' AND del = 0");
    report('F13 first sync', { families, seconds: seconds.toFixed(1), 'KB up': kb(link.up.bytes), 'KB down': kb(link.down.bytes), resets: link.resets });
    expect.soft(seconds, 'seconds of the first sync').toBeLessThanOrEqual(60);
    expect.soft(link.down.bytes / 1024, 'KB of the first sync').toBeLessThanOrEqual(120);
  });

  test('20 changes of files', async () => {
    const rounds = repetitions(20);
    test.setTimeout(rounds * 180_000);
    await sync20('changes', rounds, async (round, n) => {
      const changed = `0570-${2_000_000 + round * SAVES + n}`;
      await phone.openFile(n);
      await phone.change('联系和住址', '其他联系方式', changed);
    }, 12);
    expect(count(server, "changeset WHERE body LIKE '%0570-2%'"), 'changes at the office').toBe(rounds * SAVES);
  });

  test('20 short visits', async () => {
    const rounds = repetitions(20);
    test.setTimeout(rounds * 300_000);
    await sync20('short visits', rounds, (round, n) => greetByPost(phone.page, n, `屋顶漏雨，第 ${round * SAVES + n} 次说`));
    expect(count(server, "record WHERE kind = 'visit' AND body LIKE '%屋顶漏雨%'"), 'visits at the office').toBe(rounds * SAVES);
  });

  /** Saves twenty times without a line, then sends it all over the slow one, from any moment between two resets. */
  async function sync20(what: string, rounds: number, save: (round: number, n: number) => Promise<void>, kbMax = Infinity): Promise<void> {
    const times: number[] = [];
    const up: number[] = [];
    const down: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await link.become('dead');
      for (let n = 0; n < SAVES; n += 1) await save(round, n);
      await phone.go('/outbox');
      await expect(onPhone(phone)).toHaveText(String(SAVES));
      link.forgetTraffic();
      await link.become('slow', chance.below(30_000));
      const begun = Date.now();
      await phone.syncNow();
      await expect(onPhone(phone)).toHaveText('0', { timeout: 120_000 });
      times.push((Date.now() - begun) / 1000);
      await expect(phone.page.getByRole('button', { name: '现在同步' })).toBeEnabled({ timeout: 60_000 });
      up.push(link.up.bytes - link.up.lost);
      down.push(link.down.bytes - link.down.lost);
      again.push(link.up.lost + link.down.lost);
      console.log(`${what}, round ${round}: ${times.at(-1)!.toFixed(1)} s, KB up ${kb(up.at(-1)!)}, down ${kb(down.at(-1)!)}, lost to a reset ${kb(again.at(-1)!)}`);
    }
    const spread = (bytes: number[]): string => [0.5, 0.95, 1].map((share) => kb(percentile(bytes, share))).join(' / ');
    report(`F13 sync of 20 ${what}`, {
      rounds, 'p50 s': percentile(times, 0.5).toFixed(1), 'p95 s': percentile(times, 0.95).toFixed(1), 'most s': Math.max(...times).toFixed(1),
      'KB up p50 / p95 / most': spread(up), 'KB down p50 / p95 / most': spread(down),
      'rounds in which a reset cut an exchange': again.filter((bytes) => bytes > 0).length, 'KB that went once more for it, at most': kb(Math.max(...again)),
    });
    expect.soft(percentile(times, 0.95), 'p95 of the seconds').toBeLessThanOrEqual(15);
    expect.soft(percentile(up, 0.95) / 1024, 'p95 of KB up').toBeLessThanOrEqual(kbMax);
    expect.soft(percentile(down, 0.95) / 1024, 'p95 of KB down').toBeLessThanOrEqual(kbMax);
  }

  test('a photo', async () => {
    await link.become('dead');
    const { page } = phone;
    await phone.openFile(2);
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.foundDead(240);
    await form.signAndFinish();
    await link.become('slow');
    link.forgetTraffic();
    const begun = Date.now();
    await phone.syncNow();
    await until(() => count(server, "record WHERE kind = 'visit' AND body LIKE '%去世%'") > 0, 'the words are at the office', 120_000);
    const words = (Date.now() - begun) / 1000;
    const states = () => rows(server, 'SELECT state FROM blob');
    await until(() => states().length >= 3 && states().every((state) => state === 'verified'), 'the photo is at the office', 600_000);
    const bytes = Number(rows(server, 'SELECT max(bytes) FROM blob')[0]);
    report('F13 a photo', {
      'KB of the photo': kb(bytes), 'seconds for the words': words.toFixed(1), 'seconds for all': ((Date.now() - begun) / 1000).toFixed(1),
      'KB up': kb(link.up.bytes), resets: link.resets,
    });
    await expect(page.getByTestId('photos-waiting').getByRole('definition')).toHaveText('0', { timeout: 60_000 });
  });
});

function onPhone(phone: Phone) {
  return phone.page.getByTestId('on-phone').getByRole('definition');
}
