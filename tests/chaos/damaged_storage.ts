import { test } from '@playwright/test';
import { DAMAGES } from '../support/damage.ts';
import { damagedStorage } from '../support/damaged_storage.ts';

test('F8: the storage of a phone is damaged', async () => {
  test.setTimeout(1_200_000);
  // So many families that the database has tables beside its log.
  await damagedStorage(DAMAGES, 4_000);
});
