import { expect, type Locator, type Page } from '@playwright/test';
import { join } from 'node:path';
import { report } from './chance.ts';
import { demoOffice } from './demo.ts';
import { Desk, FIXTURES } from './desk.ts';
import { goInside } from './go_inside.ts';
import { CLERK, deviceCode, WORKER } from './office.ts';
import { Phone } from './phone.ts';
import { NO_OFFICE_WORDS } from './pages.ts';
import { find, pressable, type Pressable } from './pressable.ts';
import { until, type Server } from './server.ts';
import { SlowLink, type Weather } from './slow_link.ts';

/** After so long nothing may still be at work: a step without progress is given up after 30 s. */
const ENDLESS_MS = 45_000;
const OUT_OF_REACH = /连不上|没有信号/;
/** A page that is at rest shows what can be pressed; what is not there then is late. */
const LATE_MS = 5_000;
/** A tab, a sheet that it opens, and a button in that. */
const STEPS_MAX = 3;
const AT_WORK = '[aria-busy="true"], .loading';

/** Waits until the page has been the same for a moment: a sheet opens, and work begins, shortly after a press. */
async function isAtRest(page: Page): Promise<void> {
  let before = '';
  let same = 0;
  await until(async () => {
    const now = await page.evaluate(() => document.body.innerHTML).catch(() => '');
    same = now === before ? same + 1 : 0;
    before = now;
    return same === 4;
  }, 'the page is at rest', 5_000).catch(() => undefined);
}

/** A place without an office: what is pressed there, and what came of it. */
export class Village {
  private readonly tally = { presses: 0, 'in sheets and behind tabs': 0, 'pages that say it': 0, endless: 0, 'could not be pressed': 0, 'left alone': 0, 'errors of the page': 0 };

  private constructor(readonly server: Server, readonly link: SlowLink, readonly weather: Weather) {}

  static async under(weather: Weather): Promise<Village> {
    const server = await demoOffice(60);
    return new Village(server, await SlowLink.before(server.port), weather);
  }

  async dispose(): Promise<void> {
    report(`F13 ${this.weather}`, this.tally);
    await this.link.dispose();
    await this.server.dispose();
  }

  private atWork(page: Page): Locator {
    return page.locator(AT_WORK).filter({ visible: true });
  }

  /** Waits until nothing on the page is at work; whether it came to that. */
  private async settles(page: Page, what: string): Promise<boolean> {
    const busy = this.atWork(page);
    const ends = await until(async () => (await busy.count()) === 0, what, ENDLESS_MS).then(() => true, () => false);
    if (!ends) this.tally.endless += 1;
    const words = ends ? [] : await busy.evaluateAll((all) => all.map((one) => one.outerHTML.slice(0, 200)));
    console.log(`${ends ? 'ends' : 'NEVER ENDS'}: ${this.weather}: ${what} ${words.join(' ')}`);
    expect.soft(ends, `${this.weather}: ${what}: still at work after ${ENDLESS_MS} ms`).toBe(true);
    return ends;
  }

  /** Presses a button that needs the office and expects to be told that it is out of reach; on a slow line it is not. */
  private async saysSo(page: Page, button: Locator, what: string): Promise<void> {
    this.tally.presses += 1;
    await button.click();
    if (!(await this.settles(page, what)) || this.weather === 'slow') return;
    await expect.soft(page.getByText(OUT_OF_REACH).first(), `${this.weather}: ${what}: words`).toBeVisible();
  }

  /** What only the office can fill says that it cannot be filled. */
  private async pageSaysSo(page: Page, path: string, who: string): Promise<void> {
    if (this.weather === 'slow' || !NO_OFFICE_WORDS.includes(path)) return;
    await expect.soft(page.getByRole('main').getByText(OUT_OF_REACH).first(), `${this.weather}: ${who} ${path}: words`).toBeVisible();
    this.tally['pages that say it'] += 1;
  }

  /** The page as it is when it is opened: built anew, and at rest, or a press would fall on what is about to go. */
  private async opens(page: Page, path: string): Promise<void> {
    for (const to of [path === '/me' ? '/' : '/me', path]) {
      await goInside(page, to);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await isAtRest(page);
    }
  }

