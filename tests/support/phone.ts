import { expect, type Page, type Request } from '@playwright/test';
import { Device } from './device.ts';
import { goInside } from './go_inside.ts';
import { deviceCode, WORKER } from './office.ts';
import { until, type Server } from './server.ts';

/** Opens the file of a family by its place in the list. The list must be there first: the page before may have links too. */
export async function openFile(page: Page, index: number): Promise<void> {
  await goInside(page, '/recipients');
  await expect(page.getByRole('searchbox')).toBeVisible();
  // The list builds only the rows in sight: for one further down the phone is a tall one for a moment.
  const size = page.viewportSize()!;
  if (index >= 8) await page.setViewportSize({ ...size, height: 400 + index * 120 });
  const there = page.getByRole('button', { name: '开始走访' }).or(page.getByRole('link', { name: '接着填' }));
  await expect(async () => {
    const before = page.url();
    await page.getByRole('list').getByRole('link').nth(index).click({ timeout: 5_000 });
    const opened = await expect(there).toBeVisible({ timeout: 5_000 }).then(() => true, () => false);
    if (opened) return;
    const words = (await page.locator('main').innerText()).slice(0, 80).replaceAll('\n', ' ');
    console.log(`a tap on family ${index} opened nothing: ${before} is now ${page.url()}, which shows 「${words}」`);
    await goInside(page, '/recipients');
    throw new Error('no file was opened');
  }).toPass({ timeout: 60_000 });
  if (index >= 8) await page.setViewportSize(size);
}

/** Changes one field in a part of the open file. */
export async function change(page: Page, part: string, field: string, value: string): Promise<void> {
  const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: part, exact: true }) });
  await group.getByRole('button', { name: '修改' }).click();
  const sheet = page.getByRole('dialog').first();
  await sheet.getByRole('button', { name: field }).first().click();
  const box = sheet.getByRole('textbox');
  const picker = sheet.locator('button[aria-haspopup=dialog]');
  await expect(box.or(picker)).toBeVisible();
  if (await picker.isVisible()) {
    await picker.click();
    await page.getByRole('dialog').last().getByRole('button', { name: value, exact: true }).click();
  } else await box.fill(value);
  await sheet.getByRole('button', { name: /保存|送镇里审核/ }).click();
  await expect(sheet).toBeHidden();
}

/** A village worker's phone: what he sees and presses, by the words on the screen. */
export class Phone {
  readonly device = new Device({ width: 360, height: 800 });
  page!: Page;
  code = '';
  /** Every body that the server answered to a sync, as bytes on the wire after decompression. */
  readonly answers: string[] = [];
  /** What the browser said since its start: errors, and requests that failed. */
  readonly complaints: string[] = [];
  private readonly syncs: Request[] = [];

  constructor(readonly url: string) {}

  /** Starts the browser and opens the app. */
  async start(path = '/'): Promise<void> {
    this.page = await this.device.open();
    this.complaints.length = 0;
    this.page.on('console', (message) => { if (message.type() !== 'log') this.complaints.push(message.text()); });
    this.page.on('pageerror', (error) => this.complaints.push(error.message));
    this.page.on('requestfailed', (request) => this.complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    this.page.on('response', async (response) => {
      if (!response.url().endsWith('/api/v1/sync')) return;
      this.syncs.push(response.request());
      const text = await response.text().catch(() => '');
      this.answers.push(text);
    });
    await this.page.goto(this.url + path);
  }

  /** Enrols with the office's code, logs in once and takes the device code. */
  async enrol(code: string, user: string, password: string): Promise<void> {
    await this.start(`/enrol#${code}`);
    await this.takeCode(code, user, password);
  }

  /** Enrols up to the last button, after which the first sync begins; the app lies in the cache of the service worker whole, so that none of it is fetched later. */
  async enrolUpToTheEnd(user: string, password: string): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('账号').fill(user);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    this.code = (await page.getByTestId('device-code').innerText()).replaceAll(/\s/g, '');
    await page.getByRole('button', { name: '抄好了' }).click();
    await page.getByLabel('手机锁码').fill(this.code);
    await until(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'), 'the app is stored', 60_000);
  }

  /** The page of the enrolment is open with the office's code in it. */
  async takeCode(code: string, user: string, password: string): Promise<void> {
    const { page } = this;
    await expect(page.getByLabel('启用码')).toHaveValue(code);
    await page.getByRole('button', { name: '下一步' }).click();
    await this.loginAndTakeCode(user, password);
    await expect(page.getByRole('heading', { name: '今日' })).toBeVisible();
  }

  /** Logs in where a new device code follows. */
  async loginAndTakeCode(user: string, password: string): Promise<void> {
    const { page } = this;
    await page.getByLabel('账号').fill(user);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await this.confirmCode();
  }

  /** Takes the device code that is shown, types it again, and is inside. */
  async confirmCode(): Promise<void> {
    const { page } = this;
    this.code = (await page.getByTestId('device-code').innerText()).replaceAll(/\s/g, '');
    await page.getByRole('button', { name: '抄好了' }).click();
    await page.getByLabel('手机锁码').fill(this.code);
    await page.getByRole('button', { name: '开始使用' }).click();
    await expect(page.getByRole('navigation')).toBeVisible({ timeout: 30_000 });
  }

  async unlock(): Promise<void> {
    await this.page.getByLabel('手机锁码').fill(this.code);
    await this.page.getByRole('button', { name: '打开' }).click();
    await expect(this.page.getByLabel('手机锁码')).toBeHidden({ timeout: 30_000 });
  }

  /** The service worker holds the whole app, so that it starts without a server. */
  async isReadyForTheVillage(timeout = 60_000): Promise<void> {
    await expect(this.page.getByText(/可以下乡/)).toBeVisible({ timeout });
  }

  /** SIGKILL, a new start on the same profile, unlocked. */
  async killAndReopen(path = '/'): Promise<void> {
    await this.device.kill();
    await this.start(path);
    await this.unlock();
  }

  /** Goes to a page inside the app, as its links do: loading a page anew would lock the phone. */
  async go(path: string): Promise<void> {
    await goInside(this.page, path);
  }

  /** Opens the file of a family by its place in the list. */
  async openFile(index: number): Promise<void> {
    await openFile(this.page, index);
  }

  /** Changes one field in a part of the open file. */
  async change(part: string, field: string, value: string): Promise<void> {
    await change(this.page, part, field, value);
  }

  /** Presses the button for the impatient. */
  async syncNow(): Promise<void> {
    await this.go('/outbox');
    await this.page.getByRole('button', { name: '现在同步' }).click();
  }

  /** The same, for what may end this page: the phone may have heard of it by itself, and the button be gone. */
  async hearOfTheEnd(): Promise<void> {
    await this.syncNow().catch(() => undefined);
  }

  /** How many syncs were answered since the start or `forgetTraffic`, and the bytes of their bodies on the wire, both ways. */
  async traffic(): Promise<{ requests: number; bytes: number }> {
    const sizes = await Promise.all(this.syncs.map((request) => request.sizes()));
    return { requests: sizes.length, bytes: sizes.reduce((sum, size) => sum + size.requestBodySize + size.responseBodySize, 0) };
  }

  forgetTraffic(): void {
    this.syncs.length = 0;
  }

  async tab(name: '今日' | '对象' | '走访' | '帮扶' | '我的'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name }).click();
  }
}

/** The worker's phone, enrolled and filled with his villages. */
export async function workersPhone(server: Server): Promise<Phone> {
  const phone = new Phone(server.url);
  await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
  await phone.isReadyForTheVillage();
  return phone;
}
