import { expect, type Page } from '@playwright/test';
import { Chance, report } from './chance.ts';
import { count, incidents, newestDevice, rows } from './database.ts';
import { demoOffice } from './demo.ts';
import { goInside } from './go_inside.ts';
import { deviceCode, WORKER } from './office.ts';
import { openFile, Phone } from './phone.ts';
import { until, type Server } from './server.ts';

/** A phone whose vault is open in several tabs of its browser. */
export class Tabs {
  readonly pages: Page[] = [];

  private constructor(readonly server: Server, readonly phone: Phone) {}

  static async open(tabs: number): Promise<Tabs> {
    const server = await demoOffice(60);
    const phone = new Phone(server.url);
    const made = new Tabs(server, phone);
    try {
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      made.pages.push(phone.page);
      while (made.pages.length < tabs) await made.another();
      return made;
    } catch (error) {
      await made.dispose();
      throw error;
    }
  }

  /** One more tab, unlocked. */
  async another(): Promise<Page> {
    const page = await this.phone.device.context.newPage();
    await page.goto(this.phone.url);
    await page.getByLabel('手机锁码').fill(this.phone.code);
    await page.getByRole('button', { name: '打开' }).click();
    await expect(page.getByRole('navigation')).toBeVisible({ timeout: 30_000 });
    this.pages.push(page);
    return page;
  }

  /** Opens the file of a family in a tab. */
  async file(page: Page, index: number): Promise<void> {
    // A tab in the back paints nothing and cannot be clicked.
    await page.bringToFront();
    await openFile(page, index);
  }

  /** What the server has of this device: every number once, none left out, in one incarnation. */
  expectDense(saves: number): void {
    const { server } = this;
    const device = `device = '${newestDevice(server)}'`;
    const numbers = rows(server, `SELECT seq FROM seq_id WHERE ${device} ORDER BY seq`).map(Number);
    expect(numbers, 'sequence numbers').toEqual(Array.from({ length: saves }, (_, index) => index + 1));
    expect(count(server, `device_seq WHERE ${device}`), 'incarnations').toBe(1);
    expect(incidents(server), 'storage incidents').toEqual([]);
  }

  async dispose(): Promise<void> {
    await this.phone.device.dispose();
    await this.server.dispose();
  }
}

/**
 * Saves a number in a tab that shows a file, and waits until the page says so. It is typed and saved in one breath, in the page: what another
 * tab wrote builds the page anew and takes an open sheet with it.
 */
export async function saveNumber(page: Page, text: string): Promise<void> {
  await page.evaluate(async (text) => {
    const moment = () => new Promise((resolve) => { setTimeout(resolve, 20); });
    const button = (root: Element | undefined | null, name: string) => [...(root?.querySelectorAll('button') ?? [])].find((one) => one.textContent.includes(name));
    const group = () => [...document.querySelectorAll('section.cell-group')].find((one) => one.textContent.includes('联系和住址'));
    const end = Date.now() + 30_000;
    const said = new Set(document.querySelectorAll('.toast'));
    for (let pressed = false; !pressed; await moment()) {
      if (Date.now() > end) throw new Error(`${text}: no sheet to type it into`);
      const sheet = document.querySelector('dialog[open]');
      const box = sheet?.querySelector('input');
      if (!sheet) button(group(), '修改')?.click();
      else if (!box) button(sheet, '其他联系方式')?.click();
      else {
        box.value = text;
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
        button(sheet, '保存')!.click();
        pressed = true;
      }
    }
    while (![...document.querySelectorAll('.toast')].some((toast) => !said.has(toast))) {
      if (Date.now() > end) throw new Error(`${text}: never called saved; the sheet says 「${document.querySelector('dialog[open]')?.textContent ?? 'it is closed'}」, the page shows it: ${document.body.textContent.includes(text)}`);
      await moment();
    }
  }, text);
}

/** All tabs save at once: half of them into one family, the others into families of their own. */
export async function tabsSaveAtOnce(tabs: number, each: number): Promise<void> {
  const chance = new Chance();
  console.log(`seed ${chance.seed}`);
  const open = await Tabs.open(tabs);
  try {
    for (const [tab, page] of open.pages.entries()) await open.file(page, tab % 2 === 0 ? 0 : tab);
    let slowest = 0;
    await Promise.all(open.pages.map(async (page, tab) => {
      for (let n = 0; n < each; n += 1) {
        const begun = Date.now();
        await saveNumber(page, `0570-${3_000_000 + tab * 1_000 + n}`);
        slowest = Math.max(slowest, Date.now() - begun);
        if (chance.below(4) === 0) await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 30); }));
      }
    }));
    const saves = tabs * each;
    const { server } = open;
    await until(() => count(server, "changeset WHERE body LIKE '%0570-3%'") === saves, `all ${saves} saves are at the office`, 120_000);
    open.expectDense(saves);
    for (let tab = 0; tab < tabs; tab += 1) {
      for (let n = 0; n < each; n += 1) expect(count(server, `changeset WHERE body LIKE '%0570-${3_000_000 + tab * 1_000 + n}%'`)).toBe(1);
    }
    expect(slowest, 'the slowest save, ms').toBeLessThan(60_000);
    for (const page of open.pages) {
      await goInside(page, '/outbox');
      await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 30_000 });
    }
    report('F17', { tabs, saves, 'slowest save ms': slowest, holes: 0, doubled: 0, incidents: 0, conflicts: count(server, "record WHERE kind = 'conflict' AND body LIKE '%0570-3%'") });
  } finally {
    await open.dispose();
  }
}