  /**
   * Presses every button of a page, each on the page as it is when it is opened, and then those that it brought up: in a sheet, or behind a
   * tab. What destroys is left alone.
   */
  private async pressAll(page: Page, path: string, who: string): Promise<void> {
    await this.opens(page, path);
    if (!(await this.settles(page, `${who} ${path}`))) return;
    await this.pageSaysSo(page, path, who);
    const seen = new Set<string>();
    const queue: Pressable[][] = [];
    const learn = async (before: Pressable[]): Promise<void> => {
      for (const one of await pressable(page)) {
        if (seen.has(one.key)) continue;
        seen.add(one.key);
        if (one.destroys) this.tally['left alone'] += 1;
        else queue.push([...before, one]);
      }
    };
    await learn([]);
    for (let steps = queue.shift(); steps; steps = queue.shift()) {
      await this.opens(page, path);
      const what = `${who} ${path} ${steps.map(({ key }) => `「${key}」`).join(' ')}`;
      if (!(await this.press(page, steps))) {
        this.tally['could not be pressed'] += 1;
        console.log(`NOT PRESSED: ${this.weather}: ${what}`);
        continue;
      }
      this.tally.presses += 1;
      this.tally['in sheets and behind tabs'] += Number(steps.length > 1);
      await this.settles(page, what);
      const isHere = new URL(page.url()).pathname === new URL(path, page.url()).pathname;
      if (isHere && steps.length < STEPS_MAX) await learn(steps);
      for (let level = 0; level < STEPS_MAX && (await page.locator('dialog[open]').count()) > 0; level += 1) await page.keyboard.press('Escape');
    }
  }

  /** Presses one after the other; whether each was there. */
  private async press(page: Page, steps: Pressable[]): Promise<boolean> {
    for (const step of steps) {
      // What asks the office when it is opened has nothing to press until it gives up.
      await until(async () => (await this.atWork(page).count()) === 0, step.key, ENDLESS_MS).catch(() => undefined);
      const there = await until(async () => (await find(page, step)) !== undefined, step.key, LATE_MS).then(() => true, () => false);
      const button = there ? await find(page, step) : undefined;
      if (!button) return false;
      const pressed = await button.click({ timeout: 5_000 }).then(() => true, () => false);
      if (!pressed) return false;
      await isAtRest(page);
    }
    return true;
  }

  private listens(page: Page): void {
    page.on('pageerror', (error) => {
      this.tally['errors of the page'] += 1;
      console.log(`ERROR: ${this.weather}: ${page.url()}: ${error.message}`);
    });
  }

  private expectNoErrors(): void {
    expect.soft(this.tally['errors of the page'], `${this.weather}: errors of the page`).toBe(0);
  }

  /** The enrolment and the first login of a new phone. */
  async atTheDoor(): Promise<void> {
    const { link, server, weather } = this;
    await link.become('open');
    const phone = new Phone(link.url);
    const code = deviceCode(server, WORKER.user);
    try {
      await phone.start(`/enrol#${code}`);
      const { page } = phone;
      const next = page.getByRole('button', { name: '下一步' });
      await expect(next).toBeVisible();
      await link.become(weather);
      await this.saysSo(page, next, 'enrolment 「下一步」');
      await link.become('open');
      if (weather !== 'slow') {
        await until(() => next.isEnabled(), 'the button is free', 5_000).catch(() => page.reload());
        await next.click();
      }
      await page.getByLabel('账号').fill(WORKER.user);
      await page.getByLabel('密码').fill(WORKER.password);
      await link.become(weather);
      await this.saysSo(page, page.getByRole('button', { name: '登录' }), 'enrolment 「登录」');
    } finally {
      await phone.device.dispose();
    }
  }

