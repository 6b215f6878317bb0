import { test } from '@playwright/test';
import { DAMAGES } from './support/damage.ts';
import { damagedStorage } from './support/damaged_storage.ts';
import { Village } from './support/dead_ends.ts';
import { Desk } from './support/desk.ts';
import { savesIntoFullStorage } from './support/full_storage.ts';
import { killedInMidSave } from './support/killed_browser.ts';
import { tabsSaveAtOnce } from './support/tabs.ts';

// Short versions of what `--project=chaos` runs at length.

test('a browser killed in mid-save keeps what it called saved', async () => { await killedInMidSave(6); });

test('a database that is older than it was, or gone, is noticed before anything is written and said', async () => {
  await damagedStorage(DAMAGES.filter(({ what }) => ['an older copy put back', 'database removed'].includes(what)), 60);
});

test('into a full storage nothing is saved in part, and forms stay', async () => {
  test.setTimeout(240_000);
  await savesIntoFullStorage(1);
});

test('two tabs save at once: no number is left out or used twice', async () => { await tabsSaveAtOnce(2, 3); });

for (const [weather, paths] of [['dead', ['/me', '/attention']], ['portal', ['/outbox', '/needs']]] as const) {
  test(`no office, ${weather}: whatever is pressed comes to an end`, async () => {
    const village = await Village.under(weather);
    try {
      await village.onAPhone([...paths], []);
    } finally {
      await village.dispose();
    }
  });
}

for (const [weather, paths] of [['cut', ['/office/overview', '/office/ledger', '/office/tasks', '/office/privacy', '/handovers']], ['silent', ['/office/import']]] as const) {
  test(`no office, ${weather}: pages at the desk say so`, async ({ browser }) => {
    const village = await Village.under(weather);
    const desk = await Desk.open(browser, village.link.url);
    try {
      await village.opensAtTheDesk(desk, [...paths]);
    } finally {
      await desk.context.close();
      await village.dispose();
    }
  });
}
