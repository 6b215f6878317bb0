import { expect, test, type Page } from '@playwright/test';
import { repetitions, report } from '../support/chance.ts';
import { count } from '../support/database.ts';
import { goInside } from '../support/go_inside.ts';
import { until } from '../support/server.ts';
import { saveNumber, Tabs, tabsSaveAtOnce } from '../support/tabs.ts';

const STUCK_MS = 60_000;

for (const tabs of [2, 5]) {
  test(`F17: ${tabs} tabs save at once`, async () => {
    const each = repetitions(40);
    test.setTimeout(180_000 + tabs * each * 5_000);
    await tabsSaveAtOnce(tabs, each);
  });
}

/** Stops a tab as a phone's browser does in the back, or as a debugger does in the middle of its work. */
async function stop(page: Page, how: 'frozen' | 'paused'): Promise<void> {
  const session = await page.context().newCDPSession(page);
  if (how === 'frozen') {
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return;
  }
  await session.send('Debugger.enable');
  const paused = new Promise<void>((resolve) => { session.once('Debugger.paused', () => resolve()); });
  await session.send('Debugger.pause');
  // Something must run to be paused in.
  void page.evaluate(() => 1).catch(() => undefined);
  await paused;
}

for (const how of ['frozen', 'paused'] as const) {
  test(`F17: the tab that syncs is ${how}`, async () => {
    test.setTimeout(300_000);
    const open = await Tabs.open(2);
    try {
      const [first, second] = open.pages as [Page, Page];
      await open.file(second, 0);
      await second.bringToFront();
      await stop(first, how);
      const begun = Date.now();
      await saveNumber(second, '0570-3999999');
      const saved = Date.now() - begun;
      await goInside(second, '/outbox');
      await second.getByRole('button', { name: '现在同步' }).click();
      const arrived = async (ms: number): Promise<number> => {
        await until(() => count(open.server, "changeset WHERE body LIKE '%0570-3999999%'") === 1, 'the save is at the office', ms).catch(() => undefined);
        return count(open.server, "changeset WHERE body LIKE '%0570-3999999%'");
      };
      const there = await arrived(STUCK_MS + 15_000);
      const waited = Date.now() - begun;
      const words = (await second.locator('main').innerText()).replaceAll('\n', ' ');
      if (!there) await first.close({ runBeforeUnload: false }).catch(() => undefined);
      const later = there ? 1 : await arrived(60_000);
      report(`F17 a ${how} tab`, { 'ms of the save': saved, 'at the office with the tab stopped': there, 'after ms': waited, 'after the tab is closed': later });
      console.log(`the other tab says: ${words}`);
      expect.soft(there, `at the office within ${STUCK_MS} ms while the tab that holds the lock is ${how}`).toBe(1);
    } finally {
      await open.dispose();
    }
  });
}
