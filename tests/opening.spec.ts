import { chromium, expect, test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { refuseViolations } from './support/policy.ts';
import { Server } from './support/server.ts';

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 800 }, locale: 'zh-CN' };
const WECHAT = 'Mozilla/5.0 (Linux; Android 12; M2012K11AC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.0.0 '
  + 'Mobile Safari/537.36 XWEB/1260 MMWEBSDK/20240501 MicroMessenger/8.0.50.2700(0x28003250) WeChat/arm64 Language/zh_CN';

test.describe.serial('where the app should not be opened, the page says what to do', () => {
  let server: Server;
  let browser: Browser;
  test.beforeAll(async () => {
    server = await Server.prepare();
    await server.start();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--host-resolver-rules=MAP village.test 127.0.0.1'],
    });
  });
  test.afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });

  async function face(options: BrowserContextOptions = {}, prepare?: (page: Page) => Promise<void>): Promise<Page> {
    const context = await browser.newContext({ ...PHONE, ...options });
    refuseViolations(context);
    const page = await context.newPage();
    await prepare?.(page);
    return page;
  }

  const app = (page: Page) => page.getByRole('textbox').first();

  test('inside WeChat it asks for a browser, and opens all the same when told to', async () => {
    const page = await face({ userAgent: WECHAT, permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${server.url}/enrol#AAAA-BBBB`);
    await expect(page.getByText('请不要在微信里打开双拥回访。')).toBeVisible();
    await expect(app(page)).toBeHidden();
    await expectAccessible(page, 'WeChat');
    await page.getByRole('button', { name: '复制网址' }).click();
    await expect(page.getByRole('button', { name: '已复制，请到浏览器里粘贴' })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/enrol#AAAA-BBBB`);
    await page.getByRole('button', { name: '仍在这里打开' }).click();
    await expect(page.getByLabel('启用码')).toHaveValue('AAAA-BBBB');
    await page.reload();
    await expect(page.getByLabel('启用码')).toBeVisible();
    await page.context().close();
  });

  test('a browser that is too old is told which one to use', async () => {
    const page = await face({}, (each) => each.addInitScript(() => { Reflect.deleteProperty(window, 'CSSLayerBlockRule'); }));
    await page.goto(`${server.url}/enrol`);
    await expect(page.getByText('这个浏览器太旧，打不开双拥回访。')).toBeVisible();
    await expect(page.getByText(server.url)).toBeVisible();
    await expect(app(page)).toBeHidden();
    await page.context().close();
  });

  test('an address without https is not opened', async () => {
    const page = await face();
    await page.goto(`${server.url.replace('127.0.0.1', 'village.test')}/enrol`);
    await expect(page.getByText('要用 https:// 开头的')).toBeVisible();
    await expect(app(page)).toBeHidden();
    await page.context().close();
  });

  test('anywhere else the app opens', async () => {
    const page = await face();
    await page.goto(`${server.url}/enrol`);
    await expect(app(page)).toBeVisible();
    await expect(page.locator('#opening')).toHaveCount(0);
    await page.context().close();
  });
});
