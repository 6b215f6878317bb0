import { expect, test } from '@playwright/test';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { demoOffice } from './support/demo.ts';
import { ALL_VILLAGES, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { Recorder } from './support/recorder.ts';
import { VisitForm } from './support/visit_form.ts';

/** The name of the release, as `src/server/fixtures/releases` has it. */
const RELEASE = process.env.RELEASE;

/** What the app of a release sends in a day, with the office as it was before: every later server is played it again. */
test('a day of a release is recorded', async () => {
  if (!RELEASE) throw new Error('RELEASE names the release');
  const server = await demoOffice(12);
  server.must('account', 'assign', WORKER.user, '--scope', ALL_VILLAGES);
  const recorder = await Recorder.before(server.port);
  const phone = new Phone(recorder.url);
  try {
    const code = deviceCode(server, WORKER.user);
    const folder = join(import.meta.dirname, '../src/server/fixtures/releases', RELEASE);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const backup = `${server.dataDir}-backup`;
    server.must('backup', backup);
    const copy = readdirSync(backup).find((name) => /^\d{8}-/.test(name))!;
    writeFileSync(join(folder, 'huifang.db.gz'), gzipSync(readFileSync(join(backup, copy, 'huifang.db')), { level: 9 }));
    copyFileSync(join(server.dataDir, 'server.key'), join(folder, 'server.key'));
    const at = Date.now();

    await phone.enrol(code, WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await server.kill();
    const { page } = phone;
    await phone.openFile(0);
    await phone.change('联系和住址', '其他联系方式', '0570-1234567');
    await phone.openFile(1);
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.foundDead();
    await form.signAndFinish();
    await server.start();
    await phone.syncNow();
    await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 60_000 });
    await expect(page.getByTestId('photos-waiting').getByRole('definition')).toHaveText('0', { timeout: 60_000 });

    writeFileSync(join(folder, 'day.json'), `${JSON.stringify({ at, requests: recorder.requests }, null, 1)}\n`);
    console.log(`${recorder.requests.length} requests in ${folder}`);
  } finally {
    await phone.device.dispose();
    await recorder.dispose();
    await server.dispose();
    rmSync(`${server.dataDir}-backup`, { recursive: true, force: true });
  }
});
