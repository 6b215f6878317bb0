import { expect, test, type Page } from '@playwright/test';
import { Chance, repetitions, report } from '../support/chance.ts';
import { count, rows } from '../support/database.ts';
import { demoOffice } from '../support/demo.ts';
import { deviceCode, TOWNSHIP, WORKER } from '../support/office.ts';
import { Phone } from '../support/phone.ts';
import { until, type Server } from '../support/server.ts';
import { SlowLink } from '../support/slow_link.ts';
import { VisitForm } from '../support/visit_form.ts';

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
    server.must('account', 'assign', WORKER.user, '--scope', TOWNSHIP);
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
    const { page } = phone;
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('账号').fill(WORKER.user);
    await page.getByLabel('密码').fill(WORKER.password);
    await page.getByRole('button', { name: '登录' }).click();
    phone.code = (await page.getByTestId('device-code').innerText()).replaceAll(/\s/g, '');
    await page.getByRole('button', { name: '抄好了' }).click();
    await page.getByLabel('手机锁码').fill(phone.code);
    await appIsStored(page);
    await link.become('slow');
    link.forgetTraffic();
    const begun = Date.now();
    await page.getByRole('button', { name: '开始使用' }).click();
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
    const times: number[] = [];
    const up: number[] = [];
    const down: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await link.become('dead');
      for (let n = 0; n < SAVES; n += 1) await changeNumber(phone, n, `0570-${2_000_000 + round * SAVES + n}`);
      await phone.go('/outbox');
      await expect(onPhone(phone)).toHaveText(String(SAVES));
      link.forgetTraffic();
      // A sync begins anywhere between two resets.
      await link.become('slow', chance.below(30_000));
      const begun = Date.now();
      await phone.syncNow();
      await expect(onPhone(phone)).toHaveText('0', { timeout: 120_000 });
      times.push((Date.now() - begun) / 1000);
      await expect(phone.page.getByRole('button', { name: '现在同步' })).toBeEnabled({ timeout: 60_000 });
      up.push(link.up.bytes);
      down.push(link.down.bytes);
    }
    const sent = count(server, "changeset WHERE body LIKE '%0570-2%'");
    report('F13 sync of 20 changes', {
      rounds, 'p50 s': percentile(times, 0.5).toFixed(1), 'p95 s': percentile(times, 0.95).toFixed(1), 'most s': Math.max(...times).toFixed(1), 'KB up p50': kb(percentile(up, 0.5)),
      'KB up most': kb(Math.max(...up)), 'KB down p50': kb(percentile(down, 0.5)), 'KB down most': kb(Math.max(...down)), 'changes at the office': sent,
    });
    expect(sent).toBe(rounds * SAVES);
    expect.soft(percentile(times, 0.95), 'p95 of the seconds').toBeLessThanOrEqual(15);
    expect.soft(percentile(up, 0.5) / 1024, 'KB up').toBeLessThanOrEqual(12);
    expect.soft(percentile(down, 0.5) / 1024, 'KB down').toBeLessThanOrEqual(12);
  });

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

/** Everything of the app lies in the cache of the service worker, so that none of it is fetched later. */
async function appIsStored(page: Page): Promise<void> {
  await until(() => page.evaluate(async () => {
    const ready = await navigator.serviceWorker.getRegistration();
    return ready?.active?.state === 'activated';
  }), 'the app is stored', 60_000);
}

async function changeNumber(phone: Phone, family: number, text: string): Promise<void> {
  await phone.openFile(family);
  await phone.change('联系和住址', '其他联系方式', text);
}
