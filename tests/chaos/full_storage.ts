import { test } from '@playwright/test';
import { repetitions } from '../support/chance.ts';
import { savesIntoFullStorage } from '../support/full_storage.ts';

test('F10: the quota is full', async () => {
  const rounds = repetitions(10);
  test.setTimeout(180_000 + rounds * 300_000);
  await savesIntoFullStorage(rounds);
});
