import { test } from '@playwright/test';
import { repetitions } from '../support/chance.ts';
import { killedInMidSave } from '../support/killed_browser.ts';

test('F7: the browser dies in mid-save', async () => {
  const kills = repetitions(200);
  test.setTimeout(120_000 + kills * 30_000);
  await killedInMidSave(kills);
});
