import { expect } from '@playwright/test';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './chance.ts';
import { Disk, type Damage } from './damage.ts';
import { count, incidents } from './database.ts';
import { demoOffice } from './demo.ts';
import { ALL_VILLAGES, deviceCode, WORKER } from './office.ts';
import { Phone } from './phone.ts';
import { until, type Server } from './server.ts';

const SENT = '0570-5000001';
const UNSENT = ['0570-5000002', '0570-5000003'];
/** Words that tell a worker that the phone lost something. */
const WORDS = /存储出了问题|丢过|丢了|丢失|损坏|缺了|被清|没能保住/;

/** A phone with work that is sent and work that is not, an older copy of it, another phone, and the office of that moment. */
class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'huifang-damage-'));
  code = '';

  private constructor(readonly server: Server) {}

  static async make(families: number): Promise<Stand> {
    const server = await demoOffice(families);
    server.must('account', 'assign', WORKER.user, '--scope', ALL_VILLAGES);
    const stand = new Stand(server);
    const [phone, other] = [new Phone(server.url), new Phone(server.url)];
    try {
      await stand.enrol(other);
      await stand.put(other, 'other');
      await stand.enrol(phone);
      stand.code = phone.code;
      await stand.save(phone, 0, '0570-5000000');
      await stand.sync(phone);
      await stand.put(phone, 'old');
      await phone.start();
      await phone.unlock();
      await stand.save(phone, 1, SENT);
      await stand.sync(phone);
      await server.kill();
      for (const [index, number] of UNSENT.entries()) await stand.save(phone, 2 + index, number);
      await stand.put(phone, 'base');
      cpSync(server.dataDir, join(stand.folder, 'office'), { recursive: true, filter: (file) => !file.endsWith('.sock') });
      return stand;
    } finally {
      await phone.device.dispose();
      await other.device.dispose();
    }
  }

  profile(name: 'base' | 'old' | 'other'): string {
    return join(this.folder, name);
  }

  /** The office as it was when the phone was put away. */
  async office(): Promise<void> {
    await this.server.kill();
    rmSync(this.server.dataDir, { recursive: true, force: true });
    cpSync(join(this.folder, 'office'), this.server.dataDir, { recursive: true });
    await this.server.start();
  }

  async enrol(phone: Phone): Promise<void> {
    await phone.enrol(deviceCode(this.server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage(120_000);
  }

  async sync(phone: Phone): Promise<void> {
    await phone.syncNow();
    await expect(phone.page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 60_000 });
  }

  async dispose(): Promise<void> {
    await this.server.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async put(phone: Phone, name: string): Promise<void> {
    await phone.device.shutDown();
    cpSync(phone.device.profile, join(this.folder, name), { recursive: true });
  }

  private async save(phone: Phone, family: number, number: string): Promise<void> {
    await phone.openFile(family);
    await phone.change('联系和住址', '其他联系方式', number);
  }
}

interface Outcome {
  door: string;
  words: string;
  incident: string;
  unsentArrived: number;
  usable: boolean;
}

async function startAfter(stand: Stand, damage: Damage): Promise<Outcome | undefined> {
  await stand.office();
  const phone = new Phone(stand.server.url);
  phone.code = stand.code;
  try {
    phone.device.adopt(stand.profile('base'));
    const [old, other] = [new Disk(stand.profile('old')), new Disk(stand.profile('other'))];
    if (!damage.to(new Disk(phone.device.profile), old, other)) return undefined;
    await phone.start();
    const { page } = phone;
    const [unlock, enrol] = [page.getByLabel('手机锁码'), page.getByLabel('启用码')];
    await expect(unlock.or(enrol)).toBeVisible({ timeout: 60_000 });
    const door = (await enrol.isVisible()) ? 'enrolment' : 'unlock';
    const seen: string[] = [await page.locator('main').innerText()];
    let opened = false;
    if (door === 'unlock') {
      await unlock.fill(phone.code);
      await page.getByRole('button', { name: '打开' }).click();
      opened = await expect(unlock).toBeHidden({ timeout: 30_000 }).then(() => true, () => false);
      seen.push(await page.locator('main').innerText());
    } else {
      await page.close();
      await phone.device.kill();
      await stand.enrol(phone);
      opened = true;
    }
    if (opened) {
      await phone.syncNow();
      await until(async () => (await phone.page.getByRole('button', { name: '现在同步' }).count()) === 1, 'the sync ends', 60_000);
      for (const path of ['/outbox', '/attention', '/']) {
        await phone.go(path);
        await expect(phone.page.getByRole('heading').first()).toBeVisible();
        seen.push(await phone.page.locator('main').innerText());
      }
      await phone.go('/recipients');
    }
    const usable = opened && (await expect(phone.page.getByRole('list').getByRole('link').first()).toBeVisible().then(() => true, () => false));
    const arrived = UNSENT.filter((number) => count(stand.server, `changeset WHERE body LIKE '%${number}%'`) > 0).length;
    return {
      door, usable, unsentArrived: arrived, words: WORDS.exec(seen.join('\n'))?.[0] ?? 'none',
      incident: incidents(stand.server).join(' ') || 'none',
    };
  } finally {
    await phone.device.dispose();
  }
}

/** Damages a phone's storage in each way, starts it again, and looks at what phone and office say. */
export async function damagedStorage(damages: Damage[], families: number): Promise<void> {
  const stand = await Stand.make(families);
  const tally = { damages: 0, reported: 0, worded: 0, usable: 0 };
  try {
    for (const damage of damages) {
      const outcome = await startAfter(stand, damage);
      if (!outcome) {
        console.log(`F8 ${damage.what}: there is no such file`);
        continue;
      }
      console.log(`F8 ${damage.what}: door ${outcome.door}, incident ${outcome.incident}, words ${outcome.words}, `
        + `unsent arrived ${outcome.unsentArrived} of ${UNSENT.length}, records usable ${outcome.usable}`);
      const lost = outcome.unsentArrived < UNSENT.length;
      const isReported = outcome.incident !== 'none';
      tally.damages += 1;
      tally.reported += Number(isReported);
      tally.worded += Number(outcome.words !== 'none');
      tally.usable += Number(outcome.usable);
      if (!damage.loses) expect.soft(lost, `${damage.what}: unsent work`).toBe(false);
      if (lost) {
        if (!damage.leavesNoNumbers) expect.soft(isReported, `${damage.what}: the loss is reported to the office`).toBe(true);
        expect.soft(outcome.words, `${damage.what}: the loss is said to the worker`).not.toBe('none');
      }
      expect.soft(outcome.usable, `${damage.what}: the records can be used`).toBe(true);
    }
    report('F8', tally);
  } finally {
    await stand.dispose();
  }
}