  /** A worker's phone: these pages, what else is named, and the forgotten code. */
  async onAPhone(paths: string[], more: ('file' | 'form')[]): Promise<void> {
    const { link, server, weather } = this;
    await link.become('open');
    const phone = new Phone(link.url);
    try {
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      const { page } = phone;
      this.listens(page);
      await phone.openFile(1);
      await page.getByRole('button', { name: '开始走访' }).click();
      await expect(page.getByRole('button', { name: '完成走访' })).toBeVisible();
      const form = new URL(page.url()).pathname;
      await phone.openFile(0);
      const file = new URL(page.url()).pathname;
      await link.become(weather);
      expect(await page.evaluate(() => navigator.onLine), 'the browser believes to be online').toBe(true);
      await phone.change('联系和住址', '其他联系方式', '0570-7000001');
      await phone.go('/outbox');
      await this.saysSo(page, page.getByRole('button', { name: '现在同步' }), '/outbox 「现在同步」');
      if (weather !== 'slow') await expect(page.getByTestId('on-phone').getByRole('definition')).toHaveText('1');
      const opened = more.map((one) => ({ file, form })[one]);
      for (const path of [...paths, ...opened]) await this.pressAll(page, path, 'phone');
      await phone.killAndReopen();
      await page.close().catch(() => undefined);
      await phone.page.reload();
      await phone.page.getByRole('button', { name: '忘了锁码' }).click();
      await phone.page.getByLabel('账号').fill(WORKER.user);
      await phone.page.getByLabel('密码').fill(WORKER.password);
      await this.saysSo(phone.page, phone.page.getByRole('button', { name: '登录' }), 'forgotten code 「登录」');
      this.expectNoErrors();
    } finally {
      await phone.device.dispose();
    }
  }

  /** Waits until the desk has its families; the path of one of them. */
  private async isFilled(page: Page): Promise<string> {
    await goInside(page, '/recipients');
    const family = page.getByRole('main').locator('a[href^="/recipients/"]').first();
    await expect(family).toBeVisible({ timeout: 60_000 });
    return (await family.getAttribute('href'))!;
  }

  /** A clerk's desk: its login, these pages, a file, and a list that is chosen. */
  async atTheDesk(desk: Desk, paths: string[]): Promise<void> {
    const { link, weather } = this;
    await link.become('open');
    const { page } = desk;
    page.setDefaultTimeout(30_000);
    this.listens(page);
    await page.goto('/login');
    await page.getByLabel('用户名').fill(CLERK.user);
    await page.getByLabel('密码').fill(CLERK.password);
    await link.become(weather);
    await this.saysSo(page, page.getByRole('button', { name: '登录' }), 'desk 「登录」');
    await link.become('open');
    if (weather !== 'slow') await desk.login(CLERK.user, CLERK.password);
    const file = await this.isFilled(page);
    await link.become(weather);
    for (const path of [...paths, file]) await this.pressAll(page, path, 'desk');
    await this.choosesList(desk);
    this.expectNoErrors();
  }

  /** A clerk's desk: these pages are opened and nothing is pressed, and a list is chosen. */
  async opensAtTheDesk(desk: Desk, paths: string[]): Promise<void> {
    await this.link.become('open');
    const { page } = desk;
    this.listens(page);
    await desk.login(CLERK.user, CLERK.password);
    await this.isFilled(page);
    await this.link.become(this.weather);
    for (const path of paths) {
      await this.opens(page, path);
      if (await this.settles(page, `desk ${path}`)) await this.pageSaysSo(page, path, 'desk');
    }
    await this.choosesList(desk);
    this.expectNoErrors();
  }

  /** The desk of another role: these pages. */
  async atAnotherDesk(desk: Desk, role: string, paths: string[]): Promise<void> {
    const { link, server, weather } = this;
    const password = 'cold-stone-orchard-23';
    server.must('account', 'add', role, '--role', role, '--scope', '339999', '--password', password);
    await link.become('open');
    const { page } = desk;
    this.listens(page);
    await desk.loginWithFactor(role, password);
    await expect(page.getByRole('navigation')).toBeVisible({ timeout: 30_000 });
    await link.become(weather);
    for (const path of paths) await this.pressAll(page, path, role);
    this.expectNoErrors();
  }

  /** A list is chosen where the office does not answer. Sending one may take minutes on a slow line, so that it can be cancelled instead. */
  private async choosesList(desk: Desk): Promise<void> {
    const { page } = desk;
    const { weather } = this;
    await goInside(page, '/office/import');
    const field = page.locator('input[type=file]');
    await expect(field).toBeAttached();
    await desk.chooseFile(join(FIXTURES, 'township-list.xlsx'));
    if (weather === 'silent' || weather === 'slow') {
      await page.getByRole('button', { name: '取消' }).click();
      await expect(field).toBeAttached();
      return;
    }
    await this.settles(page, 'desk, a list is chosen');
    await expect.soft(page.getByText('档案没有改动'), `${weather}: a list is chosen, words`).toBeVisible();
    await expect.soft(page.getByText(OUT_OF_REACH).first(), `${weather}: a list is chosen, why`).toBeVisible();
  }
}
