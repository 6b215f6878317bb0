import { test } from '@playwright/test';
import { Desk } from './support/desk.ts';
import { Server } from './support/server.ts';

// Each of these must fail: what every other journey leans on hears what a page does against its policy.
test.describe('a page that breaks its policy fails its journey', () => {
  let server: Server;
  test.beforeEach(async () => {
    server = await Server.prepare();
    await server.start();
  });
  test.afterEach(async () => { await server?.dispose(); });

  const BREACHES = {
    'a picture from elsewhere': () => { document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.invalid/a.png' })); },
    'a request elsewhere': () => { void fetch('https://elsewhere.invalid/').catch(() => undefined); },
    'a script in the page': () => { try { document.body.setAttribute('onclick', 'canary()'); } catch { /* Trusted Types */ } },
    'the text of a script': () => { try { document.createElement('script').text = 'canary()'; } catch { /* Trusted Types */ } },
  };
  for (const [what, breach] of Object.entries(BREACHES)) {
    test(what, async ({ browser }) => {
      test.fail();
      const { context, page } = await Desk.open(browser, server.url);
      await page.goto('/login');
      await page.getByLabel('用户名').waitFor();
      const said = page.waitForEvent('console', { timeout: 10_000 }).catch(() => undefined);
      await page.evaluate(breach);
      await said;
      await context.close();
    });
  }
});
